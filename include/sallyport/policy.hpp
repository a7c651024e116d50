// Policies: who may call a route. A route without one does not compile.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/drivers.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/reason.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sallyport {

namespace detail {

struct HandlerFacts;
struct PolicyCheck;

/// A policy as the route table keeps it and the route report prints it.
struct PolicyFacts {
  enum class Kind : std::uint8_t { anyone, signed_in, role, owner, when, any_of, all_of, signed_by };
  Kind kind = Kind::anyone;
  std::string_view note{};                   ///< the reason of `anyone`, the name of the function of `when`
  const DatabaseDriver* sessions = nullptr;  ///< where the session that it needs is kept
  std::vector<std::string_view> roles{};     ///< of `role`: one of them is enough
  std::vector<PolicyFacts> parts{};          ///< of `any_of` and `all_of`
  const PolicyCheck* check = nullptr;        ///< of `when`
  bool hidden = false;                       ///< whom it refuses gets 404, as if there were nothing

  /// Whether it is plain `anyone`, so that there is nothing to ask.
  [[nodiscard]] bool is_anyone() const noexcept { return kind == Kind::anyone; }
};

}  // namespace detail

/// Any caller, signed in or not: `sp::anyone("the sign-in form")`. The reason is for the reviewer who reads the route report.
class anyone {
 public:
  template <std::size_t N>
  consteval explicit anyone(const char (&why)[N]) : why_(why) {
    check(why_.view());
  }
  template <detail::NotALiteral<anyone> Argument>
  __attribute__((
      unavailable("LIT-001: the reason is a \"literal\" that a reviewer can read: sp::anyone(\"the sign-in "
                  "form\")"))) explicit anyone(Argument&&);  // NOLINT
  __attribute__((unavailable("AUTHZ-002: say why anyone may call this route: sp::anyone(\"the sign-in form\")")))
  anyone();
  [[nodiscard]] detail::PolicyFacts facts() const {
    return {.kind = detail::PolicyFacts::Kind::anyone, .note = why_.view()};
  }
  static constexpr bool knows_who = false;

 private:
  static consteval void check(std::string_view why) {
    if (!detail::is_reason(why))
      throw "AUTHZ-002: say why anyone may call this route, in two words and ten characters or more";
  }
  detail::LiteralText why_;
};

/// Callers with a valid session; others get 401 (pages: a redirect to the sign-in page, where the app names one).
struct SignedInPolicy {
  static constexpr bool knows_who = true;
  [[nodiscard]] detail::PolicyFacts facts() const {
    return {.kind = detail::PolicyFacts::Kind::signed_in, .sessions = &detail::sqlite_driver};
  }
};
inline constexpr SignedInPolicy signed_in{};

namespace detail {
/// How long the name of a role may be, in bytes.
inline constexpr std::size_t longest_role = 64;

/// Whether a route could ask for it: some text without control characters and without spaces around it.
[[nodiscard]] constexpr bool is_role_name(std::string_view name) noexcept {
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return !name.empty() && name.size() <= longest_role && name.front() != ' ' && name.back() != ' ';
}
}  // namespace detail

/// Signed-in callers who have the role, or one of several: `sp::role("admin", "editor")`; others get 403.
class role {
 public:
  static constexpr bool knows_who = true;
  static constexpr bool needs_role = true;
  template <std::size_t N>
  consteval explicit role(const char (&name)[N]) : names_{detail::LiteralText(name)}, size_(1) {
    check(names_[0].view());
  }
  template <std::size_t... N>
    requires(sizeof...(N) > 1 && sizeof...(N) <= 8)
  consteval explicit role(const char (&... names)[N]) : names_{detail::LiteralText(names)...}, size_(sizeof...(N)) {
    for (std::size_t i = 0; i < size_; ++i) check(names_[i].view());
  }
  // NOLINTBEGIN(bugprone-forwarding-reference-overload): every other argument, to say why not
  template <detail::NotALiteral<role> Argument>
  __attribute__((unavailable("LIT-001: the name of a role is a \"literal\": sp::role(\"editor\")"))) explicit role(
      Argument&&);
  // NOLINTEND(bugprone-forwarding-reference-overload)
  [[nodiscard]] detail::PolicyFacts facts() const {
    detail::PolicyFacts facts{.kind = detail::PolicyFacts::Kind::role, .sessions = &detail::sqlite_driver};
    for (std::size_t i = 0; i < size_; ++i) facts.roles.push_back(names_[i].view());
    return facts;
  }

 private:
  static consteval void check(std::string_view name) {
    if (!detail::is_role_name(name))
      throw "AUTHZ-005: name the role: 64 bytes at most, no control characters, no spaces around it";
  }
  std::array<detail::LiteralText, 8> names_;
  std::size_t size_;
};

/// A route option: which roles `AccountsAdmin::set_role` may give, and take, on this route, besides the one that the caller holds:
/// `app.put("/users/:id/role", sp::role("admin"), sp::gives("editor", "author"), set_role)`.
class gives {
 public:
  using is_route_option = void;
  using is_gives_option = void;
  template <std::size_t... N>
    requires(sizeof...(N) > 0 && sizeof...(N) <= 8)
  consteval explicit gives(const char (&... roles)[N]) : roles_{detail::LiteralText(roles)...}, size_(sizeof...(N)) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (!detail::is_role_name(roles_[i].view()))
        throw "AUTHZ-005: name the role: 64 bytes at most, no control characters, no spaces around it";
    }
  }
  [[nodiscard]] constexpr std::span<const detail::LiteralText> roles() const noexcept { return {roles_.data(), size_}; }

 private:
  std::array<detail::LiteralText, 8> roles_;
  std::size_t size_;
};

/// The owner of the `T` that `:id` in the path names. The handler takes it as `Owned<T>`; all others get 404, as if it did not exist.
template <class T>
struct OwnerPolicy {
  using Entity = T;
  static constexpr bool knows_who = true;
  [[nodiscard]] detail::PolicyFacts facts() const {
    return {.kind = detail::PolicyFacts::Kind::owner, .sessions = &detail::sqlite_driver};
  }
};
template <class T>
inline constexpr OwnerPolicy<T> owner{};

namespace detail {

/// The policies above, and those of when.hpp: the kernel can't enforce others.
template <class T>
inline constexpr bool is_policy = false;
template <>
inline constexpr bool is_policy<anyone> = true;
template <>
inline constexpr bool is_policy<SignedInPolicy> = true;
template <>
inline constexpr bool is_policy<role> = true;
template <class T>
inline constexpr bool is_policy<OwnerPolicy<T>> = true;

/// Whether every caller whom it admits has a role that the route names.
template <class Policy>
inline constexpr bool by_role = requires { requires Policy::needs_role; };

}  // namespace detail

}  // namespace sallyport
