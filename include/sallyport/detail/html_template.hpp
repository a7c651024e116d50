// Reads a template while compiling: checks it against the grammar and cuts it into text and slots.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <sallyport/detail/html_grammar.hpp>
#include <sallyport/detail/url_grammar.hpp>
#include <sallyport/fixed_string.hpp>

namespace sallyport::detail {

/// What may stand in a slot, decided by its place.
enum class SlotKind : unsigned char {
  content,    // text or fragments
  text_only,  // text: in <textarea> and <option>
  html_only,  // fragments: where only elements may stand, as in <ul>
  attribute,  // text
  flag,       // a bool that keeps or drops the attribute
  href,
  image,
  action,
};

struct Slot {
  unsigned offset = 0;             // into the text
  unsigned short flag_length = 0;  // of a flag: how much text after `offset` it keeps or drops
  SlotKind kind = SlotKind::content;
};

enum class TemplateFault : unsigned char {
  none,
  name,
  element,
  attribute,
  comment,
  quotes,
  tag,
  url_part,
  balance,
  literal_only,
  literal_value,
  brace,
  character,
  repeated,
  id_prefix,
  place,
  text_place,
  size,
};

inline constexpr std::size_t max_slots = 64;
inline constexpr std::size_t max_depth = 32;
inline constexpr std::size_t max_attributes = 24;

/// A strict reader of the template language: HTML with lower-case names, one space before each attribute, every value
/// in double quotes, elements and attributes from the lists, every element closed in order. The strictness is the
/// protection: there is one way to write a thing, so there is no second way to write a forbidden one.
///
/// Reads `source`, which a NUL must follow; writes the text without slots to `out` (room for the whole source) and the
/// slots to `slots`.
class TemplateReader {
 public:
  constexpr TemplateReader(std::string_view source, char* out, Slot* slots) noexcept
      : in_(source.data()), size_(source.size()), out_(out), slots_(slots) {}

  constexpr bool read() noexcept {
    while (at_ < size_) {
      if (!(peek() == '<' ? read_tag() : read_text())) return false;
    }
    return depth_ == 0 || fail(TemplateFault::balance);
  }

  constexpr TemplateFault fault() const noexcept { return fault_; }
  constexpr std::size_t position() const noexcept { return at_; }
  constexpr std::size_t text_size() const noexcept { return text_size_; }
  constexpr std::size_t slot_count() const noexcept { return slot_count_; }

 private:
  // Plain pointers instead of string_view: compilers count each call against the bound on constants. The source ends
  // in NUL, no rule accepts NUL, and nothing peeks behind a character that it has not accepted.
  constexpr char peek() const noexcept { return in_[at_]; }
  constexpr char peek(std::size_t ahead) const noexcept { return in_[at_ + ahead]; }
  constexpr bool fail(TemplateFault fault) noexcept {
    fault_ = fault;
    return false;
  }
  constexpr void put(char c) noexcept { out_[text_size_++] = c; }
  constexpr void put(std::string_view text) noexcept {
    for (const char c : text) put(c);
  }
  constexpr bool put_slot(SlotKind kind, std::size_t flag_length = 0) noexcept {
    if (slot_count_ == max_slots) return fail(TemplateFault::size);
    slots_[slot_count_++] = {static_cast<unsigned>(text_size_), static_cast<unsigned short>(flag_length), kind};
    return true;
  }

  constexpr bool at_slot() const noexcept { return peek() == '{' && peek(1) == '}'; }

  /// One character of text or of a value, with the checks that hold in both: `{{` and `}}` stand for a brace, `&` begins
  /// a complete character reference.
  constexpr bool read_character() noexcept {
    const char c = peek();
    if (c == '{' || c == '}') {
      if (peek(1) != c) return fail(TemplateFault::brace);
      ++at_;
    } else if (c == '&') {
      std::size_t i = peek(1) == '#' ? 2 : 1;
      const std::size_t first = i;
      while (ascii_letter(peek(i)) || ascii_digit(peek(i))) ++i;
      if (i == first || peek(i) != ';') return fail(TemplateFault::character);
    }
    put(c);
    ++at_;
    return true;
  }

