// Structured field values: the algorithms of RFC 9651 4, one function each.
#include "testing/structured_field.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/utf8.hpp"
#include "crypto/base64url.hpp"

namespace sallyport::testing {
namespace {

constexpr std::int64_t largest_number = 999'999'999'999'999;  // fifteen digits, of an integer and of thousandths

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_printable(char c) noexcept { return c >= ' ' && c <= '~'; }
constexpr bool begins_key(char c) noexcept { return is_lower(c) || c == '*'; }
constexpr bool is_key(char c) noexcept { return begins_key(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }
constexpr bool begins_token(char c) noexcept { return is_alpha(c) || c == '*'; }
constexpr bool is_token(char c) noexcept {
  return is_alpha(c) || is_digit(c) || std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}
constexpr bool in_range(std::int64_t n) noexcept { return n >= -largest_number && n <= largest_number; }
constexpr std::string_view hex_digits = "0123456789abcdef";

// --- Reading

class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {
    take_while([](char c) { return c == ' '; });
  }

  // Trailing spaces are no part of the value (RFC 9651 4.2, step 6).
  bool at_end() noexcept {
    take_while([](char c) { return c == ' '; });
    return rest_.empty();
  }

  bool item(Item& out) { return bare_item(out.value) && parameters(out.parameters); }

  bool list(List& out) {
    return members([&] { return out.size() < max_structured_members && member(out.emplace_back()); });
  }

  bool dictionary(Dictionary& out) {
    return members([&] {
      std::string name;
      if (!key(name)) return false;
      Member value;
      if (take('=')) {
        if (!member(value)) return false;
      } else {
        Item& present = std::get<Item>(value);
        present.value = true;
        if (!parameters(present.parameters)) return false;
      }
      return put(out, std::move(name), std::move(value), max_structured_members);
    });
  }

 private:
  template <class Is>
  std::string_view take_while(Is is) noexcept {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool take(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void take_white_space() noexcept {
    take_while([](char c) { return c == ' ' || c == '\t'; });
  }

  template <class One>
  bool members(One one) {
    while (!rest_.empty()) {
      if (!one()) return false;
      take_white_space();
      if (rest_.empty()) return true;
      if (!take(',')) return false;
      take_white_space();
      if (rest_.empty()) return false;  // a comma at the end
    }
    return true;
  }

  template <class Value>
  static bool put(std::vector<std::pair<std::string, Value>>& into, std::string name, Value value, std::size_t most) {
    const auto known = std::ranges::find(into, name, &std::pair<std::string, Value>::first);
    if (known != into.end()) {
      known->second = std::move(value);
      return true;
    }
    if (into.size() == most) return false;
    into.emplace_back(std::move(name), std::move(value));
    return true;
  }

  bool member(Member& out) {
    if (!take('(')) return item(std::get<Item>(out));
    auto& inner = out.emplace<InnerList>();
    for (;;) {
      const bool apart = !take_while([](char c) { return c == ' '; }).empty();
      if (take(')')) return parameters(inner.parameters);
      if ((!apart && !inner.items.empty()) || inner.items.size() == max_structured_parts) return false;
      if (!item(inner.items.emplace_back())) return false;
    }
  }

  bool parameters(Parameters& out) {
    while (take(';')) {
      take_while([](char c) { return c == ' '; });
      std::string name;
      BareItem value = true;
      if (!key(name) || (take('=') && !bare_item(value))) return false;
      if (!put(out, std::move(name), std::move(value), max_structured_parts)) return false;
    }
    return true;
  }

  bool key(std::string& out) {
    if (rest_.empty() || !begins_key(rest_[0])) return false;
    out = take_while(is_key);
    return true;
  }

  bool bare_item(BareItem& out) {
    if (rest_.empty()) return false;
    const char first = rest_[0];
    if (first == '-' || is_digit(first)) return number(out);
    if (begins_token(first)) {
      out = Token{std::string(take_while(is_token))};
      return true;
    }
    rest_.remove_prefix(1);
    switch (first) {
      case '"':
        return string(out.emplace<std::string>());
      case ':':
        return byte_sequence(out.emplace<ByteSequence>().bytes);
      case '?':
        out = rest_.starts_with('1');
        return take('1') || take('0');
      case '@': {
        if (!number(out) || !std::holds_alternative<std::int64_t>(out)) return false;
        out = StructuredDate{std::get<std::int64_t>(out)};
        return true;
      }
      case '%':
        return take('"') && display_string(out.emplace<DisplayString>().utf8);
      default:
        return false;
    }
  }

  bool number(BareItem& out) {
    const std::int64_t sign = take('-') ? -1 : 1;
    const std::string_view whole = take_while(is_digit);
    if (whole.empty() || whole.size() > 15) return false;
    std::int64_t value = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (!take('.')) {
      out = sign * value;
      return true;
    }
    const std::string_view fraction = take_while(is_digit);
    if (whole.size() > 12 || fraction.empty() || fraction.size() > 3) return false;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    out = Decimal{sign * value};
    return true;
  }

  bool string(std::string& out) {
    for (;;) {
      out += take_while([](char c) { return is_printable(c) && c != '"' && c != '\\'; });
      if (take('"')) return true;
      if (!take('\\') || !(rest_.starts_with('"') || rest_.starts_with('\\'))) return false;
      out += rest_[0];
      rest_.remove_prefix(1);
    }
  }

  bool byte_sequence(std::string& out) {
    const std::size_t end = rest_.find(':');
    if (end == rest_.npos) return false;
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    out.resize(text.size() / 4 * 3);
    const auto size =
        crypto::decode_base64(text, {reinterpret_cast<unsigned char*>(out.data()), out.size()}, crypto::Base64::padded);
    out.resize(size.value_or(0));
    return size.has_value();
  }

  bool display_string(std::string& out) {
    for (;;) {
      out += take_while([](char c) { return is_printable(c) && c != '"' && c != '%'; });
      if (take('"')) return base::valid_utf8(out);
      if (!take('%') || rest_.size() < 2) return false;
      const std::size_t high = hex_digits.find(rest_[0]);
      const std::size_t low = hex_digits.find(rest_[1]);
      if (high == hex_digits.npos || low == hex_digits.npos) return false;
      out += static_cast<char>(high << 4 | low);
      rest_.remove_prefix(2);
    }
  }

  std::string_view rest_;
};

template <class Value>
std::optional<Value> read(std::string_view text, bool (Reader::*parse)(Value&)) {
  Reader reader(text);
  std::optional<Value> value(std::in_place);
  if (!(reader.*parse)(*value) || !reader.at_end()) value.reset();
  return value;
}

// --- Writing

class Writer {
 public:
  bool item(const Item& item) { return std::visit(*this, item.value) && parameters(item.parameters); }

  bool member(const Member& member) {
    if (const Item* const one = std::get_if<Item>(&member)) return item(*one);
    const InnerList& inner = std::get<InnerList>(member);
    if (inner.items.size() > max_structured_parts) return false;
    text += '(';
    for (const Item& one : inner.items) {
      if (&one != &inner.items.front()) text += ' ';
      if (!item(one)) return false;
    }
    text += ')';
    return parameters(inner.parameters);
  }

  bool key(std::string_view name) {
    text += name;
    return !name.empty() && begins_key(name[0]) && std::ranges::all_of(name, is_key);
  }

  bool parameters(const Parameters& all) {
    if (all.size() > max_structured_parts || any_twice(all)) return false;
    for (const auto& [name, value] : all) {
      text += ';';
      if (!key(name)) return false;
      if (value == BareItem(true)) continue;
      text += '=';
      if (!std::visit(*this, value)) return false;
    }
    return true;
  }

  template <class Value>
  static bool any_twice(const std::vector<std::pair<std::string, Value>>& all) {
    std::vector<std::string_view> names(all.size());
    std::ranges::transform(all, names.begin(), &std::pair<std::string, Value>::first);
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) != names.end();
  }

  // --- Bare items

  bool operator()(std::int64_t value) {
    text += std::to_string(value);
    return in_range(value);
  }
  bool operator()(const Decimal& value) {
    if (!in_range(value.thousandths)) return false;
    const std::int64_t size = value.thousandths < 0 ? -value.thousandths : value.thousandths;
    if (value.thousandths < 0) text += '-';
    text += std::to_string(size / 1000) + '.' + std::to_string(1000 + size % 1000).substr(1);
    while (text.ends_with('0') && text[text.size() - 2] != '.') text.pop_back();
    return true;
  }
  bool operator()(const std::string& value) {
    text += '"';
    for (const char c : value) {
      if (!is_printable(c)) return false;
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
    return true;
  }
  bool operator()(const Token& value) {
    text += value.text;
    return !value.text.empty() && begins_token(value.text[0]) && std::ranges::all_of(value.text, is_token);
  }
  bool operator()(const ByteSequence& value) {
    const crypto::ByteView bytes(reinterpret_cast<const unsigned char*>(value.bytes.data()), value.bytes.size());
    text += ':' + crypto::encode_base64(bytes, crypto::Base64::padded) + ':';
    return true;
  }
  bool operator()(bool value) {
    text += value ? "?1" : "?0";
    return true;
  }
  bool operator()(const StructuredDate& value) {
    text += '@';
    return (*this)(value.seconds);
  }
  bool operator()(const DisplayString& value) {
    if (!base::valid_utf8(value.utf8)) return false;
    text += "%\"";
    for (const char c : value.utf8) {
      if (is_printable(c) && c != '"' && c != '%') {
        text += c;
      } else {
        const auto byte = static_cast<unsigned char>(c);
        text += {'%', hex_digits[byte >> 4U], hex_digits[byte & 15U]};
      }
    }
    text += '"';
    return true;
  }

  std::string text;
};

}  // namespace

std::optional<Decimal> Decimal::nearest(double value) noexcept {
  const double thousandths = std::nearbyint(value * 1000);  // in the default mode: halves to even
  if (!(std::abs(thousandths) <= static_cast<double>(largest_number))) return std::nullopt;
  return Decimal{static_cast<std::int64_t>(thousandths)};
}

std::optional<Item> parse_structured_item(std::string_view text) { return read<Item>(text, &Reader::item); }
std::optional<List> parse_structured_list(std::string_view text) { return read<List>(text, &Reader::list); }
std::optional<Dictionary> parse_structured_dictionary(std::string_view text) {
  return read<Dictionary>(text, &Reader::dictionary);
}

std::optional<std::string> serialize(const Item& item) {
  Writer writer;
  if (!writer.item(item)) return std::nullopt;
  return std::move(writer.text);
}

std::optional<std::string> serialize(const List& list) {
  if (list.size() > max_structured_members) return std::nullopt;
  Writer writer;
  for (const Member& member : list) {
    if (&member != &list.front()) writer.text += ", ";
    if (!writer.member(member)) return std::nullopt;
  }
  return std::move(writer.text);
}

std::optional<std::string> serialize(const Dictionary& dictionary) {
  if (dictionary.size() > max_structured_members || Writer::any_twice(dictionary)) return std::nullopt;
  Writer writer;
  for (const auto& [name, member] : dictionary) {
    if (!writer.text.empty()) writer.text += ", ";
    if (!writer.key(name)) return std::nullopt;
    const Item* const item = std::get_if<Item>(&member);
    if (item && item->value == BareItem(true)) {
      if (!writer.parameters(item->parameters)) return std::nullopt;
      continue;
    }
    writer.text += '=';
    if (!writer.member(member)) return std::nullopt;
  }
  return std::move(writer.text);
}

}  // namespace sallyport::testing
