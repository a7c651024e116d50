// The elements and attributes that a template may use, and where. What is not listed here does not compile.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <iterator>
#include <string_view>

namespace sallyport::detail {

/// Whether `word` is one of the words of `list` (words are separated by one space).
constexpr bool has_word(std::string_view list, std::string_view word) noexcept {
  while (!list.empty()) {
    const std::size_t end = list.find(' ');
    if (list.substr(0, end) == word) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end + 1);
  }
  return false;
}

// --- Elements --------------------------------------------------------------------------------------------------------

/// What an element may hold. Taken from the content models of the HTML standard, section 4, as far as an error there
/// makes the HTML parser (section 13.2.6) build another tree than the one written down.
enum class Content : unsigned char {
  nothing,      // a void element: no end tag
  text,         // text only; tags in it would be shown or dropped
  children,     // only the elements that name it as parent, no text
  phrasing,     // text and inline elements; a block inside would close it
  transparent,  // what its parent may hold
  flow,         // anything that names no parent
};

struct Element {
  std::string_view name;
  Content content;
  bool block;                // closes an open <p>
  std::string_view parents;  // may only stand directly in one of these (or at the top); empty: anywhere
};

// Sorted by name. Left out on purpose: script, style, link, meta, base, iframe, object, embed, svg, math, template,
// noscript, title and all raw-text elements: their content follows other rules, or they load or rewrite things.
inline constexpr Element elements[] = {
    {"a", Content::transparent, false, ""},
    {"abbr", Content::phrasing, false, ""},
    {"address", Content::flow, true, ""},
    {"article", Content::flow, true, ""},
    {"aside", Content::flow, true, ""},
    {"b", Content::phrasing, false, ""},
    {"bdi", Content::phrasing, false, ""},
    {"bdo", Content::phrasing, false, ""},
    {"blockquote", Content::flow, true, ""},
    {"br", Content::nothing, false, ""},
    {"button", Content::phrasing, false, ""},
    {"caption", Content::flow, true, "table"},
    {"cite", Content::phrasing, false, ""},
    {"code", Content::phrasing, false, ""},
    {"col", Content::nothing, true, "colgroup"},
    {"colgroup", Content::children, true, "table"},
    {"data", Content::phrasing, false, ""},
    {"datalist", Content::children, false, ""},
    {"dd", Content::flow, true, "dl div"},
    {"del", Content::transparent, false, ""},
    {"details", Content::flow, true, ""},
    {"dfn", Content::phrasing, false, ""},
    {"dialog", Content::flow, true, ""},
    {"div", Content::flow, true, ""},
    {"dl", Content::children, true, ""},
    {"dt", Content::flow, true, "dl div"},
    {"em", Content::phrasing, false, ""},
    {"fieldset", Content::flow, true, ""},
    {"figcaption", Content::flow, true, "figure"},
    {"figure", Content::flow, true, ""},
    {"footer", Content::flow, true, ""},
    {"form", Content::flow, true, ""},
    {"h1", Content::phrasing, true, ""},
    {"h2", Content::phrasing, true, ""},
    {"h3", Content::phrasing, true, ""},
    {"h4", Content::phrasing, true, ""},
    {"h5", Content::phrasing, true, ""},
    {"h6", Content::phrasing, true, ""},
    {"header", Content::flow, true, ""},
    {"hgroup", Content::flow, true, ""},
    {"hr", Content::nothing, true, ""},
    {"i", Content::phrasing, false, ""},
    {"img", Content::nothing, false, ""},
    {"input", Content::nothing, false, ""},
    {"ins", Content::transparent, false, ""},
    {"kbd", Content::phrasing, false, ""},
    {"label", Content::phrasing, false, ""},
    {"legend", Content::flow, true, "fieldset"},
    {"li", Content::flow, true, "menu ol ul"},
    {"main", Content::flow, true, ""},
    {"mark", Content::phrasing, false, ""},
    {"menu", Content::children, true, ""},
    {"meter", Content::phrasing, false, ""},
    {"nav", Content::flow, true, ""},
    {"ol", Content::children, true, ""},
    {"optgroup", Content::children, false, "select"},
    {"option", Content::text, false, "datalist optgroup select"},
    {"output", Content::phrasing, false, ""},
    {"p", Content::phrasing, true, ""},
    {"pre", Content::phrasing, true, ""},
    {"progress", Content::phrasing, false, ""},
    {"q", Content::phrasing, false, ""},
    {"s", Content::phrasing, false, ""},
    {"samp", Content::phrasing, false, ""},
    {"search", Content::flow, true, ""},
    {"section", Content::flow, true, ""},
    {"select", Content::children, false, ""},
    {"small", Content::phrasing, false, ""},
    {"span", Content::phrasing, false, ""},
    {"strong", Content::phrasing, false, ""},
    {"sub", Content::phrasing, false, ""},
    {"summary", Content::flow, true, "details"},
    {"sup", Content::phrasing, false, ""},
    {"table", Content::children, true, ""},
    {"tbody", Content::children, true, "table"},
    {"td", Content::flow, true, "tr"},
    {"textarea", Content::text, false, ""},
    {"tfoot", Content::children, true, "table"},
    {"th", Content::flow, true, "tr"},
    {"thead", Content::children, true, "table"},
    {"time", Content::phrasing, false, ""},
    {"tr", Content::children, true, "table tbody tfoot thead"},
    {"u", Content::phrasing, false, ""},
    {"ul", Content::children, true, ""},
    {"var", Content::phrasing, false, ""},
    {"wbr", Content::nothing, false, ""},
};

