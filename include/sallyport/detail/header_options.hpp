// HeaderOptions: what a route, its router, its app or the settings chose for the security headers.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/reason.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sallyport::detail {

/// What is wrong with a policy. One set of rules and words for literals (while compiling) and for the settings (at start).
struct PolicyFault {
  std::string_view text;       ///< "CSP-001: what to do"
  std::string_view directive;  ///< which one, or which feature; empty where it is the whole
  [[nodiscard]] constexpr std::string_view code() const noexcept { return text.substr(0, text.find(':')); }
  [[nodiscard]] constexpr std::string_view advice() const noexcept { return text.substr(text.find(':') + 2); }
};

/// While compiling this is where it ends, and the compiler shows what it was called with.
constexpr PolicyFault policy_fault(const char* text, std::string_view directive = {}) {
  if (std::is_constant_evaluated()) throw text;  // NOLINT(misc-throw-by-value-catch-by-reference)
  return {text, directive};
}

/// An option that weakens a protection needs a reason.
constexpr std::optional<PolicyFault> check_reason(std::string_view reason) {
  if (!is_reason(reason, 20))
    return policy_fault("HDR-004: say why, in words and in twenty characters or more, for whoever reviews it");
  return {};
}

/// Cuts the part before `separator` off the front of `rest`; spaces around it are dropped.
constexpr std::string_view cut(std::string_view& rest, char separator) noexcept {
  const std::size_t end = rest.find(separator);
  std::string_view part = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
  while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
  return part;
}

/// The choices that have been made; what is not chosen is the default. The texts are literals or the service's settings.
struct HeaderOptions {
  /// Directives that replace those of the same name.
  struct Directives {
    std::string_view text;
    std::string_view reason;  ///< only of `insecure_csp`
    bool operator==(const Directives&) const = default;
  };
  struct TrustedTypes {
    std::string_view names;
    std::string_view off_because;  ///< only of `insecure_no_trusted_types`
    bool operator==(const TrustedTypes&) const = default;
  };

  std::vector<Directives> csp;  ///< the nearest first: it wins, directive by directive
  std::optional<std::string_view> csp_report_only;
  std::optional<TrustedTypes> trusted_types;
  std::vector<std::string_view> permissions;  ///< the nearest first: it wins, feature by feature
  std::optional<std::string_view> coep;
  std::optional<std::string_view> coop;
  std::optional<std::string_view> corp;
  std::optional<std::string_view> referrer;
  std::optional<std::string_view> frame_ancestors;
  bool embeddable = false;                 ///< other sites may frame it; goes with `frame_ancestors`
  std::optional<std::string_view> helmet;  ///< the reason

  bool operator==(const HeaderOptions&) const = default;

  /// Takes from `outer` what has not been chosen here.
  void inherit(const HeaderOptions& outer) {
    csp.insert(csp.end(), outer.csp.begin(), outer.csp.end());
    permissions.insert(permissions.end(), outer.permissions.begin(), outer.permissions.end());
    if (!frame_ancestors) embeddable = outer.embeddable;
    const auto take = [](auto& mine, const auto& theirs) {
      if (!mine) mine = theirs;
    };
    take(csp_report_only, outer.csp_report_only);
    take(trusted_types, outer.trusted_types);
    take(coep, outer.coep);
    take(coop, outer.coop);
    take(corp, outer.corp);
    take(referrer, outer.referrer);
    take(frame_ancestors, outer.frame_ancestors);
    take(helmet, outer.helmet);
  }

  /// Calls `each(name, value, reason, insecure)` for what differs from the default; `name` is the option's.
  template <class F>
  void for_each_relaxation(F&& each) const {
    const std::string_view none;
    if (helmet) each("helmet", none, *helmet, false);
    for (const Directives& some : csp) {
      const bool insecure = !some.reason.empty();
      each(insecure ? "insecure_csp" : "csp", some.text, some.reason, insecure);
    }
    if (csp_report_only) each("csp_report_only", *csp_report_only, none, false);
    if (trusted_types && !trusted_types->off_because.empty()) {
      each("insecure_no_trusted_types", none, trusted_types->off_because, true);
    } else if (trusted_types) {
      each("trusted_types", trusted_types->names, none, false);
    }
    for (const std::string_view some : permissions) each("permissions", some, none, false);
    if (coep && *coep != "require-corp") each("coep", *coep, none, false);
    if (coop && *coop != "same-origin") each("coop", *coop, none, false);
    if (corp && *corp != "same-origin") each("corp", *corp, none, false);
    if (referrer && *referrer != "strict-origin-when-cross-origin") each("referrer", *referrer, none, false);
    if (frame_ancestors && *frame_ancestors != "'none'") each("embeddable", *frame_ancestors, none, false);
  }
};

}  // namespace sallyport::detail
