// Users, the signed-in caller and the session as a handler sees them.
#pragma once

#include <sallyport/id.hpp>
#include <sallyport/response.hpp>
#include <sallyport/view.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport {

namespace gate {
class Exchange;
}
namespace detail {
struct Admit;
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

/// The signed-in caller. Only the kernel makes one, from a valid session. The texts live as long as it, or a copy of it, does; a copy that
/// is kept says who called then, and proves nothing in another request.
class SignedIn {
 public:
  template <class... Any>
    requires(sizeof...(Any) != 1)
  __attribute__((
      unavailable("PROOF-002: only the kernel makes a SignedIn: take it as a parameter of the handler, on a route with "
                  "sp::signed_in"))) explicit SignedIn(Any&&...);

  const OwnedId<User> id;  ///< the proof that a row is the caller's, where a query compares the owner with it
  const std::string_view name;
  const std::string_view email;
  const std::string_view role;  ///< empty for an ordinary user

 private:
  friend struct detail::Admit;
  SignedIn(OwnedId<User> who, std::string_view n, std::string_view e, std::string_view r,
           std::shared_ptr<const void> texts)
      : id(who), name(n), email(e), role(r), texts_(std::move(texts)) {}
  std::shared_ptr<const void> texts_;  // what the views look at
};

/// A route's limit on failed attempts (sign-in, sign-up, password reset): counted per account, which is the `Email` member of
/// the body, and per source (IPv4 address or IPv6 /56). An attempt is counted before the password is verified and given back when
/// it succeeds, so that parallel guesses can't all pass. At the limit every attempt is answered 429, even with the right
/// password, so that the answer does not tell whether it is right.
struct attempts {
  using is_route_option = void;
  std::uint32_t max = 5;  ///< failures per account in a window (promise M2: 5 in 15 minutes)
  std::chrono::seconds per = std::chrono::minutes(15);  ///< the window, from the first failure
  std::uint32_t max_per_source = 20;  ///< failures per source in the same window, and sign-ups that succeed
};

/// The session that the request came with. It can end this session and nobody else's. Once `sign_out` or `sign_out_everywhere` has been called,
/// the session ends, even if the handler answers something else or throws afterwards. An account is deleted only if the handler
/// returns what `delete_account` has answered.
class CurrentSession {
 public:
  /// The session is destroyed, its cookie expired, the browser told to clear what it holds (`Clear-Site-Data`). Answers 204.
  [[nodiscard]] Response sign_out();
  /// The same, answering `response`.
  [[nodiscard]] Response sign_out(Response response);

  /// All sessions of this user are destroyed, on every device.
  [[nodiscard]] Response sign_out_everywhere();
  [[nodiscard]] Response sign_out_everywhere(Response response);

  /// The caller's own account is deleted, with its sessions and with what refers to it in the application's tables (`ON DELETE CASCADE`);
  /// where a table refers to it and says neither that nor `SET NULL`, nothing is deleted and the answer is 409. Nor is it after a wrong
  /// password (401), or the password of another account (403), in this request.
  [[nodiscard]] Response delete_account();
  [[nodiscard]] Response delete_account(Response response);

 private:
  friend struct detail::Admit;
  CurrentSession() = default;
};

}  // namespace sallyport
