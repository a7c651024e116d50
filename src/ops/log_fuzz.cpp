// Any bytes as the strings of a log line: the line is one line, valid JSON, and says what was put in.
#include <simdjson.h>

#include <cstdlib>

#include "ops/json_line.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace sallyport::ops;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const std::string_view first = input.substr(0, size / 2);
  const std::string_view second = input.substr(size / 2);

  JsonLine line{"2026-01-01T00:00:00.000Z", Severity::info, "http_access"};
  line.text("user_agent", first).text("reason", second).text("whole", input).number("bytes", size).text("again", input);
  line.text("user", first).flag("last", true);
  const std::string_view text = line.finish();

  require(text.size() <= JsonLine::max_line);
  require(text.find('\n') == text.size() - 1);
  for (const char c : text.substr(0, text.size() - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= 0x20 && byte != 0x7f);
  }
  static simdjson::dom::parser parser;
  simdjson::dom::object object;
  require(parser.parse(text.data(), text.size()).get(object) == simdjson::SUCCESS);
  require(std::string_view{object["event"]} == "http_access");

  const bool whole = object["truncated"].error() == simdjson::NO_SUCH_FIELD;
  require(object.size() == (whole ? 10U : object.size()));
  if (whole && simdjson::validate_utf8(first.data(), first.size()) &&
      simdjson::validate_utf8(second.data(), second.size())) {
    require(std::string_view{object["user_agent"]} == first);
    require(std::string_view{object["reason"]} == second);
  }
  return 0;
}
