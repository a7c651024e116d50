// Whether a text is a reason: what a reviewer can read and judge.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// What people write where they do not want to say why. A reason needs two words besides these.
inline constexpr std::string_view empty_words[] = {
    "todo",    "fixme",   "tbd",   "tba",         "tbc",   "xxx",   "wip",          "asdf",    "qwerty",
    "foo",     "bar",     "baz",   "lorem",       "ipsum", "dolor", "none",         "nothing", "reason",
    "reasons", "because", "why",   "placeholder", "dummy", "blah",  "bla",          "etc",     "yes",
    "ok",      "okay",    "later", "temp",        "tmp",   "nil",   "null",         "na",      "insert",
    "here",    "explain", "to",    "do",          "abc",   "abcd",  "justification"};

constexpr bool is_empty_word(std::string_view word) noexcept {
  if (word.size() < 2) return true;
  for (const std::string_view empty : empty_words) {
    if (equal_ignoring_case(word, empty)) return true;
  }
  // "aaaa", "abab", "xyxyxy": one or two letters in turn.
  if (word.size() >= 3) {
    bool repeats = true;
    for (std::size_t i = 2; i < word.size(); ++i) repeats = repeats && to_lower(word[i]) == to_lower(word[i - 2]);
    return repeats;
  }
  return false;
}

/// At least `shortest` characters, most of them letters, and among them two different words that say something. Letters
/// beyond ASCII count. No control characters: the text is printed in reports.
constexpr bool is_reason(std::string_view text, std::size_t shortest = 10) noexcept {
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  };
  std::string_view first;
  bool two_words = false;
  std::size_t letters = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    if (static_cast<unsigned char>(text[begin]) < 0x20 || text[begin] == 0x7f) return false;
    std::size_t end = begin;
    while (end < text.size() && in_word(text[end])) ++end;
    if (end == begin) {
      ++begin;
      continue;
    }
    const std::string_view word = text.substr(begin, end - begin);
    if (!is_empty_word(word)) {
      letters += word.size();
      if (first.empty()) {
        first = word;
      } else if (!equal_ignoring_case(word, first)) {
        two_words = true;
      }
    }
    begin = end;
  }
  return two_words && text.size() >= shortest && 2 * letters >= text.size();
}

}  // namespace sallyport::detail
