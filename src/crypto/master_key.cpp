// The master key: decoding, the weakness screen, and the derivation of other keys.
#include "crypto/master_key.hpp"

#include <algorithm>
#include <bitset>

#include "crypto/base64url.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hex.hpp"

namespace sallyport::crypto {
namespace {

constexpr std::size_t min_distinct_bytes = 16;  // 32 random bytes have about 30; fewer than 16 never happens by chance

/// Values that are in documentation, tutorials and standards, or that are often tried. Compared without regard to
/// letter case and to anything but letters and digits, with digits at the end ignored, so that "Keyboard-Cat1" is
/// found.
// clang-format off
constexpr std::string_view published_words[] = {
    "keyboardcat", "secret", "secretkey", "mysecret", "mysecretkey", "supersecret", "supersecretkey", "topsecret",
    "yoursecret", "yoursecretkey", "yoursecretkeyhere", "your256bitsecret", "astringsecretatleast256bitslong",
    "jwtsecret", "sessionsecret", "appsecret", "changeme", "changethis", "changeit", "pleasechangeme",
    "changemeinproduction", "replaceme", "password", "passw0rd", "default", "example", "test", "testkey", "testing",
    "demo", "development", "dev", "devkey", "insecure", "shhhh", "shhhhh", "shhhhhh", "shhhhhared", "sallyport",
    "letmein", "admin", "root", "qwerty", "foobar", "hunter", "xxx", "todo",
};
// clang-format on

/// The same for values that are compared exactly, once decoded.
constexpr std::string_view published_keys_hex[] = {
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",  // FastAPI's security tutorial
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",  // Flask's documentation
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",  // NIST SP 800-38A, AES-256
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",  // the GCM specification, test case 13 on
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",  // RFC 8439 §2.8.2
    // RFC 7515 A.1, in two lines. NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
    "0323354b2b0fa5bc837e0665777ba68f5ab328e6f054c928a90f84b2d2502ebf"
    "d3fb5a92d20647ef968ab4c377623d223d2e2172052e4f08c0cd9af567d080a3",
};

constexpr bool is_space(unsigned char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_printable(unsigned char c) noexcept { return c > ' ' && c < 0x7F; }
constexpr bool is_letter(unsigned char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(unsigned char c) noexcept { return c >= '0' && c <= '9'; }
constexpr unsigned char lower(unsigned char c) noexcept {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool is_text(ByteView bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return is_printable(c) || is_space(c); });
}

/// Compares the letters and digits of `text`, in lower case and without the digits at its end, with `word`.
bool spells(ByteView text, std::string_view word) noexcept {
  while (!text.empty() && !is_letter(text.back())) text = text.first(text.size() - 1);
  for (const unsigned char c : text) {
    if (!is_letter(c) && !is_digit(c)) continue;
    if (word.empty() || lower(c) != static_cast<unsigned char>(word.front())) return false;
    word.remove_prefix(1);
  }
  return word.empty();
}

bool is_published_text(ByteView text) noexcept {
  return std::any_of(std::begin(published_words), std::end(published_words),
                     [&](std::string_view word) { return spells(text, word); });
}

/// All bytes the same, or each one more or one less than the one before: 00 00 00…, 00 01 02…, 1f 1e 1d….
bool is_counting(ByteView key) noexcept {
  if (key.size() < 2) return false;
  const auto step = [&](std::size_t i) { return static_cast<unsigned char>(key[i] - key[i - 1]); };
  const unsigned char first = step(1);
  if (first != 0 && first != 1 && first != 255) return false;
  for (std::size_t i = 2; i < key.size(); ++i)
    if (step(i) != first) return false;
  return true;
}

bool is_published_key(ByteView key) noexcept {
  if (is_counting(key)) return true;
  return std::any_of(std::begin(published_keys_hex), std::end(published_keys_hex), [&](std::string_view hex) {
    unsigned char known[64];
    const std::size_t size = hex.size() / 2;
    return decode_hex(hex, std::span{known}.first(size)) && ct_equal(key, std::span{known}.first(size));
  });
}

bool has_low_variety(ByteView key) noexcept {
  std::bitset<256> seen;
  for (const unsigned char byte : key) seen.set(byte);
  return seen.count() < min_distinct_bytes;
}

/// Whether the key is one stretch, no longer than half of it, written again and again.
bool is_repeating(ByteView key) noexcept {
  for (std::size_t period = 1; period <= key.size() / 2; ++period)
    if (std::equal(key.begin() + static_cast<std::ptrdiff_t>(period), key.end(), key.begin())) return true;
  return false;
}

/// Words of pass phrases that happen to be valid base64. Six letters or more: by chance one of these is in one
/// random key of a million, and a new key is quickly made.
bool contains_word(ByteView text) noexcept {
  constexpr std::string_view words[] = {"secret",    "password",    "session",  "change",     "example",
                                        "default",   "insecure",    "keyboard", "production", "development",
                                        "sallyport", "letmein",     "qwerty",   "abcdef",     "123456",
                                        "please",    "application", "random",   "string",     "verylong"};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(), [](unsigned char c, char wanted) {
             return lower(c) == static_cast<unsigned char>(wanted);
           }) != text.end();
  });
}