  constexpr bool read_text() noexcept {
    const Element* parent = depth_ > 0 ? open_[depth_ - 1] : nullptr;
    if (at_slot()) {
      // The parser drops a newline here; one of ours keeps the value's own.
      if (just_opened_ && has_word(first_newline_dropped, parent->name)) put('\n');
      SlotKind kind = SlotKind::content;
      if (parent != nullptr && parent->content == Content::text) kind = SlotKind::text_only;
      if (parent != nullptr && parent->content == Content::children) kind = SlotKind::html_only;
      at_ += 2;
      just_opened_ = false;
      return put_slot(kind);
    }
    const char c = peek();
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (parent != nullptr && parent->content == Content::children && !blank) return fail(TemplateFault::text_place);
    if (!blank && is_control(c)) return fail(TemplateFault::character);
    just_opened_ = false;
    if (!read_character()) return false;
    if (parent == nullptr || parent->content != Content::children) {
      while (is_plain(peek())) out_[text_size_++] = in_[at_++];  // most of a template
    }
    return true;
  }

  static constexpr bool is_plain(char c) noexcept { return c == ' ' || ascii_letter(c); }

  static constexpr bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

  /// A name, or nothing if it is not all lower case or runs into a slot.
  constexpr std::string_view read_name() noexcept {
    const std::size_t begin = at_;
    if (!(peek() >= 'a' && peek() <= 'z')) return {};
    while ((peek() >= 'a' && peek() <= 'z') || ascii_digit(peek()) || peek() == '-') ++at_;
    if ((peek() >= 'A' && peek() <= 'Z') || peek() == '{') return {};
    return {in_ + begin, at_ - begin};
  }

  constexpr bool read_tag() noexcept {
    if (peek(1) == '!' || peek(1) == '?') return fail(TemplateFault::comment);
    if (peek(1) == '/') return read_end_tag();
    put('<');
    ++at_;
    const std::string_view name = read_name();
    if (name.empty()) return fail(TemplateFault::name);
    const Element* element = find_element(name);
    if (element == nullptr) return fail(TemplateFault::element);
    if (!may_stand_here(*element)) return fail(TemplateFault::place);
    put(name);

    attribute_count_ = 0;
    while (peek() == ' ') {
      ++at_;
      if (!read_attribute(element->name)) return false;
    }
    if (peek() != '>') return fail(TemplateFault::tag);
    put('>');
    ++at_;
    just_opened_ = element->content != Content::nothing;
    if (!just_opened_) return true;
    if (depth_ == max_depth) return fail(TemplateFault::size);
    open_[depth_++] = element;
    return true;
  }

  constexpr bool read_end_tag() noexcept {
    at_ += 2;
    const std::string_view name = read_name();
    if (name.empty()) return fail(TemplateFault::name);
    if (peek() != '>') return fail(TemplateFault::tag);
    if (depth_ == 0 || open_[depth_ - 1]->name != name) {
      return fail(find_element(name) == nullptr ? TemplateFault::element : TemplateFault::balance);
    }
    --depth_;
    ++at_;
    just_opened_ = false;
    put("</");
    put(name);
    put('>');
    return true;
  }

  constexpr bool may_stand_here(const Element& element) const noexcept {
    if (depth_ == 0) return true;
    const Element& parent = *open_[depth_ - 1];
    if (parent.content == Content::text) return false;
    if (!element.parents.empty() && !has_word(element.parents, parent.name)) return false;
    // The parser looks through a <div> for the <dd> that a new one ends; only a group of a <dl> is safe.
    if (has_word("dd dt", element.name) && parent.name == "div" && depth_ > 1 && open_[depth_ - 2]->name != "dl") {
      return false;
    }
    const bool group_in_dl = parent.name == "dl" && element.name == "div";
    if (parent.content == Content::children && element.parents.empty() && !group_in_dl) return false;
    for (std::size_t i = 0; i < depth_; ++i) {
      if (element.block && open_[i]->content == Content::phrasing) return false;
      if (open_[i] == &element && has_word(never_nested, element.name)) return false;
    }
    return true;
  }

