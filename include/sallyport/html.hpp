// HTML that can't be broken out of: templates checked while compiling, values escaped for their place.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sallyport/detail/build_record.hpp>
#include <sallyport/detail/html_template.hpp>
#include <sallyport/detail/slot_value.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/url.hpp>

namespace sallyport {

namespace detail {
struct HtmlMaker;
}

/// A finished fragment of HTML. There is no way to make one from text: fragments come from `html<"…">` (and the
/// sanitizer), so that a fragment may be put anywhere a fragment is taken. Default-constructed it is empty, which is
/// how a part is left out.
class Html {
 public:
  Html() = default;

  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  Html(const Text&) = delete;  // NOLINT; TPL-024: text is not HTML: put it into a slot, html<"<p>{}</p>">(text)

  std::string_view view() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  std::size_t size() const noexcept { return text_.size(); }

  /// Adds a fragment behind this one.
  Html& append(const Html& next) {
    text_ += next.text_;
    return *this;
  }
  Html& operator+=(const Html& next) { return append(next); }

  /// The bytes, taken out of the fragment.
  std::string take() && noexcept { return std::move(text_); }

  friend bool operator==(const Html& a, const Html& b) noexcept { return a.text_ == b.text_; }

 private:
  friend struct detail::HtmlMaker;

  std::string text_;
};

namespace detail {

/// The compiled part of `html`.
struct HtmlMaker {
  static Html render(const CheckedTemplate& checked, std::initializer_list<SlotValue> values);
};

/// Some Html objects in a row: `std::vector<Html>`, `std::span<const Html>`, `std::array<Html, N>`.
template <class T>
concept HtmlList = requires(const T& list) {
  { list.data() } -> std::convertible_to<const Html*>;
  { list.size() } -> std::convertible_to<std::size_t>;
};
template <class T>
concept HtmlValue = std::same_as<T, Html> || std::same_as<T, std::optional<Html>> || HtmlList<T>;

inline SlotValue fragments(const Html* first, std::size_t count) noexcept {
  return {SlotValue::Kind::fragments, first, count};
}

template <class T, class... Allowed>
concept one_of = (std::same_as<T, Allowed> || ...);

/// What each kind of slot takes.
template <SlotKind Kind, class T>
consteval bool takes() {
  if (SecretValue<T>) return false;
  switch (Kind) {
    case SlotKind::content:
      return HtmlValue<T> || TextValue<T>;
    case SlotKind::html_only:
      return HtmlValue<T>;
    case SlotKind::text_only:
    case SlotKind::attribute:
      return !HtmlValue<T> && TextValue<T>;
    case SlotKind::flag:
      return std::same_as<T, bool>;
    case SlotKind::href:
      return one_of<T, Url, LocalUrl, LocalPath>;
    case SlotKind::image:
      return one_of<T, ImgUrl, LocalUrl, LocalPath>;
    case SlotKind::action:
      return one_of<T, LocalUrl, LocalPath>;
  }
  return false;
}

/// What is wrong with a call of `html`: with its template (as `TemplateFault` has it), with the number of values, or with one of them.
enum class HtmlFault : unsigned char {
  none = 0,
  count = 64,
  secret,
  link,
  source,
  action,
  flag,
  fragments_only,
  fragment_place,
  no_text,
};

template <SlotKind Kind, class T>
consteval HtmlFault value_fault() {
  if (SecretValue<T>) return HtmlFault::secret;
  if (takes<Kind, T>()) return HtmlFault::none;
  switch (Kind) {
    case SlotKind::href:
      return HtmlFault::link;
    case SlotKind::image:
      return HtmlFault::source;
    case SlotKind::action:
      return HtmlFault::action;
    case SlotKind::flag:
      return HtmlFault::flag;
    case SlotKind::html_only:
      return HtmlFault::fragments_only;
    case SlotKind::content:
    case SlotKind::text_only:
    case SlotKind::attribute:
      break;
  }
  return HtmlValue<T> ? HtmlFault::fragment_place : HtmlFault::no_text;
}

template <FixedString Source, class... Values>
consteval HtmlFault find_html_fault() {
  using Template = HtmlTemplate<Source>;
  if constexpr (Template::parsed.fault != TemplateFault::none) {
    return static_cast<HtmlFault>(Template::parsed.fault);
  } else if constexpr (Template::parsed.slot_count != sizeof...(Values)) {
    return HtmlFault::count;
  } else {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      HtmlFault fault = HtmlFault::none;
      ((fault = fault == HtmlFault::none ? value_fault<Template::slots[I].kind, Values>() : fault), ...);
      return fault;
    }(std::make_index_sequence<sizeof...(Values)>{});
  }
}
template <FixedString Source, class... Values>
inline constexpr HtmlFault html_fault = find_html_fault<Source, Values...>();

template <SlotKind Kind, class T>
auto hold(const T& value) {
  if constexpr (Kind == SlotKind::flag) {
    return SlotValue::of_flag(value);
  } else if constexpr (std::same_as<T, Html>) {
    return fragments(&value, 1);
  } else if constexpr (std::same_as<T, std::optional<Html>>) {
    return fragments(value ? &*value : nullptr, value ? 1 : 0);
  } else if constexpr (HtmlValue<T>) {
    return fragments(value.data(), value.size());
  } else {
    return hold_text(value);
  }
}

}  // namespace detail

