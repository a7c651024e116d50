// Content-Security-Policy as route options: directives that replace those of the default policy, checked while compiling.
#pragma once

#include <sallyport/detail/csp_grammar.hpp>
#include <sallyport/detail/header_options.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport {

/// Directives that replace those of the pages' Content-Security-Policy: `sp::csp{"img-src 'self' https://tiles.example"}`. What is not named
/// stays as it is; a directive that the default lacks is added. Those of the router and the app apply, too; for each directive the nearest
/// wins. For pages only: other answers have a policy that allows nothing. A resource of another origin also has to allow embedding (CORP),
/// unless the page loads it without cookies: `sp::coep::credentialless`.
///
/// Sources are 'self', 'none' and exact https addresses; data: in img-src and font-src, blob: in img-src and media-src. default-src,
/// object-src and base-uri stay 'none', script-src is the kernel's. Errors: CSP-001 to CSP-004.
class csp {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit csp(const char (&directives)[N]) : text_(directives, N - 1) {
    static_cast<void>(detail::check_csp(text_));
  }
  void apply(detail::HeaderOptions& options) const { options.csp.insert(options.csp.begin(), {text_, {}}); }

 private:
  std::string_view text_;
};

/// A `csp` that allows unsafe sources, with a reason of 20 characters or more:
/// `sp::insecure_csp{"style-src 'self' 'unsafe-inline'", "the charts library sets style attributes"}`. It may also replace script-src: the
/// nonce of the page's own scripts stays in front, and 'strict-dynamic' must be named to be kept. Nonces are never taken from text.
class insecure_csp {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N, std::size_t M>
  consteval insecure_csp(const char (&directives)[N], const char (&why)[M])
      : text_(directives, N - 1), reason_(why, M - 1) {
    static_cast<void>(detail::check_csp(text_, detail::Sources::any));
    static_cast<void>(detail::check_reason(reason_));
  }
  template <std::size_t N>
  consteval explicit insecure_csp(const char (&)[N]) {
    static_cast<void>(detail::policy_fault("CSP-005: an insecure_ option says why, as its second text"));
  }
  void apply(detail::HeaderOptions& options) const { options.csp.insert(options.csp.begin(), {text_, reason_}); }

 private:
  std::string_view text_;
  std::string_view reason_;
};

/// A second policy, for trying one out, that browsers only report about and don't enforce: the default policy with these directives
/// replaced, `""` for the default itself. Reports arrive where those of the enforced one do.
class csp_report_only {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit csp_report_only(const char (&directives)[N]) : text_(directives, N - 1) {
    if (N > 1) static_cast<void>(detail::check_csp(text_));
  }
  void apply(detail::HeaderOptions& options) const { options.csp_report_only = text_; }

 private:
  std::string_view text_;
};

/// The Trusted Types policies that the pages' scripts may create, instead of none: `sp::trusted_types{"notes dompurify"}`.
class trusted_types {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit trusted_types(const char (&names)[N]) : names_(names, N - 1) {
    static_cast<void>(detail::check_trusted_types(names_));
  }
  void apply(detail::HeaderOptions& options) const { options.trusted_types = {names_, {}}; }

 private:
  std::string_view names_;
};

/// Turns Trusted Types off: scripts may assign strings to `innerHTML` and the like, as old libraries do, so DOM XSS
/// becomes possible.
class insecure_no_trusted_types {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit insecure_no_trusted_types(const char (&why)[N]) : reason_(why, N - 1) {
    static_cast<void>(detail::check_reason(reason_));
  }
  void apply(detail::HeaderOptions& options) const { options.trusted_types = {{}, reason_}; }

 private:
  std::string_view reason_;
};

/// Who may show these pages in a frame: `sp::embeddable{"https://partner.example https://other.example"}`, `sp::embeddable::by_self`, or
/// `by_nobody`, the default. Session cookies are SameSite, so a user is not signed in inside another site's frame.
class embeddable {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit embeddable(const char (&origins)[N]) : ancestors_(origins, N - 1), others_(true) {
    static_cast<void>(detail::check_embedders(ancestors_));
  }
  static const embeddable by_self;
  static const embeddable by_nobody;
  constexpr void apply(detail::HeaderOptions& options) const noexcept {
    options.frame_ancestors = ancestors_;
    options.embeddable = others_;
  }

 private:
  struct Keyword {
    std::string_view text;
  };
  constexpr explicit embeddable(Keyword keyword) noexcept : ancestors_(keyword.text) {}
  std::string_view ancestors_;
  bool others_ = false;
};
inline constexpr embeddable embeddable::by_self{Keyword{"'self'"}};
inline constexpr embeddable embeddable::by_nobody{Keyword{"'none'"}};

}  // namespace sallyport
