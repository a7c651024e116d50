// Content-Security-Policy as route options: directives that replace those of the default policy, checked while compiling.
#pragma once

#include <sallyport/detail/csp_grammar.hpp>
#include <sallyport/detail/header_options.hpp>
#include <sallyport/detail/literal.hpp>

#include <cstddef>

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
  consteval explicit csp(const char (&directives)[N]) : text_(directives) {
    static_cast<void>(detail::check_csp(text_.view()));
  }
  template <detail::NotALiteral<csp> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: sp::csp{\"img-src 'self' "
                  "https://tiles.example\"}"))) explicit csp(Argument&&);  // NOLINT
  void apply(detail::HeaderOptions& options) const { options.csp.insert(options.csp.begin(), {text_.view(), {}}); }

 private:
  detail::LiteralText text_;
};

/// A `csp` that allows unsafe sources, with a reason of 20 characters or more:
/// `sp::insecure_csp{"style-src 'self' 'unsafe-inline'", "the charts library sets style attributes"}`. It may also replace script-src: the
/// nonce of the page's own scripts stays in front, and 'strict-dynamic' must be named to be kept. Nonces are never taken from text.
class insecure_csp {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N, std::size_t M>
  consteval insecure_csp(const char (&directives)[N], const char (&why)[M]) : text_(directives), reason_(why) {
    static_cast<void>(detail::check_csp(text_.view(), detail::Sources::any));
    static_cast<void>(detail::check_reason(reason_.view()));
  }
  template <std::size_t N>
  consteval explicit insecure_csp(const char (&)[N]) {
    static_cast<void>(detail::policy_fault("CSP-005: an insecure_ option says why, as its second text"));
  }
  void apply(detail::HeaderOptions& options) const {
    options.csp.insert(options.csp.begin(), {text_.view(), reason_.view()});
  }

 private:
  detail::LiteralText text_;
  detail::LiteralText reason_;
};

/// A second policy, for trying one out, that browsers only report about and don't enforce: the default policy with these directives
/// replaced, `""` for the default itself. Reports arrive where those of the enforced one do.
class csp_report_only {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit csp_report_only(const char (&directives)[N]) : text_(directives) {
    if (N > 1) static_cast<void>(detail::check_csp(text_.view()));
  }
  template <detail::NotALiteral<csp_report_only> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: sp::csp_report_only{\"img-src "
                  "'self'\"}"))) explicit csp_report_only(Argument&&);  // NOLINT
  void apply(detail::HeaderOptions& options) const { options.csp_report_only = text_.view(); }

 private:
  detail::LiteralText text_;
};

/// The Trusted Types policies that the pages' scripts may create, instead of none: `sp::trusted_types{"notes dompurify"}`.
class trusted_types {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit trusted_types(const char (&names)[N]) : names_(names) {
    static_cast<void>(detail::check_trusted_types(names_.view()));
  }
  template <detail::NotALiteral<trusted_types> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: sp::trusted_types{\"notes "
                  "dompurify\"}"))) explicit trusted_types(Argument&&);  // NOLINT
  void apply(detail::HeaderOptions& options) const { options.trusted_types = {names_.view(), {}}; }

 private:
  detail::LiteralText names_;
};

/// Turns Trusted Types off: scripts may assign strings to `innerHTML` and the like, as old libraries do, so DOM XSS
/// becomes possible.
class insecure_no_trusted_types {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit insecure_no_trusted_types(const char (&why)[N]) : reason_(why) {
    static_cast<void>(detail::check_reason(reason_.view()));
  }
  template <detail::NotALiteral<insecure_no_trusted_types> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: sp::insecure_no_trusted_types{\"the "
                  "editor writes innerHTML\"}"))) explicit insecure_no_trusted_types(Argument&&);  // NOLINT
  void apply(detail::HeaderOptions& options) const { options.trusted_types = {{}, reason_.view()}; }

 private:
  detail::LiteralText reason_;
};

/// Who may show these pages in a frame: `sp::embeddable{"https://partner.example https://other.example"}`, `sp::embeddable::by_self`, or
/// `by_nobody`, the default. Session cookies are SameSite, so a user is not signed in inside another site's frame.
class embeddable {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit embeddable(const char (&origins)[N]) : ancestors_(origins), others_(true) {
    static_cast<void>(detail::check_embedders(ancestors_.view()));
  }
  template <detail::NotALiteral<embeddable> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: "
                  "sp::embeddable{\"https://partner.example\"}"))) explicit embeddable(Argument&&);  // NOLINT
  static const embeddable by_self;
  static const embeddable by_nobody;
  constexpr void apply(detail::HeaderOptions& options) const noexcept {
    options.frame_ancestors = ancestors_.view();
    options.embeddable = others_;
  }

 private:
  struct Keyword {
    detail::LiteralText text;
  };
  constexpr explicit embeddable(Keyword keyword) noexcept : ancestors_(keyword.text) {}
  detail::LiteralText ancestors_;
  bool others_ = false;
};
inline constexpr embeddable embeddable::by_self{Keyword{detail::LiteralText("'self'")}};
inline constexpr embeddable embeddable::by_nobody{Keyword{detail::LiteralText("'none'")}};

}  // namespace sallyport