  constexpr bool read_attribute(std::string_view element) noexcept {
    const std::string_view name = read_name();
    if (name.empty())
      return fail(peek() == ' ' || peek() == '>' || peek() == '/' ? TemplateFault::tag : TemplateFault::name);
    const Attribute* attribute = find_attribute(element, name);
    if (attribute == nullptr) return fail(TemplateFault::attribute);
    for (std::size_t i = 0; i < attribute_count_; ++i) {
      if (attribute_names_[i] == name) return fail(TemplateFault::repeated);
    }
    if (attribute_count_ == max_attributes) return fail(TemplateFault::size);
    attribute_names_[attribute_count_++] = name;

    if (attribute->kind == AttributeKind::flag) return read_flag(name);
    put(' ');
    put(name);
    if (peek() != '=' || peek(1) != '"') return fail(TemplateFault::quotes);
    put("=\"");
    at_ += 2;
    if (!read_value(*attribute)) return false;
    put('"');
    ++at_;
    return true;
  }

  /// `checked`, or `checked="{}"` with a bool.
  constexpr bool read_flag(std::string_view name) noexcept {
    if (peek() == '=') {
      constexpr std::string_view slot = "=\"{}\"";
      if (size_ - at_ < slot.size() || std::string_view{in_ + at_, slot.size()} != slot)
        return fail(TemplateFault::quotes);
      if (!put_slot(SlotKind::flag, name.size() + 1)) return false;
      at_ += slot.size();
    }
    put(' ');
    put(name);
    return true;
  }

  /// From behind the opening quote to the closing one.
  constexpr bool read_value(const Attribute& attribute) noexcept {
    const std::size_t begin = at_;
    const std::size_t text_begin = text_size_;
    std::size_t slots = 0;
    while (peek() != '"') {
      if (at_ == size_) return fail(TemplateFault::tag);
      if (at_slot()) {
        if (!read_value_slot(attribute, begin, slots++ == 0)) return false;
        continue;
      }
      const char c = peek();
      if (c == '<' || c == '>' || is_control(c)) return fail(TemplateFault::character);
      if (!read_character()) return false;
    }
    return slots > 0 || literal_value_ok(attribute, {out_ + text_begin, text_size_ - text_begin}) ||
           fail(TemplateFault::literal_value);
  }

  constexpr bool read_value_slot(const Attribute& attribute, std::size_t begin, bool first) noexcept {
    SlotKind kind = SlotKind::attribute;
    switch (attribute.kind) {
      case AttributeKind::text:
        break;
      case AttributeKind::id:
        if (first && (at_ == begin || in_[at_ - 1] != '-')) return fail(TemplateFault::id_prefix);
        break;
      case AttributeKind::literal:
      case AttributeKind::one_of:
      case AttributeKind::words_of:
      case AttributeKind::flag:
        return fail(TemplateFault::literal_only);
      case AttributeKind::href:
        kind = SlotKind::href;
        break;
      case AttributeKind::image:
        kind = SlotKind::image;
        break;
      case AttributeKind::action:
        kind = SlotKind::action;
        break;
    }
    if (kind != SlotKind::attribute && (at_ != begin || peek(2) != '"')) return fail(TemplateFault::url_part);
    at_ += 2;
    return put_slot(kind);
  }

  static constexpr bool literal_value_ok(const Attribute& attribute, std::string_view value) noexcept {
    switch (attribute.kind) {
      case AttributeKind::text:
      case AttributeKind::literal:
      case AttributeKind::flag:
        return true;
      case AttributeKind::id:
        return !value.empty() && value.find(' ') == std::string_view::npos;
      case AttributeKind::one_of:
        return has_word(attribute.values, value);
      case AttributeKind::words_of:
        while (true) {
          const std::size_t end = value.find(' ');
          if (!has_word(attribute.values, value.substr(0, end))) return false;
          if (end == std::string_view::npos) return true;
          value.remove_prefix(end + 1);
        }
      case AttributeKind::href:
        return only_amp_references(value) && url_form(value) != UrlForm::refused;
      case AttributeKind::image:
      case AttributeKind::action:
        return only_amp_references(value) && path_fault(value) == PathFault::none;
    }
    return false;
  }

