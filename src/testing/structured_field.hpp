// Structured field values (RFC 9651, which includes RFC 8941): read strictly, written canonically.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport::testing {

/// The most members of a list or dictionary that is read or written. RFC 9651 3.1 and 3.2 want 1024.
inline constexpr std::size_t max_structured_members = 1024;
/// The most parameters of an item or list, and the most items of an inner list. RFC 9651 3.1.1 and 3.1.2 want 256.
inline constexpr std::size_t max_structured_parts = 256;

/// Up to twelve digits, a point, up to three (RFC 9651 3.3.2), in thousandths.
struct Decimal {
  std::int64_t thousandths = 0;
  /// To three digits, halves to the even one (RFC 9651 4.1.5); nothing for what has more than twelve before the point.
  [[nodiscard]] static std::optional<Decimal> nearest(double value) noexcept;
  bool operator==(const Decimal&) const = default;
};
struct Token {
  std::string text;
  bool operator==(const Token&) const = default;
};
struct ByteSequence {
  std::string bytes;
  bool operator==(const ByteSequence&) const = default;
};
/// Seconds since the epoch (RFC 9651 3.3.7).
struct StructuredDate {
  std::int64_t seconds = 0;
  bool operator==(const StructuredDate&) const = default;
};
/// Text of any script (RFC 9651 3.3.8).
struct DisplayString {
  std::string utf8;
  bool operator==(const DisplayString&) const = default;
};

/// `std::string` is the String of the RFC: printable ASCII.
using BareItem =
    std::variant<std::int64_t, Decimal, std::string, Token, ByteSequence, bool, StructuredDate, DisplayString>;
/// In order, no key twice.
using Parameters = std::vector<std::pair<std::string, BareItem>>;

struct Item {
  BareItem value;
  Parameters parameters = {};
  bool operator==(const Item&) const = default;
};
struct InnerList {
  std::vector<Item> items;
  Parameters parameters = {};
  bool operator==(const InnerList&) const = default;
};
using Member = std::variant<Item, InnerList>;
using List = std::vector<Member>;
/// In order, no key twice.
using Dictionary = std::vector<std::pair<std::string, Member>>;

/// Read a whole field value; where a field came in several lines, these joined by `", "` (RFC 9651 4.2). Nothing unless every byte is as
/// the grammar has it and nothing exceeds the limits above; of a key that comes twice the last value counts. Base64 without its
/// padding, or with bits that stand for nothing, is refused, as 4.2.7 allows.
[[nodiscard]] std::optional<Item> parse_structured_item(std::string_view text);
[[nodiscard]] std::optional<List> parse_structured_list(std::string_view text);
[[nodiscard]] std::optional<Dictionary> parse_structured_dictionary(std::string_view text);

/// The canonical text (RFC 9651 4.1). Nothing for what has none: a number out of range, a character outside of its type's, a key
/// that is none or comes twice, too many parts. Empty for an empty list or dictionary: the field is then not sent.
[[nodiscard]] std::optional<std::string> serialize(const Item& item);
[[nodiscard]] std::optional<std::string> serialize(const List& list);
[[nodiscard]] std::optional<std::string> serialize(const Dictionary& dictionary);

/// The value of `key` among parameters or members; null when it is not there.
template <class Value>
[[nodiscard]] const Value* find_structured(const std::vector<std::pair<std::string, Value>>& among,
                                           std::string_view key) noexcept {
  for (const auto& [name, value] : among) {
    if (name == key) return &value;
  }
  return nullptr;
}

}  // namespace sallyport::testing
