// For tests: reads HTML back as a browser's tokenizer does and lists what it found. Shares no code with the templates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::markup {

/// The tags and attribute names of a document in order, and its texts and attribute values with the character
/// references that escaping writes decoded.
struct Shape {
  std::string skeleton;
  std::vector<std::string> values;
};

inline std::string decode_references(std::string_view text) {
  struct Reference {
    std::string_view name;
    char meaning;
  };
  constexpr Reference known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&#34;", '"'}, {"&#39;", '\''}};
  std::string out;
  while (!text.empty()) {
    std::size_t used = 0;
    for (const Reference& reference : known) {
      if (!text.starts_with(reference.name)) continue;
      out += reference.meaning;
      used = reference.name.size();
    }
    if (used == 0) {
      out += text[0];
      used = 1;
    }
    text.remove_prefix(used);
  }
  return out;
}

/// HTML standard section 13.2.5, as lenient as browsers: any case, any white space, unquoted and single-quoted values,
/// comments, RCDATA in textarea and title, raw text in script and style.
inline Shape read_shape(std::string_view html) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto letter = [&](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; };

  Shape shape;
  std::string text;
  std::string raw_until;  // inside textarea, title, script, style: the only end tag that counts
  std::size_t i = 0;
  const auto at = [&](std::size_t k) { return k < html.size() ? html[k] : '\0'; };
  const auto flush = [&] {
    if (!text.empty()) shape.values.push_back(decode_references(text));
    text.clear();
  };
  const auto ends_raw = [&] {
    if (at(i + 1) != '/') return false;
    for (std::size_t k = 0; k < raw_until.size(); ++k) {
      if (lower(at(i + 2 + k)) != raw_until[k]) return false;
    }
    const char next = at(i + 2 + raw_until.size());
    return space(next) || next == '/' || next == '>';
  };
  while (i < html.size()) {
    if (html[i] != '<' || (!raw_until.empty() && !ends_raw())) {
      text += html[i++];
      continue;
    }
    if (at(i + 1) == '!' || at(i + 1) == '?') {
      flush();
      shape.skeleton += "<!>";
      i = html.find('>', i);
      i = i == std::string_view::npos ? html.size() : i + 1;
      continue;
    }
    const bool end_tag = at(i + 1) == '/';
    std::size_t k = i + (end_tag ? 2 : 1);
    if (!letter(at(k))) {
      text += html[i++];
      continue;
    }
    flush();
    std::string name;
    while (k < html.size() && !space(html[k]) && html[k] != '/' && html[k] != '>') name += lower(html[k++]);
    shape.skeleton += end_tag ? "</" + name : "<" + name;
    while (k < html.size() && html[k] != '>') {
      if (space(html[k]) || html[k] == '/') {
        ++k;
        continue;
      }
      std::string attribute(1, lower(html[k++]));
      while (k < html.size() && !space(html[k]) && html[k] != '/' && html[k] != '>' && html[k] != '=') {
        attribute += lower(html[k++]);
      }
      shape.skeleton += ' ' + attribute;
      while (space(at(k))) ++k;
      if (at(k) != '=') continue;
      ++k;
      while (space(at(k))) ++k;
      std::string value;
      if (at(k) == '"' || at(k) == '\'') {
        const char quote = html[k++];
        while (k < html.size() && html[k] != quote) value += html[k++];
        ++k;
      } else {
        while (k < html.size() && !space(html[k]) && html[k] != '>') value += html[k++];
      }
      shape.skeleton += '=';
      shape.values.push_back(decode_references(value));
    }
    shape.skeleton += '>';
    i = k + 1;
    raw_until.clear();
    if (!end_tag && (name == "textarea" || name == "title" || name == "script" || name == "style")) raw_until = name;
  }
  flush();
  return shape;
}

}  // namespace sallyport::markup