/// Whether text that decodes as base64 was written by a person: words in it, or letters of one case only, which happens
/// to one random key in 10^9.
bool looks_written(ByteView text) noexcept {
  const bool upper = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 'A' && c <= 'Z'; });
  const bool small = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 'a' && c <= 'z'; });
  return !upper || !small || contains_word(text);
}

KeyFinding weakness(ByteView key) noexcept {
  if (key.empty()) return KeyFinding::missing;
  if (is_published_key(key) || is_published_text(key)) return KeyFinding::published;
  if (key.size() < MasterKey::min_size) return KeyFinding::too_short;
  if (has_low_variety(key)) return KeyFinding::low_variety;
  if (is_repeating(key)) return KeyFinding::repeating;
  if (is_text(key)) return KeyFinding::text;
  return KeyFinding::none;
}

ByteView trimmed(ByteView text) noexcept {
  while (!text.empty() && is_space(text.front())) text = text.subspan(1);
  while (!text.empty() && is_space(text.back())) text = text.first(text.size() - 1);
  return text;
}

bool is_hex(ByteView text) noexcept {
  return text.size() % 2 == 0 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
         });
}

/// What `text` decodes to, if it is base64 in any form; no bytes otherwise.
SecretBytes from_base64(std::string_view text) {
  for (const Base64 form : {Base64::url, Base64::padded, Base64::unpadded}) {
    const auto size = base64_decoded_size(text, form);
    if (!size) continue;
    bool decoded = false;
    SecretBytes bytes{*size,
                      [&](std::span<unsigned char> out) { decoded = decode_base64(text, out, form).has_value(); }};
    if (decoded) return bytes;
  }
  // base64url with padding, as some tools write it
  if (text.ends_with('=') && text.size() % 4 == 0) {
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
    return from_base64(text);
  }
  return {};
}

}  // namespace

std::optional<MasterKey> MasterKey::parse(ByteView content, KeyFinding& finding) {
  if (!is_text(content)) {
    finding = weakness(content);
    if (finding != KeyFinding::none) return std::nullopt;
    return MasterKey{content};
  }
  const ByteView text = trimmed(content);
  if (text.empty() || is_published_text(text)) {
    finding = text.empty() ? KeyFinding::missing : KeyFinding::published;
    return std::nullopt;
  }
  const bool hex = is_hex(text);
  const SecretBytes decoded =
      hex ? SecretBytes{text.size() / 2, [&](std::span<unsigned char> out) { (void)decode_hex(text_of(text), out); }}
          : from_base64(text_of(text));
  std::optional<MasterKey> key;
  decoded.expose([&](ByteView bytes) {
    finding =
        weakness(bytes.empty() ? text : bytes);  // text that decodes to nothing is judged as the pass phrase it is
    if (finding == KeyFinding::none && !hex && looks_written(text)) finding = KeyFinding::text;
    if (finding == KeyFinding::none) key = MasterKey{bytes};
  });
  return key;
}

void MasterKey::derive_into(ByteView info, std::span<unsigned char> out) const {
  expose([&](ByteView key) { (void)hkdf_sha256(key, {}, info, out); });  // 32 bytes are never too many
}

std::string_view refusal_code(KeyFinding finding) noexcept {
  switch (finding) {
    case KeyFinding::none:
      return {};
    case KeyFinding::missing:
    case KeyFinding::unreadable:
      return "CFG-001";
    case KeyFinding::too_short:
    case KeyFinding::low_variety:
    case KeyFinding::repeating:
    case KeyFinding::text:
      return "CFG-002";
    case KeyFinding::published:
      return "CFG-003";
    case KeyFinding::not_a_file:
    case KeyFinding::symbolic_link:
    case KeyFinding::wrong_owner:
    case KeyFinding::too_accessible:
    case KeyFinding::too_large:
      return "CFG-004";
  }
  return {};
}

std::string_view reason(KeyFinding finding) noexcept {
  switch (finding) {
    case KeyFinding::none:
      return {};
    case KeyFinding::missing:
      return "there is no master key: put 32 random bytes, as base64 or hexadecimal, in a file that only the service's "
             "user can read";
    case KeyFinding::unreadable:
      return "the master key file can't be read by this user: make the service's user its owner, with mode 0400";
    case KeyFinding::too_short:
      return "the master key has fewer than 32 bytes after decoding: make a new one from 32 random bytes";
    case KeyFinding::low_variety:
      return "the master key has fewer than 16 different bytes: make a new one from 32 random bytes";
    case KeyFinding::repeating:
      return "the master key repeats itself: make a new one from 32 random bytes";
    case KeyFinding::text:
      return "the master key is made of words: make a new one from 32 random bytes, written as base64 or hexadecimal";
    case KeyFinding::published:
      return "the master key is a published or well-known value: make a new one from 32 random bytes";
    case KeyFinding::not_a_file:
      return "the master key must be in a regular file";
    case KeyFinding::symbolic_link:
      return "the master key file is a symbolic link: name the file itself";
    case KeyFinding::wrong_owner:
      return "the master key file belongs to another user: make the service's user or root its owner";
    case KeyFinding::too_accessible:
      return "group or others have rights on the master key file";
    case KeyFinding::too_large:
      return "the master key file has more than 4096 bytes: name the right file";
  }
  return {};
}

}  // namespace sallyport::crypto