/// A fragment from a template that is checked while compiling, with one value for each `{}`.
///
///     html<"<li class=\"note\"><a href=\"{}\">{}</a></li>">(local_url<"/notes/{}">(note.id), note.title)
///
/// The place of a slot decides what it takes and how it is escaped:
///
/// - between tags: text (strings, integers, types with `view()` or `text()`), escaped; or fragments (`Html`,
///   `std::optional<Html>`, a vector or span of `Html`), inserted as they are;
/// - in an attribute: text, escaped;
/// - the whole of `href`: `Url`, `LocalUrl`, `LocalPath`; of `src`: `ImgUrl` or local; of `action`: local;
/// - the whole of a flag, `checked="{}"`: a `bool` that keeps or drops the attribute.
///
/// Bytes that are not UTF-8 and control characters (except tab, newline and carriage return) become U+FFFD. `{{` and
/// `}}` write braces. A newline is put behind `<textarea>` and `<pre>` before a slot, so that the value's own first
/// newline is kept. The language is a strict subset of HTML: see `html_grammar.hpp` for elements and attributes. How
/// elements nest is checked within one template; a fragment is always closed in itself.
template <detail::FixedString Source, class... Values>
  requires(detail::html_fault<Source, Values...> == detail::HtmlFault::none)
[[nodiscard]] Html html(const Values&... values) {  // TPL-025: the template is a literal: html<"<p>{}</p>">(value)
  using Template = detail::HtmlTemplate<Source>;
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return detail::HtmlMaker::render(Template::checked(),
                                     {detail::erase(detail::hold<Template::slots[I].kind>(values))...});
  }(std::make_index_sequence<sizeof...(Values)>{});
}

