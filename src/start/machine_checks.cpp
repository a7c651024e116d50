// Checks the kernel's random numbers and clock, OpenSSL and libargon2.
#include "start/machine_checks.hpp"

#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <sys/random.h>
#include <sys/timex.h>
#include <time.h>

#include <algorithm>

#include "start/waiver.hpp"

namespace sallyport::start {

RandomDraws draw_twice() noexcept {
  std::array<std::array<unsigned char, 32>, 2> draws{};
  for (auto& draw : draws) {
    // Up to 256 bytes come whole (getrandom(2)).
    if (::getrandom(draw.data(), draw.size(), GRND_NONBLOCK) != static_cast<ssize_t>(draw.size())) return std::nullopt;
  }
  return draws;
}

void check_random(const RandomDraws& draws, ops::Findings& findings) {
  const auto constant = [](const auto& draw) {
    return std::all_of(draw.begin(), draw.end(), [&](unsigned char byte) { return byte == draw[0]; });
  };
  if (!draws)
    findings.add("CFG-070", "getrandom", "the kernel has no random numbers yet, or gives none",
                 "start the service after the machine's entropy is there, and allow it getrandom");
  else if ((*draws)[0] == (*draws)[1] || constant((*draws)[0]) || constant((*draws)[1]))
    findings.add("CFG-070", "getrandom", "the kernel's random numbers repeat themselves",
                 "do not run on this kernel or virtual machine");
}

void check_wall_clock(base::Clock::WallTime now, ops::Findings& findings) {
  if (now >= released) return;
  findings.add("CFG-070", "clock", "the machine's clock is before this release was made (" + day_text(released) + ")",
               "set it: certificates, sessions and waivers end by it");
}

bool clock_unsynchronized() noexcept {
  timex state{};
  return ::adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC) != 0;
}

void check_crypto_library(unsigned long running, unsigned long built, ops::Findings& findings) {
  // 0xMNN00PP0L: the major version in the top four bits, the minor one in the next eight (OpenSSL_version_num(3)).
  const auto minor_of = [](unsigned long version) { return version >> 20; };
  if (running < 0x30000000UL)
    findings.add_unwaivable("CFG-071", "OpenSSL", "the library that is loaded is older than 3.0");
  else if (minor_of(running) != minor_of(built))
    findings.add("CFG-071", "OpenSSL", "the library that is loaded is not of the version that was built against",
                 "build again on this machine's release");
}

void check_argon2(crypto::Argon2id* argon2id, ops::Findings& findings) {
  // RFC 9106 5.3: Argon2id, 32 KiB, three passes, four lanes.
  constexpr std::array<unsigned char, 32> expected{0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37,
                                                   0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75,
                                                   0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59};
  std::array<unsigned char, 32> password, tag{};
  std::array<unsigned char, 16> salt;
  std::array<unsigned char, 8> key;
  std::array<unsigned char, 12> data;
  password.fill(1);
  salt.fill(2);
  key.fill(3);
  data.fill(4);
  const crypto::Argon2Parameters parameters{.memory_kib = 32, .iterations = 3, .parallelism = 4};
  if (!argon2id(password, salt, key, data, parameters, tag) || tag != expected)
    findings.add_unwaivable("CFG-041", "libargon2", "the test vector of RFC 9106 does not come out",
                            "install the package libargon2-1 again");
}

std::optional<std::chrono::nanoseconds> time_of_hash(crypto::Argon2id* argon2id,
                                                     const ops::PasswordSettings& settings) {
  const auto processor_time = [] {
    timespec time{};
    static_cast<void>(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time));
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  // Measures one pass, since all passes cost the same: so a start takes less time than a sign-in.
  const crypto::Argon2Parameters one_pass{.memory_kib = settings.memory_kib, .iterations = 1};
  constexpr std::array<unsigned char, 24> password{};
  constexpr std::array<unsigned char, 16> salt{};
  std::array<unsigned char, 32> tag{};
  const auto begin = processor_time();
  if (!argon2id(password, salt, {}, {}, one_pass, tag)) return std::nullopt;
  return (processor_time() - begin) * settings.iterations;
}

void check_hash_time(std::optional<std::chrono::nanoseconds> time, ops::Findings& findings) {
  if (!time)
    findings.add_unwaivable("CFG-041", "password.memory_kib", "there is not enough memory for one hash");
  else if (*time > slowest_hash)
    findings.add("CFG-041", "password", "one hash takes more than two seconds: sign-ins would queue up",
                 "lower password.iterations, then password.memory_kib; the least: --password.iterations=2 "
                 "--password.memory-kib=19456");
}

void check_machine(base::Clock::WallTime now, ops::Findings& findings) {
  check_random(draw_twice(), findings);
  check_wall_clock(now, findings);
  check_crypto_library(OpenSSL_version_num(), OPENSSL_VERSION_NUMBER, findings);
}

}  // namespace sallyport::start
