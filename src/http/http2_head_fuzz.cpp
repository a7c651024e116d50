// Any list of fields: what is accepted has the shape that the rest of the kernel relies on, field for field what was sent.
#include "http/http2_head.hpp"

#include "base/character_class.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace sallyport::http;

void require(bool condition) {
  if (!condition) std::abort();
}

bool clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return !sallyport::base::is_in(sallyport::base::value_class, c); });
}

}  // namespace

// Lines of `name=value`; a value may hold any byte but the line's end, which \x01 stands for. The first byte says whether the request ends
// with its head; an empty line begins the trailers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Http2Head source({.request_line = 200, .total = 1500, .fields = 20});
  if (size == 0) return 0;
  std::string input(reinterpret_cast<const char*>(data + 1), size - 1);
  const bool ended = (data[0] & 1) != 0;

  source.begin();
  std::vector<std::pair<std::string, std::string>> fields;
  std::string_view rest = input;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) break;
    const std::size_t equals = std::min(line.find('='), line.size());
    std::string value(line.substr(std::min(equals + 1, line.size())));
    std::replace(value.begin(), value.end(), '\x01', '\n');
    fields.emplace_back(line.substr(0, equals), value);
    source.add(fields.back().first, fields.back().second);
  }
  const auto head = std::make_unique<RequestHead>();
  const HeadVerdict verdict = source.finish(*head, ended);
  if (verdict.status != 200) {
    require(!verdict.rule.empty());
    require(verdict.status == 0 || (verdict.status >= 400 && verdict.status < 600));
    return 0;
  }

  require(!head->method_text.empty() && !head->host.empty());
  require(head->path == "*" ? head->method == Method::options : head->path.starts_with('/'));
  require(head->has_query || head->query.empty());
  require(ended == (head->framing == BodyFraming::none));
  require(!head->has(KnownHeader::transfer_encoding) && !head->has(KnownHeader::connection));
  require(!head->repeated(KnownHeader::host) && !head->repeated(KnownHeader::cookie));
  require(head->keep_alive && !head->expect_continue);
  const auto sent = [&](std::string_view name) {
    return std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  };
  require(sent(":method") != fields.end() && head->method_text == sent(":method")->second);
  require(sent(":path") != fields.end() && head->target == sent(":path")->second);
  // Nothing has come in that was not a field of its own, and nothing was lost.
  std::size_t expected = 0;
  bool cookie = false;
  for (const auto& [name, value] : fields) {
    require(clean(name) && clean(value));
    if (name.starts_with(':') || name == "host") continue;
    if (name == "cookie") {
      cookie = cookie || !value.empty();
      continue;
    }
    ++expected;
    const auto all = head->fields();
    require(
        std::any_of(all.begin(), all.end(), [&](const HeaderField& f) { return f.name == name && f.value == value; }));
  }
  require(head->fields().size() == expected + 1 + (cookie ? 1 : 0));

  const std::string path(head->path);
  source.begin_trailers();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    source.add(rest.substr(0, end), "x");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  (void)source.finish_trailers();
  require(head->path == path);
  return 0;
}
