// Attempts at passwords: counted per source and per account before the password is verified.
#pragma once

#include <sallyport/task.hpp>

#include "gate/exchange.hpp"
#include "limits/charge.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::gate {

/// What a route allows, and in which group its attempts are counted.
struct AttemptLimit {
  std::uint32_t max = 5;              ///< failures of an account
  std::uint32_t max_per_source = 20;  ///< attempts of a source, until one succeeds; of sign-ups all
  std::chrono::nanoseconds per{};
  /// Keys of one group and of another never meet. All routes that sign in are one group: a form and an API must not add up to twice the
  /// guesses. So are all that sign up, and all that take one-time codes.
  enum Group : std::uint64_t { sign_in = 0, sign_up = 1, code = 2 };
  std::uint64_t group = sign_in;
  /// When the account was unlocked last, in milliseconds since 1970; 0: never. What was counted before is forgotten. For one period after
  /// it each source has its own attempts at the account, ten times as many together: who goes on guessing elsewhere does not shut it again
  /// before its owner gets in.
  std::int64_t unlocked_at = 0;
};

/// One request's attempt. Its site keeps it.
struct Attempt {
  enum class State : std::uint8_t { none, counted, failed, succeeded };

  State state = State::none;
  std::array<limits::Charge, 3>
      charges{};          ///< the source's, the account's (or its device's), and that of an unlocked account
  std::size_t count = 0;  ///< of `charges`
  std::int64_t at_ns = 0;
  bool source_pays = false;  ///< for a success as well: accounts, of which one source makes few

  [[nodiscard]] std::span<const limits::Charge> charged() const noexcept { return std::span(charges).first(count); }
};

/// Counts an attempt at `account`, a text that names one. `device`: the browser has signed in to it before and has a counter of its own,
/// so that guesses of others do not lock it out. False: the answer is a refusal, 429, or 503 while the store can't be reached.
[[nodiscard]] Task<bool> count_attempt(Exchange& exchange, Attempt& attempt, AttemptLimit limit,
                                       std::string_view account, std::optional<std::string> device);

/// Whether `what`, a text of some group, is used for the first time within `lifetime`. False as well while the store can't be reached.
[[nodiscard]] Task<bool> use_once(Exchange& exchange, AttemptLimit::Group group, std::string_view what,
                                  std::chrono::nanoseconds lifetime);

/// The outcome is known: after a success the account's failures are forgotten, and the source gets its attempt back where it was no sign-up.
void finish_attempt(Exchange& exchange, const Attempt& attempt);

/// The password was not verified: gives the attempt back.
void give_attempt_back(Exchange& exchange, Attempt& attempt);

}  // namespace sallyport::gate
