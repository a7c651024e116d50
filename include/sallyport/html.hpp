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

/// The value, held for its slot, or a compile error that says what the slot takes.
template <SlotKind Kind, class T>
auto hold(const T& value) {
  constexpr bool fits = takes<Kind, T>();
  static_assert(!SecretValue<T>, "TPL-012: a Secret can't be shown: it never goes into a page");
  constexpr bool plain = !SecretValue<T>;  // else the sentence above is enough
  static_assert(fits || !plain || Kind != SlotKind::href,
                "TPL-007: a link takes a Url: local_url<\"/notes/{}\">(id) for this site, Url::parse(text) for a link "
                "that a user gave");
  static_assert(fits || !plain || Kind != SlotKind::image,
                "TPL-007: src takes an address on this site: local_url<\"/avatar/{}\">(id) or ImgUrl::parse(text)");
  static_assert(fits || !plain || Kind != SlotKind::action,
                "TPL-007: a form sends to this site only: local_url<\"/notes/{}\">(id) or a LocalPath");
  static_assert(fits || !plain || Kind != SlotKind::flag, "TPL-021: a flag such as checked=\"{}\" takes a bool");
  static_assert(fits || !plain || Kind != SlotKind::html_only,
                "TPL-020: only fragments may stand directly in this element: pass Html or a vector of Html");
  constexpr bool text_slot = Kind == SlotKind::content || Kind == SlotKind::text_only || Kind == SlotKind::attribute;
  static_assert(fits || !plain || !text_slot || !HtmlValue<T>,
                "TPL-023: a fragment can't stand in an attribute, <textarea> or <option>: pass plain text");
  static_assert(
      fits || !plain || !text_slot || HtmlValue<T>,
      "TPL-011: this value has no text form: pass a string, an integer, Html, or a type with view() or text(); "
      "a bool or a number with a fraction must be written out first");

  if constexpr (!fits) {
    return SlotValue{};
  } else if constexpr (Kind == SlotKind::flag) {
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
[[nodiscard]] Html html(const Values&... values) {
  using Template = detail::HtmlTemplate<Source>;
  constexpr bool sound = Template::parsed.fault == detail::TemplateFault::none;
  constexpr bool arity = Template::parsed.slot_count == sizeof...(Values);
  static_assert(arity || !Template::ok, "TPL-008: give one value for each {} of the template, in order");
  if constexpr (sound && arity) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return detail::HtmlMaker::render(Template::checked(),
                                       {detail::erase(detail::hold<Template::slots[I].kind>(values))...});
    }(std::make_index_sequence<sizeof...(Values)>{});
  } else {
    return {};
  }
}

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