/// Elements that can't stand inside themselves at any depth: the parser would close or ignore one of the two.
inline constexpr std::string_view never_nested = "a button form label select";

/// A newline right after the start tag of these is dropped by the parser (HTML standard, 13.2.6.4.7).
inline constexpr std::string_view first_newline_dropped = "pre textarea";

// --- Attributes ------------------------------------------------------------------------------------------------------

/// What the value of an attribute may be.
enum class AttributeKind : unsigned char {
  text,  // a literal, slots, or both
  id,    // the same, but a slot needs literal text ending in '-' before it: no value can then be the name of a global
         // that scripts look up (DOM clobbering)
  literal,   // a literal without slots
  one_of,    // one word of the list
  words_of,  // words of the list, separated by one space
  flag,      // no value, or one slot that takes a bool
  href,      // a safe link, or one slot that takes a Url
  image,     // a local path, or one slot that takes an ImgUrl
  action,    // a local path, or one slot that takes a LocalUrl
};

struct Attribute {
  std::string_view name;
  AttributeKind kind;
  std::string_view elements;     // empty: all
  std::string_view values = {};  // of one_of and words_of
};

// Sorted by name. Besides these: aria-* and data-*, text, on every element. Left out on purpose: on*, style, srcdoc,
// srcset, formaction, ping, http-equiv, xlink:*, is, slot, contenteditable, accesskey, nonce.
inline constexpr Attribute attributes[] = {
    {"abbr", AttributeKind::text, "th"},
    {"accept", AttributeKind::literal, "input"},
    {"action", AttributeKind::action, "form"},
    {"alt", AttributeKind::text, "img"},
    {"autocapitalize", AttributeKind::one_of, "", "characters none off on sentences words"},
    {"autocomplete", AttributeKind::literal, "form input select textarea"},
    {"autofocus", AttributeKind::flag, "button input select textarea"},
    {"capture", AttributeKind::one_of, "input", "environment user"},
    {"checked", AttributeKind::flag, "input"},
    {"class", AttributeKind::text, ""},
    {"cols", AttributeKind::text, "textarea"},
    {"colspan", AttributeKind::text, "td th"},
    {"datetime", AttributeKind::text, "del ins time"},
    {"decoding", AttributeKind::one_of, "img", "async auto sync"},
    {"dir", AttributeKind::one_of, "", "auto ltr rtl"},
    {"disabled", AttributeKind::flag, "button fieldset input optgroup option select textarea"},
    {"download", AttributeKind::text, "a"},
    {"enctype", AttributeKind::one_of, "form", "application/x-www-form-urlencoded multipart/form-data"},
    {"enterkeyhint", AttributeKind::one_of, "", "done enter go next previous search send"},
    {"for", AttributeKind::text, "label output"},
    {"form", AttributeKind::literal, "button fieldset input output select textarea"},
    {"formnovalidate", AttributeKind::flag, "button input"},
    {"headers", AttributeKind::text, "td th"},
    {"height", AttributeKind::text, "img"},
    {"hidden", AttributeKind::flag, ""},
    {"high", AttributeKind::text, "meter"},
    {"href", AttributeKind::href, "a"},
    {"hreflang", AttributeKind::literal, "a"},
    {"id", AttributeKind::id, ""},
    {"inputmode", AttributeKind::one_of, "", "decimal email none numeric search tel text url"},
    {"label", AttributeKind::text, "optgroup option"},
    {"lang", AttributeKind::text, ""},
    {"list", AttributeKind::text, "input"},
    {"loading", AttributeKind::one_of, "img", "eager lazy"},
    {"low", AttributeKind::text, "meter"},
    {"max", AttributeKind::text, "input meter progress"},
    {"maxlength", AttributeKind::text, "input textarea"},
    {"method", AttributeKind::one_of, "form", "get post"},
    {"min", AttributeKind::text, "input meter"},
    {"minlength", AttributeKind::text, "input textarea"},
    {"multiple", AttributeKind::flag, "input select"},
    {"name", AttributeKind::text, "button details fieldset input output select textarea"},
    {"novalidate", AttributeKind::flag, "form"},
    {"open", AttributeKind::flag, "details dialog"},
    {"optimum", AttributeKind::text, "meter"},
    {"pattern", AttributeKind::literal, "input"},
    {"placeholder", AttributeKind::text, "input textarea"},
    {"readonly", AttributeKind::flag, "input textarea"},
    {"rel", AttributeKind::words_of, "a form",
     "author bookmark external help license me next nofollow noopener noreferrer prev search tag ugc"},
    {"required", AttributeKind::flag, "input select textarea"},
    {"reversed", AttributeKind::flag, "ol"},
    {"role", AttributeKind::text, ""},
    {"rows", AttributeKind::text, "textarea"},
    {"rowspan", AttributeKind::text, "td th"},
    {"scope", AttributeKind::one_of, "th", "col colgroup row rowgroup"},
    {"selected", AttributeKind::flag, "option"},
    {"size", AttributeKind::text, "input select"},
    {"span", AttributeKind::text, "col colgroup"},
    {"spellcheck", AttributeKind::one_of, "", "false true"},
    {"src", AttributeKind::image, "img"},
    {"start", AttributeKind::text, "ol"},
    {"step", AttributeKind::text, "input"},
    {"tabindex", AttributeKind::text, ""},
    {"target", AttributeKind::one_of, "a", "_blank _self"},
    {"title", AttributeKind::text, ""},
    {"translate", AttributeKind::one_of, "", "no yes"},
    {"type", AttributeKind::one_of, "button", "button reset submit"},
    {"type", AttributeKind::one_of, "input",
     "button checkbox color date datetime-local email file hidden month number password radio range reset search "
     "submit "
     "tel text time url week"},
    {"value", AttributeKind::text, "button data input li meter option progress"},
    {"width", AttributeKind::text, "img"},
    {"wrap", AttributeKind::one_of, "textarea", "hard soft"},
};

