// What a person sees of an HTML page: for tests that look for words, not for markup.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::test::detail {

/// The text outside of tags, comments, scripts and styles, with character references decoded and each run of white space as one blank. It reads what
/// this library writes; it is no parser for pages of others.
[[nodiscard]] std::string page_text(std::string_view page);
/// Each run of white space as one blank, none at the ends.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace sallyport::test::detail
