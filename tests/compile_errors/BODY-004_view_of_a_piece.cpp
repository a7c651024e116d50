// code: BODY-004
// cases: 2
// What is made of a piece of a body owns its bytes.
#include <sallyport/sallyport.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sp = sallyport;
using namespace sallyport::literals;

sp::Task<sp::NoContent> import(sp::BodyStream<1_MiB> body) {
  std::vector<std::string> kept;
  std::size_t lines = 0;
  while (const auto piece = co_await body.next()) {
    kept.push_back(piece->text());
    lines += piece->read(
        [](std::string_view text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); });
#if CASE == 1
    std::vector<std::string_view> views;
    views.push_back(piece->read([](std::string_view text) { return text; }));
#elif CASE == 2
    const char* first = piece->read([](std::string_view text) { return text.data(); });
    lines += static_cast<std::size_t>(*first);
#endif
  }
  co_return sp::NoContent{};
}