// --- Look-up ---------------------------------------------------------------------------------------------------------

/// `a < b` as `std::string_view` has it, in fewer steps of constant evaluation.
constexpr bool name_less(std::string_view a, std::string_view b) noexcept {
  const char* p = a.data();
  const char* q = b.data();
  const std::size_t shorter = a.size() < b.size() ? a.size() : b.size();
  std::size_t i = 0;
  while (i < shorter && p[i] == q[i]) ++i;
  return i == shorter ? a.size() < b.size() : p[i] < q[i];
}

/// The first entry of a sorted table whose name is not less than `name`. Binary, because compilers bound the number of
/// steps they spend on a constant.
template <class Entry, std::size_t N>
constexpr std::size_t lower_bound_by_name(const Entry (&table)[N], std::string_view name) noexcept {
  std::size_t low = 0;
  std::size_t high = N;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (name_less(table[middle].name, name)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

template <class Entry, std::size_t N>
constexpr bool sorted_by_name(const Entry (&table)[N]) noexcept {
  for (std::size_t i = 1; i < N; ++i) {
    if (name_less(table[i].name, table[i - 1].name)) return false;
  }
  return true;
}
static_assert(sorted_by_name(elements) && sorted_by_name(attributes));

constexpr const Element* find_element(std::string_view name) noexcept {
  const std::size_t i = lower_bound_by_name(elements, name);
  return i < std::size(elements) && elements[i].name == name ? &elements[i] : nullptr;
}

inline constexpr Attribute any_text_attribute = {"", AttributeKind::text, ""};

constexpr const Attribute* find_attribute(std::string_view element, std::string_view name) noexcept {
  if ((name.starts_with("data-") || name.starts_with("aria-")) && name.size() > 5) return &any_text_attribute;
  for (std::size_t i = lower_bound_by_name(attributes, name); i < std::size(attributes); ++i) {
    if (attributes[i].name != name) break;
    if (attributes[i].elements.empty() || has_word(attributes[i].elements, element)) return &attributes[i];
  }
  return nullptr;
}

}  // namespace sallyport::detail
