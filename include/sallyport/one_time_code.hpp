// One-time codes: digits that are sent to somebody, kept as a digest, and guessed no more often than a route allows.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

class Codes;
class CodeAttempt;

namespace gate {
class Exchange;
}
namespace detail {
struct Admit;
class TaskContext;

/// What every `OneTimeCode` is; compiled once.
class CodeDigits : public VerifiedSecret {
 protected:
  friend class sallyport::Codes;
  friend class sallyport::CodeAttempt;
  CodeDigits() noexcept = default;
  explicit CodeDigits(std::string_view digits);
  static CodeDigits drawn(std::size_t count);
  static CodeDigits typed(std::string_view digits) { return CodeDigits(digits); }
  [[nodiscard]] static bool are_digits(std::string_view text, std::size_t count) noexcept;
  [[nodiscard]] CodeDigits copy() const;
  [[nodiscard]] std::string to_send() const;

  bool ours_ = false;  // drawn here, so that it has to be sent
};

}  // namespace detail

/// A code of `Digits` digits, typed by somebody who has been sent it. In an input it is a secret: it can't be logged, compared, shown
/// or stored. Which it is says `CodeAttempt`.
///
///     struct Confirm { sp::Email email; sp::OneTimeCode<6> code; };
template <std::size_t Digits>
class OneTimeCode final : public detail::CodeDigits {
  static_assert(Digits >= 6 && Digits <= 10,
                "SEC-011: a one-time code has 6 to 10 digits: fewer are guessed, more are mistyped");

 public:
  static constexpr std::size_t min_length = Digits;
  static constexpr std::size_t max_length = Digits;
  static constexpr std::string_view format = "one-time-code";

  /// A new code from the system's random generator. Send it with `to_send()`, and keep `Codes::digest` of it.
  [[nodiscard]] static OneTimeCode random() { return OneTimeCode(drawn(Digits)); }
  /// Exactly `Digits` digits; else `format`.
  static Parsed<OneTimeCode> parse(std::string_view text) {
    if (!are_digits(text, Digits)) return InputError::format;
    return OneTimeCode(typed(text));
  }

  /// The digits of a code that `random()` made, for the message that carries them and for nothing else. Throws `std::logic_error` for one
  /// that a client has sent.
  [[nodiscard]] std::string to_send() const { return detail::CodeDigits::to_send(); }

 private:
  explicit OneTimeCode(detail::CodeDigits&& digits) noexcept : detail::CodeDigits(std::move(digits)) {}
};

/// What a code is for, a literal of two words or more: a code for one purpose is none for another.
class CodePurpose {
 public:
  template <std::size_t N>
  consteval CodePurpose(const char (&purpose)[N]) : text_(purpose) {  // NOLINT(google-explicit-constructor)
    if (text_.view().empty()) throw "LIT-001: name what the code is for: \"confirm an e-mail address\"";
  }
  template <detail::NotALiteral<CodePurpose> Argument>
  __attribute__((unavailable("LIT-001: what a code is for is a \"literal\": \"confirm an e-mail address\"")))
  CodePurpose(Argument&&);  // NOLINT: every other argument, to say why not
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }

 private:
  detail::LiteralText text_;
};

/// A handler's parameter that makes what is kept of a code.
///
///     const auto code = sp::OneTimeCode<6>::random();
///     co_await db.run("UPDATE accounts SET code = ? WHERE id = ?", codes.digest(code, in->email, "confirm the address", 15min), id);
class Codes {
 public:
  /// A text to be stored: when the code ends, and an HMAC of it, of the account, the purpose and the end under a key of the service. Nobody
  /// who reads it learns the code. `lifetime`: 1 minute to 24 hours, else `std::invalid_argument` (500).
  template <std::size_t Digits>
  [[nodiscard]] std::string digest(const OneTimeCode<Digits>& code, const Email& account, CodePurpose purpose,
                                   std::chrono::seconds lifetime) const {
    return digest_of(code, account.key(), purpose, lifetime);
  }
  /// The same for the account that calls.
  template <std::size_t Digits>
  [[nodiscard]] std::string digest(const OneTimeCode<Digits>& code, const SignedIn& me, CodePurpose purpose,
                                   std::chrono::seconds lifetime) const {
    return digest_of(code, account_of(me), purpose, lifetime);
  }

 private:
  friend struct detail::Admit;
  explicit Codes(detail::TaskContext& request) noexcept : request_(request) {}
  [[nodiscard]] static std::string account_of(const SignedIn& me);
  [[nodiscard]] std::string digest_of(const detail::CodeDigits& code, const std::string& account,
                                      const CodePurpose& purpose, std::chrono::seconds lifetime) const;
  detail::HeldRequest request_;
};

/// Whether a code was the right one. Where nobody looks at it, the request ends with 500.
class [[nodiscard(
    "a wrong code is refused by the handler: if (!co_await attempt.matches(…)) throw sp::Problem(…)")]] CodeMatch {
 public:
  [[nodiscard]] explicit operator bool() const noexcept {
    look_.looked_at();
    return right_;
  }

 private:
  friend class CodeAttempt;
  explicit CodeMatch(bool right) noexcept : right_(right) {}
  bool right_;
  detail::ToBeLookedAt look_{"nobody looked at whether a code was right: write if (!co_await attempt.matches(…))"};
};

/// This request's attempt at a code, on a route with `attempts`: counted for the `Email` of the input (without one, for the account
/// that calls) and for the source before the code is
/// looked at. One request is one guess: a second one in the same request ends it (500). An attempt that the handler does not make counts
/// as failed; where an invalid `TryForm` names no account, none is counted,
/// and none matches.
///
///     if (!co_await attempt.matches(in->code, kept, "confirm the address")) throw sp::Problem(403, "Wrong or old code");
///     co_await db.run("UPDATE accounts SET code = '', confirmed = TRUE WHERE …")   // a code is good once: forget it
class CodeAttempt {
 public:
  CodeAttempt(CodeAttempt&&) noexcept = default;
  CodeAttempt& operator=(CodeAttempt&&) = delete;
  CodeAttempt(const CodeAttempt&) = delete;
  CodeAttempt& operator=(const CodeAttempt&) = delete;
  ~CodeAttempt() = default;

  /// Whether `typed` is the code of which `kept` is the digest, made for this account and purpose, and has not ended. In constant time; an
  /// empty `kept`, of somebody who was sent none, costs the same. No match counts as a failure.
  template <std::size_t Digits>
  [[nodiscard]] Task<CodeMatch> matches(const OneTimeCode<Digits>& typed, std::string_view kept, CodePurpose purpose) {
    return compare(request_, typed.copy(), std::string(kept), purpose);
  }

 private:
  friend struct detail::Admit;
  explicit CodeAttempt(detail::TaskContext& request) noexcept : request_(request) {}
  static Task<CodeMatch> compare(detail::HeldRequest request, detail::CodeDigits typed, std::string kept,
                                 CodePurpose purpose);
  detail::HeldRequest request_;
};

}  // namespace sallyport
