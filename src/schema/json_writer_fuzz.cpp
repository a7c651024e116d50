// Any text written as JSON: another parser reads back the same text, and nothing in it could be markup.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include <simdjson.h>

#include <sallyport/json.hpp>

#include "base/utf8.hpp"

namespace {

// The slow twin: code point by code point.
std::string replaced(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto next = sallyport::base::first_code_point(text);
    out.append(next.valid ? text.substr(0, next.length) : "\xEF\xBF\xBD");
    text.remove_prefix(next.length);
  }
  return out;
}

struct Written {
  std::string text;
  double real;
  std::int64_t whole;
};

}  // namespace

template <>
struct sallyport::view<Written> {
  using show = fields<&Written::text, &Written::real, &Written::whole>;
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Written value{{reinterpret_cast<const char*>(data), size}, 0, 0};
  if (size >= 8) {
    std::memcpy(&value.real, data, 8);
    std::memcpy(&value.whole, data, 8);
  }
  std::string json;
  sallyport::to_json(json, value);
  if (json.find_first_of("<>&") != std::string::npos) std::abort();
  if (json.find("\xE2\x80\xA8") != std::string::npos || json.find("\xE2\x80\xA9") != std::string::npos) std::abort();

  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json).get(root) != simdjson::SUCCESS) std::abort();
  if (std::string_view(root["text"]) != replaced(value.text)) std::abort();
  if (std::int64_t(root["whole"]) != value.whole) std::abort();
  if (root["real"].is_null()) {
    if (value.real - value.real == 0) std::abort();  // a finite number was dropped
  } else if (double(root["real"]) != value.real) {
    std::abort();
  }
  return 0;
}
