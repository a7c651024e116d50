// A whole page: what a handler returns to show HTML.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sallyport/html.hpp>
#include <sallyport/url.hpp>

namespace sallyport {

/// A page, to be returned from a handler. The head is written by the framework: character set, viewport, title, style
/// sheets, and scripts that carry the nonce of the response's content security policy.
///
///     return Page{.title = "Notes", .stylesheets = {"/notes.css"}, .body = html<"<h1>{}</h1>">(user.name)};
///
/// A script can't be written into a page, only named: that is what lets the policy forbid all inline script.
struct Page {
  std::string title;
  std::string lang = "en";             // BCP 47
  std::string description = {};        // for search engines and previews; empty: none
  std::optional<LocalPath> icon = {};  // shown in the tab
  std::vector<LocalPath> stylesheets = {};
  std::vector<LocalPath> scripts = {};  // run in this order once the page has been read
  Html body = {};
  int status = 200;

  /// Whether the response needs a nonce; a page without scripts gets `script-src 'none'`.
  bool has_scripts() const noexcept { return !scripts.empty(); }
};

/// What went wrong, for the function that `app.error_page` names. The texts live as long as the call.
struct ErrorFacts {
  int status;                ///< 404, 500, …: the status of the answer, whatever the page says
  std::string_view title;    ///< of the Problem, or of the framework: "Not Found"
  std::string_view detail;   ///< may be empty
  std::string_view request;  ///< the request's id, under which the log holds the cause
};

}  // namespace sallyport
