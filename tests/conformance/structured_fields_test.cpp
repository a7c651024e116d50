// The HTTP working group's structured field tests: what must parse does, to the value and back to the text that they say.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "testing/structured_field.hpp"

namespace sallyport::testing {
namespace {

using Json = simdjson::dom::element;

std::filesystem::path suite() {
  const char* const named = std::getenv("SALLYPORT_CONFORMANCE");
  const auto root = named != nullptr ? std::filesystem::path(named)
                                     : std::filesystem::path(SALLYPORT_SOURCE_DIR) / "../shared/conformance";
  return root / "structured-fields";
}

// The suite writes bytes in base32 (RFC 4648 6), so that nobody tests base64 with itself.
std::string from_base32(std::string_view text) {
  std::string bytes;
  unsigned value = 0;
  unsigned bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    value = value << 5U | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8) bytes += static_cast<char>(value >> (bits -= 8) & 0xffU);
  }
  return bytes;
}

// Nothing where the value itself is outside of the model.
std::optional<BareItem> bare_item(Json json) {
  if (json.is_bool()) return bool(json);
  if (json.is_int64()) return std::int64_t(json);
  if (json.is_double()) {
    const auto decimal = Decimal::nearest(double(json));
    if (!decimal) return std::nullopt;
    return *decimal;
  }
  if (json.is_string()) return std::string(std::string_view(json));
  const std::string_view type = json["__type"];
  if (type == "date") return StructuredDate{std::int64_t(json["value"])};
  const std::string_view text = json["value"];
  const std::string value(text);
  if (type == "token") return Token{value};
  if (type == "binary") return ByteSequence{from_base32(value)};
  EXPECT_EQ(type, "displaystring");
  return DisplayString{value};
}

std::optional<Parameters> parameters(Json json) {
  Parameters out;
  for (const Json pair : simdjson::dom::array(json)) {
    const auto value = bare_item(pair.at(1));
    if (!value) return std::nullopt;
    out.emplace_back(std::string_view(pair.at(0)), *value);
  }
  return out;
}

std::optional<Item> item(Json json) {
  const auto value = bare_item(json.at(0));
  const auto with = parameters(json.at(1));
  if (!value || !with) return std::nullopt;
  return Item{*value, *with};
}

std::optional<Member> member(Json json) {
  if (!simdjson::dom::element(json.at(0)).is_array()) return item(json);
  InnerList inner;
  for (const Json one : simdjson::dom::array(json.at(0))) inner.items.push_back(item(one).value());
  inner.parameters = parameters(json.at(1)).value();
  return inner;
}

std::optional<List> list(Json json) {
  List out;
  for (const Json one : simdjson::dom::array(json)) out.push_back(member(one).value());
  return out;
}

std::optional<Dictionary> dictionary(Json json) {
  Dictionary out;
  for (const Json pair : simdjson::dom::array(json))
    out.emplace_back(std::string_view(pair.at(0)), member(pair.at(1)).value());
  return out;
}

bool flag(Json test, std::string_view name) {
  bool value = false;
  return test[name].get(value) == simdjson::SUCCESS && value;
}

// Lines of one field are one value (RFC 9651 4.2).
std::optional<std::string> joined(Json test, std::string_view name) {
  simdjson::dom::array lines;
  if (test[name].get(lines) != simdjson::SUCCESS) return std::nullopt;
  std::string text;
  bool first = true;
  for (const Json line : lines) {
    if (!std::exchange(first, false)) text += ", ";
    text += std::string_view(line);
  }
  return text;
}

template <class Value>
void check(Json test, std::optional<Value> (*parse)(std::string_view), std::optional<Value> (*expected)(Json)) {
  const bool must_fail = flag(test, "must_fail");
  const auto raw = joined(test, "raw");
  Json wanted;
  const bool has_value = test["expected"].get(wanted) == simdjson::SUCCESS;
  if (raw) {
    const auto parsed = parse(*raw);
    if (must_fail) {
      EXPECT_FALSE(parsed) << *raw;
      return;
    }
    if (!parsed) {
      EXPECT_TRUE(flag(test, "can_fail")) << *raw;
    } else {
      EXPECT_EQ(parsed, expected(wanted)) << *raw;
    }
  }
  if (!has_value) return;
  const auto value = expected(wanted);
  const auto written = value ? serialize(*value) : std::nullopt;
  if (must_fail) {
    EXPECT_EQ(written, std::nullopt);
  } else {
    EXPECT_EQ(written, joined(test, "canonical").value_or(raw.value_or("no text at all")));
  }
}

TEST(StructuredFieldTests, EveryVector) {
  if (!std::filesystem::is_directory(suite())) {
    GTEST_SKIP() << "no " << suite() << ": set SALLYPORT_CONFORMANCE to the folder that holds structured-fields";
  }
  std::size_t tests = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(suite())) {
    if (file.path().extension() != ".json") continue;
    simdjson::dom::parser parser;
    for (const Json test : simdjson::dom::array(parser.load(file.path().string()))) {
      ++tests;
      SCOPED_TRACE(file.path().filename().string() + ": " + std::string(std::string_view(test["name"])));
      const std::string_view type = test["header_type"];
      if (type == "item") {
        check<Item>(test, parse_structured_item, item);
      } else if (type == "list") {
        check<List>(test, parse_structured_list, list);
      } else {
        ASSERT_EQ(type, "dictionary");
        check<Dictionary>(test, parse_structured_dictionary, dictionary);
      }
    }
  }
  EXPECT_GE(tests, 590U);
}

}  // namespace
}  // namespace sallyport::testing
