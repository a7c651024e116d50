// code: BODY-004
// cases: 4
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
  std::vector<std::string_view> views;
  std::string all;
  std::size_t lines = 0;
  while (const auto piece = co_await body.next()) {
    kept.push_back(piece->text());
    piece->append_to(all);
    lines += piece->read([](const sp::PieceView& bytes) {
      return bytes.find("\r\n") + static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    });
#if CASE == 1
    views.push_back(piece->read([](std::string_view text) { return text; }));
#elif CASE == 2
    const char* first = piece->read([](const sp::PieceView& bytes) { return bytes.data(); });
    lines += static_cast<std::size_t>(*first);
#elif CASE == 3
    piece->read([&](std::string_view text) { views.push_back(text); });
#elif CASE == 4
    std::vector<sp::PieceView> pieces;
    piece->read([&](const sp::PieceView& bytes) { pieces.push_back(bytes); });
#endif
  }
  co_return sp::NoContent{};
}
