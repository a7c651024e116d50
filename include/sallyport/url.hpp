// Addresses that are safe to send: literal local paths, local paths with encoded values, and links from users.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/slot_value.hpp>
#include <sallyport/detail/url_grammar.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/maybe.hpp>

namespace sallyport {

/// A path on this site, written as a literal and checked while compiling: it starts with exactly one `/`, has no empty,
/// `.` or `..` segment, and may carry a query and a fragment. It can't lead to another site, so it is what redirects,
/// style sheets and scripts take.
///
///     LocalPath home = "/notes?sort=new";
class LocalPath {
 public:
  template <std::size_t N>
  consteval LocalPath(const char (&literal)[N]) : text_(literal) {  // NOLINT(google-explicit-constructor)
    const detail::PathFault fault = detail::path_fault(text_.view());
    if (fault == detail::PathFault::foreign) throw "REDIR-001: start a local path with exactly one '/'";
    if (fault != detail::PathFault::none) throw "REDIR-002: use plain URL characters, no '.', '..' or empty segment";
  }
  template <detail::NotALiteral<LocalPath> Argument>
  __attribute__((
      unavailable("REDIR-005: a path of this site is a \"/literal\": write local_url<\"/notes/{}\">(id) for one with "
                  "values in it"))) LocalPath(Argument&&);  // NOLINT

  constexpr std::string_view view() const noexcept { return text_.view(); }
  friend constexpr bool operator==(const LocalPath& a, const LocalPath& b) noexcept { return a.view() == b.view(); }

 private:
  detail::LiteralText text_;
};

/// An address on this site with values in it. Made by `local_url`, or from a `LocalPath`.
class LocalUrl {
 public:
  LocalUrl(LocalPath path) : text_(path.view()) {}  // NOLINT(google-explicit-constructor)
  template <std::size_t N>
  __attribute__((unavailable(
      "REDIR-006: a path without values in it is an sp::LocalPath: write sp::LocalPath(\"/notes\") where an "
      "sp::LocalUrl is wanted"))) LocalUrl(const char (&)[N]);  // NOLINT

  std::string_view view() const noexcept { return text_; }
  friend bool operator==(const LocalUrl& a, const LocalUrl& b) noexcept { return a.text_ == b.text_; }

 private:
  friend struct detail::UrlMaker;
  explicit LocalUrl(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// An address that may stand in a link: `https:`, `http:`, `mailto:`, a path that starts with one `/`, `?query` or
/// `#fragment`. Never `javascript:` or `data:`, and no disguised link to another site (`//host`, `\`, control
/// characters).
class Url {
 public:
  /// The address, if it is of a kind named above; at most 2048 bytes. Characters beyond ASCII are accepted after the
  /// host and percent-encoded; a user name before the host (`https://bank.example@evil.example`) is not.
  static Maybe<Url> parse(std::string_view text);

  Url(LocalPath path) : text_(path.view()) {}   // NOLINT(google-explicit-constructor)
  template <std::same_as<LocalUrl> Local>       // so that a literal is a LocalPath
  Url(const Local& url) : text_(url.view()) {}  // NOLINT(google-explicit-constructor)

  std::string_view view() const noexcept { return text_; }
  friend bool operator==(const Url& a, const Url& b) noexcept { return a.text_ == b.text_; }

 private:
  explicit Url(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// The address of an image on this site. A separate type, because loading an image from another person's address tells
/// that person who views the page.
class ImgUrl {
 public:
  /// The address, if it is a path that starts with one `/`.
  static Maybe<ImgUrl> parse(std::string_view text);

  ImgUrl(LocalPath path) : text_(path.view()) {}  // NOLINT(google-explicit-constructor)
  template <std::same_as<LocalUrl> Local>
  ImgUrl(const Local& url) : text_(url.view()) {}  // NOLINT(google-explicit-constructor)

  std::string_view view() const noexcept { return text_; }
  friend bool operator==(const ImgUrl& a, const ImgUrl& b) noexcept { return a.text_ == b.text_; }

 private:
  explicit ImgUrl(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// A local path with a value in each `{}`, percent-encoded so that it stays within its segment or parameter:
///
///     local_url<"/notes/{}/edit">(note.id)
///     local_url<"/search?q={}&page={}">(text, 2)
///
/// A value that would make a whole segment empty, `.` or `..` becomes `%EF%BF%BD` (U+FFFD): no object has that name.
template <detail::FixedString Source, class... Values>
[[nodiscard]] LocalUrl local_url(const Values&... values) {
  using Template = detail::LocalUrlTemplate<Source>;
  constexpr bool sound = Template::parsed.fault == detail::PathFault::none;
  constexpr bool arity = Template::parsed.slot_count == sizeof...(Values);
  static_assert(arity || !Template::ok, "REDIR-004: give one value for each {} of the path, in order");
  static_assert((!detail::SecretValue<Values> && ...),
                "TPL-012: a Secret can't be shown: it never goes into an address");
  static_assert(((detail::SecretValue<Values> || detail::TextValue<Values>)&&...),
                "TPL-011: this value has no text form: pass a string, an integer, or a type with view() or text()");
  if constexpr (sound && arity && (detail::TextValue<Values> && ...)) {
    return detail::UrlMaker::build(Template::checked(), {detail::erase(detail::hold_text(values))...});
  } else {
    return LocalPath("/");
  }
}

}  // namespace sallyport
