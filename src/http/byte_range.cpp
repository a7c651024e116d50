// Byte ranges, read strictly and without overflow.
#include "http/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/character_class.hpp"

namespace sallyport::http {
namespace {

/// 1*DIGIT; what is beyond any length is the largest number.
std::optional<std::uint64_t> read_position(std::string_view text) noexcept {
  if (text.empty() || !std::ranges::all_of(text, base::is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

ByteRange read_byte_range(std::string_view field, std::uint64_t length) noexcept {
  constexpr std::string_view unit = "bytes=";
  constexpr ByteRange whole{};
  constexpr ByteRange unsatisfiable{ByteRange::Kind::unsatisfiable};
  if (length == 0 || !base::equal_ignoring_case(field.substr(0, unit.size()), unit)) return whole;
  field.remove_prefix(unit.size());
  const std::size_t dash = field.find('-');
  if (dash == field.npos) return whole;
  const std::string_view from = field.substr(0, dash);
  const std::string_view to = field.substr(dash + 1);

  if (from.empty()) {  // suffix-range: the last so many
    const auto size = read_position(to);
    if (!size) return whole;
    if (*size == 0) return unsatisfiable;
    return {ByteRange::Kind::partial, length - std::min(*size, length), length - 1};
  }
  const auto first = read_position(from);
  const auto last = to.empty() ? std::numeric_limits<std::uint64_t>::max() : read_position(to);
  if (!first || !last || *first > *last) return whole;
  if (*first >= length) return unsatisfiable;
  return {ByteRange::Kind::partial, *first, std::min(*last, length - 1)};
}

std::string_view content_range(const ByteRange& range, std::uint64_t length,
                               std::span<char, max_content_range_size> out) noexcept {
  if (range.kind == ByteRange::Kind::whole) return {};
  char* at = out.data();
  char* const end = at + out.size();
  const auto text = [&](std::string_view s) { at += s.copy(at, s.size()); };
  const auto number = [&](std::uint64_t value) { at = std::to_chars(at, end, value).ptr; };
  text("bytes ");
  if (range.kind == ByteRange::Kind::partial) {
    number(range.first);
    text("-");
    number(range.last);
  } else {
    text("*");
  }
  text("/");
  number(length);
  return {out.data(), static_cast<std::size_t>(at - out.data())};
}

}  // namespace sallyport::http