// Overloads that say what is wrong: they are chosen by the fault, and can't be called. `NotAllowed` is what the template has at the
// place of the fault.
#define SALLYPORT_FAULT(FAULT, ADVICE)                                                                 \
  template <detail::FixedString Source, class... Values, auto NotAllowed = detail::fault_text<Source>> \
    requires(detail::html_fault<Source, Values...> == (FAULT))                                         \
  __attribute__((unavailable(ADVICE))) Html html(const Values&...);
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::name),
                "TPL-001: write element and attribute names as lower-case letters; a name can't come from a slot")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::element),
                "TPL-002: this element is not on the allow-list: build the page from the elements in html_grammar.hpp; "
                "scripts and style sheets are named in the Page")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::attribute),
                "TPL-003: this attribute is not on the allow-list of this element: event handlers belong into a script "
                "file, styles into a style sheet (use class or data-*)")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::comment),
                "TPL-004: no comments, doctypes or processing instructions: comment in the C++ source instead")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::quotes),
                "TPL-005: put each value in double quotes right after the name (name=\"value\"); only flags such as "
                "checked go without a value, or take the whole slot: checked=\"{}\"")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::tag),
                "TPL-006: malformed tag: exactly one space before each attribute, nothing before '>', no '/>'")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::url_part),
                "TPL-009: a slot must be the whole of an address: build it with local_url<\"/notes/{}/edit\">(id)")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::balance),
                "TPL-010: close every element, innermost first: a template may not end its surroundings' elements")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::literal_only),
                "TPL-013: this attribute takes literal text only: write one template for each case")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::literal_value),
                "TPL-014: this value is not allowed in this attribute: links are https:, http:, mailto:, /path, ?query "
                "or #fragment, images and form actions are local paths, keywords come from a fixed list")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::brace),
                "TPL-015: {} is a slot; write {{ and }} for braces that should be shown")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::character),
                "TPL-016: write &amp; for '&', &lt; and &gt; for '<' and '>' in values, and no control characters")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::repeated),
                "TPL-017: this tag has the attribute already: write it once")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::id_prefix),
                "TPL-018: begin an id with literal text that ends in '-' (id=\"note-{}\"): else a value could take "
                "over a name that scripts rely on")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::place),
                "TPL-019: this element can't stand here (a block in a <p>, a link in a link, a cell outside a row): "
                "the browser would move it or close the element around it")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::text_place),
                "TPL-020: no text directly in this element: the browser would move it out (put it into <li>, <td> …)")
SALLYPORT_FAULT(static_cast<detail::HtmlFault>(detail::TemplateFault::size),
                "TPL-022: at most 64 slots, 32 levels and 24 attributes of one tag: split the template into parts")
SALLYPORT_FAULT(detail::HtmlFault::count, "TPL-008: give one value for each {} of the template, in order")
SALLYPORT_FAULT(detail::HtmlFault::secret, "TPL-012: a Secret can't be shown: it never goes into a page")
SALLYPORT_FAULT(detail::HtmlFault::link,
                "TPL-007: a link takes a Url: local_url<\"/notes/{}\">(id) for this site, Url::parse(text) for a link "
                "that a user gave")
SALLYPORT_FAULT(detail::HtmlFault::source,
                "TPL-007: src takes an address on this site: local_url<\"/avatar/{}\">(id) or ImgUrl::parse(text)")
SALLYPORT_FAULT(detail::HtmlFault::action,
                "TPL-007: a form sends to this site only: local_url<\"/notes/{}\">(id) or a LocalPath")
SALLYPORT_FAULT(detail::HtmlFault::flag, "TPL-021: a flag such as checked=\"{}\" takes a bool")
SALLYPORT_FAULT(detail::HtmlFault::fragments_only,
                "TPL-020: only fragments may stand directly in this element: pass Html or a vector of Html")
SALLYPORT_FAULT(detail::HtmlFault::fragment_place,
                "TPL-023: a fragment can't stand in an attribute, <textarea> or <option>: pass plain text")
SALLYPORT_FAULT(detail::HtmlFault::no_text,
                "TPL-011: this value has no text form: pass a string, an integer, Html, or a type with view() or "
                "text(); a bool or a number with a fraction must be written out first")
#undef SALLYPORT_FAULT

/// The fragments that `make` returns for each element of `range`, one behind the other:
///
///     each(notes, [](const Note& note) { return html<"<li>{}</li>">(note.title); })
template <class Range, class Make>
[[nodiscard]] Html each(const Range& range, Make&& make) {
  Html all;
  for (const auto& element : range) all.append(make(element));
  return all;
}

/// The fragments of a list with `separator` between each two.
template <detail::HtmlList List>
[[nodiscard]] Html join(const List& list, const Html& separator) {
  Html all;
  bool first = true;
  for (const Html& part : list) {
    if (!first) all.append(separator);
    first = false;
    all.append(part);
  }
  return all;
}

}  // namespace sallyport
