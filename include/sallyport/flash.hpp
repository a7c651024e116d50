// Flash: a message that the next page shows once.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/html.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// What the answer before has left for this page: `return sp::Response::see_other("/notes").flash("Saved.");`, and on the page
///
///     sp::Page list(sp::SignedIn me, sp::Flash flash) {
///       return {.title = "Notes", .body = sp::html<"{}<h1>Notes</h1>">(flash.html())};
///
/// It travels in a sealed cookie, for ten minutes, and is gone when a handler that takes it has answered: an error leaves it for the next.
class Flash final {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return !text_.empty(); }
  /// The message as it was written; empty when there is none.
  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  /// `<p role="status">Saved.</p>`, which a screen reader reads aloud; nothing when there is no message.
  [[nodiscard]] Html html() const {
    if (text_.empty()) return {};
    return sallyport::html<"<p role=\"status\">{}</p>">(text_);
  }

 private:
  friend struct detail::Admit;
  explicit Flash(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

namespace detail {

/// Takes it out of the request, so that the browser drops it.
[[nodiscard]] std::string take_flash(Exchange& exchange);
/// For the next page. 500 bytes at most: longer ones throw `std::length_error`.
void set_flash(Exchange& exchange, std::string_view message);

template <>
struct Argument<Flash> : ArgumentDefaults {
  static constexpr bool may_judge = false;
  static constexpr bool sets_cookies = true;
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static Flash pass(Exchange& exchange, Slot&) { return Admit::make<Flash>(take_flash(exchange)); }
};

}  // namespace detail

}  // namespace sallyport
