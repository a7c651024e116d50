// The security headers as route options: what a route, a router or an app may change of the default set.
#pragma once

#include <sallyport/content_security_policy.hpp>
#include <sallyport/detail/header_options.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/permissions_policy.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace sallyport {

namespace detail {

/// One value of a field that has a fixed set of them.
template <std::optional<std::string_view> HeaderOptions::*Field>
class FieldOption {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit FieldOption(const char (&value)[N]) : value_(value) {}
  constexpr void apply(HeaderOptions& options) const noexcept { options.*Field = value_.view(); }

 private:
  LiteralText value_;
};
using CoepOption = FieldOption<&HeaderOptions::coep>;
using CoopOption = FieldOption<&HeaderOptions::coop>;
using CorpOption = FieldOption<&HeaderOptions::corp>;
using ReferrerOption = FieldOption<&HeaderOptions::referrer>;

template <class T>
inline constexpr bool is_header_option = requires { typename std::remove_cvref_t<T>::is_header_option; };

}  // namespace detail

/// Cross-Origin-Embedder-Policy: what a page may load from other origins.
namespace coep {
/// The default: only resources whose Cross-Origin-Resource-Policy allows it.
inline constexpr detail::CoepOption require_corp{"require-corp"};
/// Anything, without cookies.
inline constexpr detail::CoepOption credentialless{"credentialless"};
/// Anything; pages are not isolated from what they load.
inline constexpr detail::CoepOption unsafe_none{"unsafe-none"};
}  // namespace coep

/// Cross-Origin-Opener-Policy: with which windows of other origins a page shares a browsing context group.
namespace coop {
/// The default: none.
inline constexpr detail::CoopOption same_origin{"same-origin"};
/// Those that it opens itself: for sign-in and payment in a pop-up.
inline constexpr detail::CoopOption same_origin_allow_popups{"same-origin-allow-popups"};
/// None, and it may be opened by others of its own origin that allow pop-ups.
inline constexpr detail::CoopOption noopener_allow_popups{"noopener-allow-popups"};
/// Any.
inline constexpr detail::CoopOption unsafe_none{"unsafe-none"};
}  // namespace coop

/// Cross-Origin-Resource-Policy: which sites' pages may load the answer without CORS.
namespace corp {
/// The default.
inline constexpr detail::CorpOption same_origin{"same-origin"};
inline constexpr detail::CorpOption same_site{"same-site"};
/// Pages of any site: for fonts and pictures of a public CDN.
inline constexpr detail::CorpOption cross_origin{"cross-origin"};
}  // namespace corp

/// Referrer-Policy of pages; other answers send `no-referrer`.
namespace referrer {
inline constexpr detail::ReferrerOption no_referrer{"no-referrer"};
inline constexpr detail::ReferrerOption same_origin{"same-origin"};
inline constexpr detail::ReferrerOption strict_origin{"strict-origin"};
/// The default.
inline constexpr detail::ReferrerOption strict_origin_when_cross_origin{"strict-origin-when-cross-origin"};
}  // namespace referrer

/// The headers of Helmet 8, byte for byte, on every answer, for services that move over from Express:
/// `sp::helmet{"moving over from Express in autumn"}`. Besides them only Cache-Control is sent. Weaker than the default: inline styles and
/// styles of any https address pass, pages of the same origin may frame it, and Permissions-Policy, COEP and Trusted Types are missing.
/// Strict-Transport-Security and upgrade-insecure-requests are sent over TLS only. Other options change this set as they do the default one.
class helmet {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit helmet(const char (&why)[N]) : reason_(why) {
    static_cast<void>(detail::check_reason(reason_.view()));
  }
  template <detail::NotALiteral<helmet> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: sp::helmet{\"moving over from "
                  "Express\"}"))) explicit helmet(Argument&&);  // NOLINT
  constexpr void apply(detail::HeaderOptions& options) const noexcept { options.helmet = reason_.view(); }

 private:
  detail::LiteralText reason_;
};

}  // namespace sallyport