  /// A character reference in an address could spell what the check of the address does not see. `&amp;` can't.
  static constexpr bool only_amp_references(std::string_view value) noexcept {
    for (std::size_t i = value.find('&'); i != std::string_view::npos; i = value.find('&', i + 1)) {
      if (value.substr(i, 5) != "&amp;") return false;
    }
    return true;
  }

  const char* in_;
  std::size_t size_;
  char* out_;
  Slot* slots_;
  std::size_t at_ = 0;
  std::size_t text_size_ = 0;
  std::size_t slot_count_ = 0;
  std::size_t depth_ = 0;
  std::size_t attribute_count_ = 0;
  const Element* open_[max_depth]{};
  std::string_view attribute_names_[max_attributes]{};
  bool just_opened_ = false;  // the last thing read was the start tag of open_[depth_ - 1]
  TemplateFault fault_ = TemplateFault::none;
};

/// A template that has passed its checks; only `HtmlTemplate` makes one.
class CheckedTemplate {
 public:
  std::string_view text() const noexcept { return text_; }
  const Slot* slots() const noexcept { return slots_; }
  std::size_t slot_count() const noexcept { return slot_count_; }

 private:
  template <FixedString Source>
  friend struct HtmlTemplate;
  constexpr CheckedTemplate(std::string_view text, const Slot* slots, std::size_t slot_count) noexcept
      : text_(text), slots_(slots), slot_count_(slot_count) {}

  std::string_view text_;
  const Slot* slots_;
  std::size_t slot_count_;
};

template <FixedString Source>
struct HtmlTemplate {
  struct Parsed {
    char text[Source.size + 1]{};
    Slot slots[max_slots]{};
    std::size_t text_size = 0;
    std::size_t slot_count = 0;
    std::size_t position = 0;
    TemplateFault fault = TemplateFault::none;
  };
  static consteval Parsed parse() {
    Parsed result;
    TemplateReader reader(Source.view(), result.text, result.slots);
    reader.read();
    result.text_size = reader.text_size();
    result.slot_count = reader.slot_count();
    result.fault = reader.fault();
    result.position = reader.fault() == TemplateFault::none ? 0 : reader.position();
    return result;
  }
  static constexpr Parsed parsed = parse();
  static constexpr bool ok = parsed.fault == TemplateFault::none;

  // What reaches the binary: exactly the text and the slots.
  template <class T, std::size_t N>
  static consteval std::array<T, N> first(const T* from) {
    std::array<T, N> copy{};
    for (std::size_t i = 0; i < N; ++i) copy[i] = from[i];
    return copy;
  }
  static constexpr auto text = first<char, parsed.text_size>(parsed.text);
  static constexpr auto slots = first<Slot, parsed.slot_count>(parsed.slots);
  static constexpr CheckedTemplate checked() noexcept {
    return {{text.data(), text.size()}, slots.data(), slots.size()};
  }
};

// The word at which a template is wrong, an element's or an attribute's name say, for the compiler to print.
template <FixedString Source>
consteval auto find_fault_text() {
  constexpr auto part = [] {
    constexpr auto in_word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == ':';
    };
    constexpr std::string_view source = Source.view();
    std::size_t end = HtmlTemplate<Source>::parsed.position;
    if (end > source.size()) end = source.size();
    while (end < source.size() && in_word(source[end])) ++end;
    std::size_t begin = end;
    while (begin > 0 && in_word(source[begin - 1])) --begin;
    return std::pair(begin, end);
  }();
  char word[part.second - part.first + 1]{};
  for (std::size_t i = part.first; i < part.second; ++i) word[i - part.first] = Source.text[i];
  return FixedString(word);
}
template <FixedString Source>
inline constexpr auto fault_text = find_fault_text<Source>();

}  // namespace sallyport::detail
