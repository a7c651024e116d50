// CsrfToken: a form field for browsers that send neither Sec-Fetch-Site nor Origin.
#pragma once

#include <sallyport/html.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

namespace detail {
struct Admit;
}  // namespace detail

/// A handler's parameter: a token that proves that a form came from a page of this service. Current browsers prove it by
/// headers (`Sec-Fetch-Site`, `Origin`); with `csrf.tokens` on, a token is accepted from browsers that send neither. With
/// it off, `text()` and `field()` are empty, so a form can always include the field.
///
///     html<"<form method=\"post\" action=\"/notes\">{}…</form>">(token.field())
///
/// Bound to the session (or the visitor's cookie) that it was made for, and good until the end of the next day (UTC).
class CsrfToken {
 public:
  using is_secret = void;  // not to be written into a page as text (TPL-012), or into an answer: use field()

  /// For scripts, which send it as `X-CSRF-Token`.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// `<input type="hidden" name="_csrf" value="…">`; taken out of the body before `Form<T>` is read.
  [[nodiscard]] Html field() const {
    if (text_.empty()) return {};
    return html<"<input type=\"hidden\" name=\"_csrf\" value=\"{}\">">(text_);
  }

 private:
  friend struct detail::Admit;
  explicit CsrfToken(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sallyport
