// Accounts, sign-in and sessions as a handler sees them.
#pragma once

#include <sallyport/id.hpp>
#include <sallyport/response.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>
#include <sallyport/view.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

namespace gate {
class Exchange;
}
namespace identity {
class AccountStore;
}
namespace detail {
struct Admit;

/// What a request's calls of `Accounts` have found. The limit on attempts depends on this, not on the handler's answer.
struct AttemptOutcome {
  std::string account;  ///< the e-mail that the attempt is counted for, as `Email::key` has it; empty: none was named
  bool succeeded = false;
  bool failed = false;
  bool created = false;  ///< an account was made

  void record(bool success) noexcept { (success ? succeeded : failed) = true; }
};
}  // namespace detail

/// An account. Its password hash stays in the accounts store, so no field can leak it.
struct User {
  Id<User> id;
  std::string name;
  std::string email;
  std::string role;  ///< empty for an ordinary user
};
template <>
struct view<User> {
  using show = fields<&User::id, &User::name, &User::email>;
  using hidden = fields<&User::role>;
};

/// The signed-in caller. Only the kernel makes one, from a valid session. The texts live as long as the request.
class SignedIn {
 public:
  const Id<User> id;
  const std::string_view name;
  const std::string_view email;
  const std::string_view role;  ///< empty for an ordinary user

 private:
  friend struct detail::Admit;
  SignedIn(Id<User> who, std::string_view n, std::string_view e, std::string_view r)
      : id(who), name(n), email(e), role(r) {}
};

/// A route's limit on failed attempts (sign-in, sign-up, password reset): counted per account, which is the `Email` member of
/// the body, and per source (IPv4 address or IPv6 /56). An attempt is counted before the password is verified and given back when
/// it succeeds, so that parallel guesses can't all pass. At the limit every attempt is answered 429, even with the right
/// password, so that the answer does not tell whether it is right.
struct attempts {
  using is_route_option = void;
  std::uint32_t max = 5;  ///< failures per account in a window (promise M2: 5 in 15 minutes)
  std::chrono::seconds per = std::chrono::minutes(15);  ///< the window, from the first failure
  std::uint32_t max_per_source = 20;                    ///< failures per source in the same window
};

/// This request's attempt, on a route with `attempts`. The handler reports its outcome; without a report it counts as
/// failed.
class SignInAttempt {
 public:
  /// Counted; 401 with one text for every cause.
  [[nodiscard]] Response failed();
  /// Counted; answers `page` (give it status 401) instead of the problem document.
  [[nodiscard]] Response failed(Page page);
  /// Not counted; a session begins: the old one of this browser is destroyed, a new id is drawn, the hardened cookie set. Answers
  /// the user as JSON.
  [[nodiscard]] Response succeeded(const User& user);
  /// The same, answering `response` (a redirect, say).
  [[nodiscard]] Response succeeded(const User& user, Response response);

 private:
  friend struct detail::Admit;
  explicit SignInAttempt(gate::Exchange& exchange) : exchange_(&exchange) {}
  gate::Exchange* exchange_;
};

/// The session that the request came with.
class CurrentSession {
 public:
  /// The session is destroyed, its cookie expired, the browser told to clear what it holds (`Clear-Site-Data`). Answers 204.
  [[nodiscard]] Response sign_out();
  /// The same, answering `response`.
  [[nodiscard]] Response sign_out(Response response);

 private:
  friend struct detail::Admit;
  explicit CurrentSession(gate::Exchange& exchange) : exchange_(&exchange) {}
  gate::Exchange* exchange_;
};

/// The accounts of this service. A route that takes it must set how many failures it allows (`attempts`), or it does not compile. These functions
/// find whether an attempt has failed, whatever the handler answers. They take the e-mail that the attempt is counted for, and throw
/// `std::logic_error` (500) for another.
class Accounts {
 public:
  /// The user, when the password is right. Argon2id on the hashing pool; an unknown e-mail costs the same time. Throws
  /// `Overloaded` (503) when the pool's queue is full.
  [[nodiscard]] Task<std::optional<User>> verify(const Email& email, const Password& password);

  /// A new account. No value when the e-mail has an account already. Throws a `Problem` (400) for a password that is
  /// little more than the e-mail or the name.
  [[nodiscard]] Task<std::optional<User>> create(std::string_view name, const Email& email,
                                                 const NewPassword& password);

 private:
  friend class identity::AccountStore;
  friend struct detail::Admit;
  explicit Accounts(identity::AccountStore& store, detail::AttemptOutcome* outcome = nullptr)
      : store_(store), outcome_(outcome) {}
  void check_account(const Email& email) const;
  identity::AccountStore& store_;
  detail::AttemptOutcome* outcome_;  // of the request; null in tests of the store alone
};

}  // namespace sallyport
