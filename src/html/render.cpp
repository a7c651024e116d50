// Puts values into a checked template. Compiled once; the templates only pass it a table and their values.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sallyport/html.hpp>

#include "html/escape.hpp"

namespace sallyport::detail {
namespace {

constexpr std::size_t number_size = 20;  // digits of the largest 64-bit integer

/// What the value takes up if nothing in it needs escaping.
std::size_t expected_size(const SlotValue& value) noexcept {
  switch (value.kind) {
    case SlotValue::Kind::text:
      return value.text().size();
    case SlotValue::Kind::fragments: {
      const auto* html = static_cast<const Html*>(value.data);
      std::size_t size = 0;
      for (std::size_t i = 0; i < value.number; ++i) size += html[i].size();
      return size;
    }
    case SlotValue::Kind::negative:
    case SlotValue::Kind::number:
      return number_size + 1;
    case SlotValue::Kind::flag:
      return 0;
  }
  return 0;
}

void append_value(std::string& out, const SlotValue& value) {
  switch (value.kind) {
    case SlotValue::Kind::text:
      markup::append_escaped(out, value.text());
      break;
    case SlotValue::Kind::fragments: {
      const auto* html = static_cast<const Html*>(value.data);
      for (std::size_t i = 0; i < value.number; ++i) out += html[i].view();
      break;
    }
    case SlotValue::Kind::negative:
      out += '-';
      [[fallthrough]];
    case SlotValue::Kind::number: {
      char digits[number_size];
      out.append(digits, std::to_chars(digits, digits + number_size, value.number).ptr);
      break;
    }
    case SlotValue::Kind::flag:
      break;
  }
}

}  // namespace

Html HtmlMaker::render(const CheckedTemplate& checked, std::initializer_list<SlotValue> values) {
  std::size_t size = checked.text().size();
  for (const SlotValue& value : values) size += expected_size(value);

  Html html;
  std::string& out = html.text_;
  out.reserve(size);
  std::size_t done = 0;
  const Slot* slot = checked.slots();
  for (const SlotValue& value : values) {
    out.append(checked.text(), done, slot->offset - done);
    done = slot->offset;
    if (value.kind == SlotValue::Kind::flag && value.number == 0) done += slot->flag_length;
    append_value(out, value);
    ++slot;
  }
  out.append(checked.text(), done);
  return html;
}

}  // namespace sallyport::detail
