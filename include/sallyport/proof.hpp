// Proofs of who somebody is, and the attempts that make them: the only way to a session.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/response.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace sallyport {

namespace gate {
class Exchange;
}
namespace identity {
struct SessionGrant;
}
namespace detail {
struct Admit;
class TaskContext;
struct ProofMaker;
}  // namespace detail

/// What came of an attempt, for a handler that has to look at it. Only the kernel makes one. It is good for its request alone: kept and
/// used in another, it ends that request (500) and no session begins.
///
///     sp::Proof proof = co_await attempt.try_password(in->email, in->password);
///     if (proof) co_await greet(proof.user());
///     co_return std::move(proof).begin_session();
///
/// That of a wrong password begins no session, and answers what the client is to be told. One that nobody looks at ends the request (500).
class [[nodiscard("a session begins only with the answer that begin_session() makes")]] Proof {
 public:
  Proof(const Proof&) = delete;             // PROOF-001: a proof is good for one session: std::move it
  Proof& operator=(const Proof&) = delete;  // PROOF-001: a proof is good for one session: std::move it
  Proof(Proof&&) noexcept = default;
  Proof& operator=(Proof&&) noexcept = default;
  ~Proof() = default;

  /// Whether somebody was proved to be who they say.
  [[nodiscard]] explicit operator bool() const noexcept {
    look_.looked_at();
    return proved_ && !grant_.expired();
  }
  /// Who. When the proof has failed, the request ends with the answer for that.
  [[nodiscard]] User user() const;
  /// Their id, as `me.id` of a `SignedIn` is: for what a new account starts with. Like `user()` when the proof has failed.
  [[nodiscard]] OwnedId<User> id() const;

  /// A session begins with this answer: the old one of this browser is destroyed, a new id is drawn, the hardened cookie set. Answers
  /// the user as JSON. When the proof has failed: 401 with one text for every cause (a sign-up: 409).
  [[nodiscard]] Response begin_session() &&;
  /// The same, answering `response` (a redirect, say) when the proof holds. No session begins with an answer of 400 or more.
  [[nodiscard]] Response begin_session(Response response) &&;
  /// Gives this user, who has just proved who they are, another password, and ends all their sessions: begin one afterwards. When the
  /// proof has failed, the request ends with the answer for that; where somebody else is signed in, with 403. Throws a `Problem` (400) for a password that is little more than the
  /// e-mail or the name.
  ///
  ///     sp::Proof proof = co_await attempt.try_password(in->email, in->password);
  ///     co_await proof.set_password(in->chosen);
  ///     co_return std::move(proof).begin_session();
  [[nodiscard]] Task<void> set_password(const NewPassword& password) const;

  Response begin_session() const& = delete;          // PROOF-001: write std::move(proof).begin_session()
  Response begin_session(Response) const& = delete;  // PROOF-001: write std::move(proof).begin_session(…)

 private:
  friend struct detail::ProofMaker;
  using Grant = std::weak_ptr<const identity::SessionGrant>;
  Proof(Grant grant, Problem refusal, bool proved);  // PROOF-001: only the kernel makes one: attempt.try_password(…)

  [[nodiscard]] std::shared_ptr<const identity::SessionGrant> granted() const;

  Grant grant_;  // the request has it, so it ends with the request
  Problem refusal_;
  bool proved_;
  detail::ToBeLookedAt look_{"nobody looked at a Proof: write if (!proof), or answer std::move(proof).begin_session()"};
};

/// This request's attempt at signing in, on a route with `attempts`. One request is one guess, which is counted before the password
/// is verified: a second one in the same request ends it (500). An attempt that the handler does not make counts as failed; of a
/// `TryForm` that is invalid none is counted, since it holds no password that could be tried.
///
///     sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
///       co_return co_await attempt.password(in->email, in->password);
///     }
///
/// Takes the e-mail that the attempt is counted for, the `Email` of the input; another ends the request (500). Argon2id runs on the hashing
/// pool; an unknown e-mail costs the same time. Throws `Overloaded` (503) when the pool's queue is full.
class SignInAttempt {
 public:
  SignInAttempt(SignInAttempt&&) noexcept = default;
  SignInAttempt& operator=(SignInAttempt&&) = delete;
  SignInAttempt(const SignInAttempt&) = delete;
  SignInAttempt& operator=(const SignInAttempt&) = delete;
  ~SignInAttempt() = default;

  /// Verifies the password and is the answer: a session and the user as JSON, or 401 with one text for every cause.
  [[nodiscard]] Task<Response> password(const Email& email, const Password& password);
  /// The same, answering `welcome` (a redirect, say) when the password is right.
  [[nodiscard]] Task<Response> password(const Email& email, const Password& password, Response welcome);
  /// The same for pages: when the password is wrong, answers `again`, with status 401.
  [[nodiscard]] Task<Response> password(const Email& email, const Password& password, Response welcome, Page again);

  /// Verifies the password, for a handler that has to look at the outcome.
  [[nodiscard]] Task<Proof> try_password(const Email& email, const Password& password);

  template <class... Any>
  void succeeded(const Any&...) {
    static_assert(sizeof...(Any) > 1000,
                  "PROOF-001: a User is no proof of who somebody is: co_return co_await attempt.password(in->email, "
                  "in->password), "
                  "or take the Proof of try_password");
  }

 private:
  friend struct detail::Admit;
  explicit SignInAttempt(detail::TaskContext& request) noexcept : request_(request) {}
  detail::HeldRequest request_;
};

/// This request's attempt at making an account, on a route with `attempts`: an e-mail that has one already counts as failed.
///
///     sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
///       co_return co_await attempt.create(in->name, in->email, in->password);
///     }
///
/// What it says of `SignInAttempt` holds here. Throws a `Problem` (400) for a password that is little more than the e-mail or the name.
class SignUpAttempt {
 public:
  SignUpAttempt(SignUpAttempt&&) noexcept = default;
  SignUpAttempt& operator=(SignUpAttempt&&) = delete;
  SignUpAttempt(const SignUpAttempt&) = delete;
  SignUpAttempt& operator=(const SignUpAttempt&) = delete;
  ~SignUpAttempt() = default;

  /// Makes the account and is the answer: a session and the user as JSON (201), or 409 when the e-mail has an account already.
  [[nodiscard]] Task<Response> create(std::string_view name, const Email& email, const NewPassword& password);
  /// The same, answering `welcome` (a redirect, say) when the account is made.
  [[nodiscard]] Task<Response> create(std::string_view name, const Email& email, const NewPassword& password,
                                      Response welcome);
  /// The same for pages: when the e-mail has an account, answers `again`, with status 409.
  [[nodiscard]] Task<Response> create(std::string_view name, const Email& email, const NewPassword& password,
                                      Response welcome, Page again);

  /// Makes the account unless the e-mail has one, and answers `same` either way, after the same time: who signs up learns nothing about
  /// others. No session begins, since it would tell. Say so in words: "If the address was new, you can sign in now."
  [[nodiscard]] Task<Response> create_quietly(std::string_view name, const Email& email, const NewPassword& password,
                                              Response same);

  /// Makes the account, for a handler that has to look at the outcome. Without `begin_session` nobody is signed in.
  [[nodiscard]] Task<Proof> try_create(std::string_view name, const Email& email, const NewPassword& password);

 private:
  friend struct detail::Admit;
  explicit SignUpAttempt(detail::TaskContext& request) noexcept : request_(request) {}
  detail::HeldRequest request_;
};

}  // namespace sallyport
