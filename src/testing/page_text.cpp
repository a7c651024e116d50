// What a person sees of an HTML page.
#include "testing/page_text.hpp"

#include "base/character_class.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>

namespace sallyport::test::detail {
namespace {

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6U);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12U);
    put(0x80 | (point >> 6U & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18U);
    put(0x80 | (point >> 12U & 0x3F));
    put(0x80 | (point >> 6U & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

// `reference`: without & and ;. False for one that is not known, which is shown as it stands.
bool append_reference(std::string& out, std::string_view reference) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};
  for (const auto& [name, text] : names) {
    if (name == reference) return out += text, true;
  }
  if (!reference.starts_with('#') || reference.size() < 2) return false;
  const bool hex = reference[1] == 'x' || reference[1] == 'X';
  const std::string_view digits = reference.substr(hex ? 2 : 1);
  std::uint32_t point = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || point > 0x10FFFF) return false;
  append_utf8(out, point);
  return true;
}

// Of the tag that begins at `at`: where the text goes on. Quoted values may hold >.
std::size_t end_of_tag(std::string_view page, std::size_t at) noexcept {
  char quote = '\0';
  for (; at < page.size(); ++at) {
    const char c = page[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return page.size();
}

std::string_view name_of_tag(std::string_view page, std::size_t at) noexcept {
  std::size_t end = at + 1;
  while (end < page.size() && !blank(page[end]) && page[end] != '>' && (page[end] != '/' || end == at + 1)) ++end;
  return page.substr(at + 1, end - at - 1);
}

// Its words stand in the line of what is around it.
bool within_line(std::string_view tag) noexcept {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  for (const std::string_view name : {"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "mark", "q", "s",
                                      "small", "span", "strong", "sub", "sup", "time", "u"}) {
    if (base::equal_ignoring_case(tag, name)) return true;
  }
  return false;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!blank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string page_text(std::string_view page) {
  std::string out;
  for (std::size_t at = 0; at < page.size();) {
    if (page[at] == '&') {
      const std::size_t end = page.find(';', at);
      if (end != page.npos && end - at <= 10 && append_reference(out, page.substr(at + 1, end - at - 1))) {
        at = end + 1;
        continue;
      }
    } else if (page.substr(at).starts_with("<!--")) {
      const std::size_t end = page.find("-->", at);
      at = end == page.npos ? page.size() : end + 3;
      continue;
    } else if (page[at] == '<' && at + 1 < page.size() && !blank(page[at + 1])) {
      const std::string_view name = name_of_tag(page, at);
      at = end_of_tag(page, at);
      if (!within_line(name)) out += ' ';
      for (const std::string_view unseen : {"script", "style", "title", "template"}) {
        if (!base::equal_ignoring_case(name, unseen)) continue;
        const std::size_t end = page.find("</" + std::string(unseen), at);
        at = end == page.npos ? page.size() : end_of_tag(page, end);
      }
      continue;
    }
    out += page[at++];
  }
  return folded(out);
}

}  // namespace sallyport::test::detail
