// Password hashes with libargon2's core, and a PHC reader of our own: the library's takes any cost that a string names.
#include "crypto/password_hash.hpp"

#include <argon2.h>

#include <algorithm>

#include "base/unicode.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_file.hpp"

namespace sallyport::crypto {
namespace {

constexpr std::size_t salt_size = 16;  // RFC 9106 §3.1 recommends 16 bytes for passwords
constexpr std::size_t tag_size = 32;   // 256 bits (RFC 9106 §4)

Argon2Parameters nearest_computable(Argon2Parameters p) noexcept {
  p.parallelism = std::clamp(p.parallelism, 1U, argon2_cap.parallelism);
  p.iterations = std::clamp(p.iterations, 1U, argon2_cap.iterations);
  p.memory_kib = std::clamp(p.memory_kib, 8 * p.parallelism, argon2_cap.memory_kib);
  return p;
}

std::optional<std::string> new_hash(ByteView password, const Argon2Parameters& parameters) {
  Argon2Hash hash{.parameters = parameters, .salt_size = salt_size, .tag_size = tag_size};
  random_bytes(std::span{hash.salt_bytes}.first(salt_size));
  if (!argon2id(password, hash.salt(), {}, {}, parameters, std::span{hash.tag_bytes}.first(tag_size)))
    return std::nullopt;
  return write_phc(hash);
}

PasswordCheck check_bytes(ByteView password, const Argon2Hash& stored) noexcept {
  std::array<unsigned char, Argon2Hash::max_tag> bytes;
  const auto tag = std::span{bytes}.first(stored.tag_size);
  if (!argon2id(password, stored.salt(), {}, {}, stored.parameters, tag)) return PasswordCheck::out_of_memory;
  return ct_equal(tag, stored.tag()) ? PasswordCheck::match : PasswordCheck::mismatch;
}

// A second hash is made only for what is not typed as it is prepared, whether or not there is such an account.
PasswordCheck check(const detail::Secret& password, const Argon2Hash& stored) noexcept {
  return password.expose([&](ByteView typed) {
    Scratch<base::prepared_size(Password::max_bytes)> room;
    const std::size_t size = base::prepare_password(typed, room.bytes);
    const ByteView prepared = ByteView(room.bytes).first(size);
    const PasswordCheck outcome = check_bytes(prepared, stored);
    if (outcome != PasswordCheck::mismatch || std::ranges::equal(prepared, typed)) return outcome;
    const PasswordCheck old = check_bytes(typed, stored);
    return old == PasswordCheck::match ? PasswordCheck::match_as_typed : old;
  });
}

}  // namespace

bool argon2id(ByteView password, ByteView salt, ByteView key, ByteView associated_data,
              const Argon2Parameters& parameters, std::span<unsigned char> tag) noexcept {
  // The C structure takes pointers to bytes it does not write: no flag here asks it to clear its inputs.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  const auto input = [](ByteView bytes) { return const_cast<unsigned char*>(bytes.data()); };
  const auto size = [](auto bytes) { return static_cast<std::uint32_t>(bytes.size()); };
  argon2_context context{};
  context.out = tag.data();
  context.outlen = size(tag);
  context.pwd = input(password);
  context.pwdlen = size(password);
  context.salt = input(salt);
  context.saltlen = size(salt);
  context.secret = input(key);
  context.secretlen = size(key);
  context.ad = input(associated_data);
  context.adlen = size(associated_data);
  context.m_cost = parameters.memory_kib;
  context.t_cost = parameters.iterations;
  context.lanes = parameters.parallelism;
  context.threads = 1;  // lanes change the result, threads don't: the pool decides how many cores hash
  context.version = ARGON2_VERSION_13;
  context.flags = ARGON2_DEFAULT_FLAGS;
  return argon2id_ctx(&context) == ARGON2_OK;
}

PasswordHasher::PasswordHasher(const Argon2Parameters& parameters) noexcept
    : parameters_(nearest_computable(parameters)),
      nobody_{.parameters = parameters_, .salt_size = salt_size, .tag_size = tag_size} {
  random_bytes(nobody_.salt_bytes);
  random_bytes(nobody_.tag_bytes);
}

std::optional<std::string> PasswordHasher::hash(const NewPassword& password) const {
  std::optional<std::string> made;
  static_cast<const detail::Secret&>(password).expose(
      [&](ByteView prepared) { made = new_hash(prepared, parameters_); });
  return made;
}

std::optional<std::string> PasswordHasher::hash(const Password& password) const {
  std::optional<std::string> made;
  static_cast<const detail::Secret&>(password).expose([&](ByteView typed) {
    Scratch<base::prepared_size(Password::max_bytes)> room;
    const std::size_t size = base::prepare_password(typed, room.bytes);
    made = new_hash(ByteView(room.bytes).first(size), parameters_);
  });
  return made;
}

PasswordCheck PasswordHasher::verify(const Password& password, std::string_view stored) const {
  const auto hash = read_phc(stored);
  if (hash) return check(password, *hash);
  const PasswordCheck same_time = verify_unknown(password);
  return same_time == PasswordCheck::out_of_memory ? same_time : PasswordCheck::damaged_hash;
}

PasswordCheck PasswordHasher::verify_unknown(const Password& password) const { return check(password, nobody_); }

bool PasswordHasher::needs_rehash(std::string_view stored) const noexcept {
  const auto hash = read_phc(stored);
  return !hash || hash->parameters.memory_kib < parameters_.memory_kib ||
         hash->parameters.iterations < parameters_.iterations || hash->salt_size < salt_size ||
         hash->tag_size < tag_size;
}

bool try_default_parameters() {
  constexpr std::string_view password = "a password of usual length";
  std::array<unsigned char, salt_size> salt{};
  std::array<unsigned char, tag_size> tag;
  return argon2id(bytes_of(password), salt, {}, {}, Argon2Parameters{}, tag);
}

}  // namespace sallyport::crypto
