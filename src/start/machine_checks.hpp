// Checks of the machine: random numbers, clock, cryptographic library (CFG-070, 071), and the time of a password hash (CFG-041).
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "crypto/password_hash.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

namespace sallyport::start {

/// No machine that runs this release has a clock before this day. A constant, so that the build is reproducible.
inline constexpr std::chrono::sys_days released = std::chrono::year(2025) / 1 / 1;

/// Two draws of getrandom that did not wait; nothing when the system call failed.
using RandomDraws = std::optional<std::array<std::array<unsigned char, 32>, 2>>;
[[nodiscard]] RandomDraws draw_twice() noexcept;

/// CFG-070: getrandom fails, would wait, or repeats itself; the wall clock is before `released`. Neither is a statistical test: they
/// find a generator that is broken or missing, not one that is weak.
void check_random(const RandomDraws& draws, ops::Findings& findings);
void check_wall_clock(base::Clock::WallTime now, ops::Findings& findings);
/// Whether the kernel reports an unsynchronized clock (adjtimex). Only logged: inside a container this may be wrong.
[[nodiscard]] bool clock_unsynchronized() noexcept;

/// CFG-071: OpenSSL older than 3.0, or of another minor version than it was built against. Versions as OpenSSL packs them (0xMNN00PP0L).
void check_crypto_library(unsigned long running, unsigned long built, ops::Findings& findings);

/// CFG-041: libargon2 does not compute RFC 9106's test vector.
void check_argon2(crypto::Argon2id* argon2id, ops::Findings& findings);
/// The longest and the shortest acceptable time of a hash.
inline constexpr std::chrono::milliseconds slowest_hash{2000};
inline constexpr std::chrono::milliseconds quick_hash{50};
/// The processor time of one hash with the settings' parameters: not wall time, so that a busy machine is not taken for a slow one.
/// Measured on one pass. Nothing when memory runs out.
[[nodiscard]] std::optional<std::chrono::nanoseconds> time_of_hash(crypto::Argon2id* argon2id,
                                                                   const ops::PasswordSettings& settings);
/// CFG-041: slower than `slowest_hash`, or no memory for one.
void check_hash_time(std::optional<std::chrono::nanoseconds> time, ops::Findings& findings);

/// CFG-070 and 071 of this machine.
void check_machine(base::Clock::WallTime now, ops::Findings& findings);

}  // namespace sallyport::start
