// Password hashes: Argon2id (RFC 9106). Everything here takes long on purpose: call it from a pool, not an event loop.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <sallyport/secret.hpp>

#include "crypto/phc.hpp"

namespace sallyport::crypto {

/// How a check of a password ended.
enum class PasswordCheck : unsigned char {
  match,
  match_as_typed,  ///< of a hash that is older than the preparing of passwords (RFC 8265): to be hashed again
  mismatch,
  damaged_hash,   ///< the stored hash can't be read; took as long as any other check. The operator must look at it
  out_of_memory,  ///< nothing was decided: answer 503
};

/// Makes and checks password hashes. Any number of threads may use one object.
class PasswordHasher {
 public:
  /// Parameters that are not `computable` are raised or lowered to the nearest that are.
  explicit PasswordHasher(const Argon2Parameters& parameters = {}) noexcept;

  [[nodiscard]] const Argon2Parameters& parameters() const noexcept { return parameters_; }

  /// The hash to store: a PHC string with 16 bytes of salt and a tag of 32. Nothing when memory ran out.
  [[nodiscard]] std::optional<std::string> hash(const NewPassword& password) const;
  /// The same for a password that has just been verified and whose hash `needs_rehash`.
  [[nodiscard]] std::optional<std::string> hash(const Password& password) const;

  /// Compares the password as RFC 8265 prepares it, and where that is not what was typed and does not match, as it was typed.
  [[nodiscard]] PasswordCheck verify(const Password& password, std::string_view stored) const;

  /// What to call when the account does not exist: takes as long as `verify` of a hash with the parameters of
  /// today, and never matches. Answers `mismatch` or `out_of_memory`.
  PasswordCheck verify_unknown(const Password& password) const;

  /// Whether `stored` is weaker than what `hash` makes today, or can't be read.
  [[nodiscard]] bool needs_rehash(std::string_view stored) const noexcept;

 private:
  Argon2Parameters parameters_;
  Argon2Hash nobody_;  // random salt and tag: the hash of no password that anyone could find
};

/// Whether these are as strong as `argon2_minimum` at least.
constexpr bool meets_minimum(const Argon2Parameters& p) noexcept {
  return p.memory_kib >= argon2_minimum.memory_kib && p.iterations >= argon2_minimum.iterations;
}

/// A machine that needs longer for one hash with the default parameters gets the minimum instead.
constexpr std::chrono::milliseconds slowest_sign_in{500};

/// Hashes once with the default parameters; false when memory ran out.
bool try_default_parameters();

/// The parameters for this machine: the default, or the minimum where that takes more than `slowest_sign_in` or more
/// memory than there is. `now` returns the steady time; hashes once between two calls of it.
template <class Now>
[[nodiscard]] Argon2Parameters choose_parameters(Now&& now) {
  const auto begin = now();
  const bool done = try_default_parameters();
  return done && now() - begin <= slowest_sign_in ? Argon2Parameters{} : argon2_minimum;
}

/// Argon2id itself, with RFC 9106's optional key and associated data. False when memory ran out or an argument is
/// outside of what the algorithm takes.
using Argon2id = bool(ByteView password, ByteView salt, ByteView key, ByteView associated_data,
                      const Argon2Parameters& parameters, std::span<unsigned char> tag) noexcept;
[[nodiscard]] bool argon2id(ByteView password, ByteView salt, ByteView key, ByteView associated_data,
                            const Argon2Parameters& parameters, std::span<unsigned char> tag) noexcept;

}  // namespace sallyport::crypto
