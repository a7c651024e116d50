// Password policy: counts what a guesser would have to guess.
//
// A list of the most used passwords (ASVS 6.2.4) does little at this length: most of its entries are shorter than 15
// characters and refused for that. What people stretch to 15 is built from few pieces: a common word, a walk over the
// keyboard, a sequence, a year, and repetitions of these. So instead of comparing whole passwords, a password is cut
// into such pieces here. A piece costs a guesser about as much as one character, and counts as one; a password needs
// eight. This sees combinations that no list holds, but is no copy of any published list.
#include "crypto/password_policy.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/utf8.hpp"
#include "crypto/bytes.hpp"

namespace sallyport::crypto {
namespace {

/// ASVS 6.2.1 lets 8 characters pass where a second factor guards the account; predictable pieces may not take a
/// password below that.
constexpr std::size_t least_pieces = 8;

/// The shortest sequence, walk, repetition or own word that counts as one piece.
constexpr std::size_t least_piece = 3;

/// Words that head the published lists of leaked passwords, with those people add to reach a length. Lower case.
// clang-format off
constexpr std::string_view common_words[] = {
    "password", "passwort", "passphrase", "contrasena", "motdepasse", "welcome", "willkommen", "bienvenue",
    "letmein", "login", "signin", "admin", "administrator", "root", "user", "username", "guest", "master",
    "default", "changeme", "change", "secret", "private", "secure", "security", "access", "account", "server",
    "system", "computer", "internet", "website", "google", "facebook", "microsoft", "windows", "apple", "samsung",
    "sallyport", "test", "testing", "example", "sample", "demo", "temp", "please", "hello", "goodbye", "thank",
    "thisis", "mypassword", "iloveyou", "loveyou", "lovely", "love", "forever", "always", "baby", "angel",
    "princess", "prince", "queen", "king", "sunshine", "rainbow", "flower", "summer", "winter", "spring", "autumn",
    "monday", "friday", "sunday", "january", "february", "march", "april", "june", "july", "august", "september",
    "october", "november", "december", "monkey", "dragon", "tiger", "kitten", "cookie", "chocolate", "cheese",
    "banana", "orange", "purple", "yellow", "silver", "golden", "diamond", "shadow", "ninja", "killer", "warrior",
    "soldier", "hunter", "ranger", "superman", "batman", "spiderman", "pokemon", "starwars", "football", "baseball",
    "basketball", "soccer", "hockey", "liverpool", "chelsea", "arsenal", "barcelona", "mustang", "ferrari",
    "porsche", "mercedes", "whatever", "nothing", "something", "trustno", "freedom", "jesus", "christ", "blessed",
    "family", "friends", "mother", "father", "michael", "jennifer", "jessica", "ashley", "daniel", "jordan",
    "charlie", "thomas", "robert", "andrew", "matthew", "joshua", "anthony", "nicole", "michelle", "alexander",
    "correcthorsebatterystaple", "correct horse battery staple",
};
// clang-format on

/// Lines that fingers follow, read either way: rows of the English, German and French keyboards, its columns, and the
/// alphabet. Digits appear in keyboard order so that "890" is found.
// clang-format off
constexpr std::string_view tracks[] = {
    "1234567890-=", "qwertyuiop[]", "qwertzuiop", "azertyuiop", "asdfghjkl;'", "qsdfghjklm", "zxcvbnm,./",
    "yxcvbnm", "wxcvbn", "!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "abcdefghijklmnopqrstuvwxyz",
    "0123456789", "147258369", "1q2w3e4r5t6y7u8i9o0p",
};
// clang-format on

constexpr char32_t lower(char32_t c) noexcept { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

/// Whether `typed` stands for the letter `wanted`, also in the usual disguises ("p@ssw0rd").
constexpr bool stands_for(char32_t typed, char wanted) noexcept {
  if (lower(typed) == static_cast<unsigned char>(wanted)) return true;
  switch (wanted) {
    case 'a':
      return typed == '@' || typed == '4';
    case 'b':
      return typed == '8';
    case 'e':
      return typed == '3';
    case 'g':
      return typed == '9';
    case 'i':
    case 'l':
      return typed == '1' || typed == '!';
    case 'o':
      return typed == '0';
    case 's':
      return typed == '5' || typed == '$';
    case 't':
      return typed == '7' || typed == '+';
    default:
      return false;
  }
}

/// The characters of a password, wiped when they go.
class Characters {
 public:
  /// Nothing is kept of a text that is longer than a password may be or is not UTF-8 (RFC 3629: no overlong forms, no
  /// surrogates, nothing above U+10FFFF); `valid` tells.
  explicit Characters(ByteView utf8) noexcept : valid_(utf8.size() <= points_.size() && decode(utf8)) {
    if (!valid_) size_ = 0;
  }
  Characters(const Characters&) = delete;
  Characters& operator=(const Characters&) = delete;
  ~Characters() { detail::wipe({reinterpret_cast<unsigned char*>(points_.data()), sizeof points_}); }

  [[nodiscard]] bool valid() const noexcept { return valid_; }
  [[nodiscard]] std::span<const char32_t> get() const noexcept { return {points_.data(), size_}; }

 private:
  bool decode(ByteView utf8) noexcept {
    for (std::string_view rest = text_of(utf8); !rest.empty();) {
      const base::CodePoint next = base::first_code_point(rest);
      if (!next.valid) return false;
      points_[size_++] = next.value;
      rest.remove_prefix(next.length);
    }
    return true;
  }

  std::array<char32_t, NewPassword::max_bytes> points_;  // filled up to size_
  std::size_t size_ = 0;
  bool valid_;
};

using Points = std::span<const char32_t>;
using OwnWords = std::initializer_list<Points>;

std::size_t word_at(Points rest, std::string_view word) noexcept {
  if (rest.size() < word.size()) return 0;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (!stands_for(rest[i], word[i])) return 0;
  return word.size();
}

std::size_t common_word_at(Points rest) noexcept {
  std::size_t longest = 0;
  for (const std::string_view word : common_words) longest = std::max(longest, word_at(rest, word));
  return longest;
}

/// How far `rest` follows a track, forwards or backwards, from wherever it begins there.
std::size_t walk_at(Points rest) noexcept {
  std::size_t longest = 0;
  for (const std::string_view track : tracks) {
    for (std::size_t start = 0; start < track.size(); ++start) {
      std::size_t forwards = 0;
      while (forwards < rest.size() && start + forwards < track.size() &&
             lower(rest[forwards]) == static_cast<unsigned char>(track[start + forwards]))
        ++forwards;
      std::size_t backwards = 0;
      while (backwards < rest.size() && backwards <= start &&
             lower(rest[backwards]) == static_cast<unsigned char>(track[start - backwards]))
        ++backwards;
      longest = std::max({longest, forwards, backwards});
    }
  }
  return longest;
}

/// How far the characters go on in equal steps of -1, 0 or 1: "aaa", "789", "ζηθ".
std::size_t sequence_at(Points rest) noexcept {
  if (rest.size() < 2) return rest.size();
  const auto step = [&](std::size_t i) {
    return static_cast<std::int64_t>(rest[i]) - static_cast<std::int64_t>(rest[i - 1]);
  };
  const std::int64_t first = step(1);
  if (first < -1 || first > 1) return 1;
  std::size_t length = 2;
  while (length < rest.size() && step(length) == first) ++length;
  return length;
}

/// A year that people put in passwords: 1900 to 2099.
std::size_t year_at(Points rest) noexcept {
  if (rest.size() < 4) return 0;
  const auto digit = [&](std::size_t i) { return rest[i] >= '0' && rest[i] <= '9'; };
  const bool century = (rest[0] == '1' && rest[1] == '9') || (rest[0] == '2' && rest[1] == '0');
  return century && digit(2) && digit(3) ? 4 : 0;
}

/// The longest stretch from `at` on that also begins earlier, as in "blue-blue-blue"; the two may overlap.
std::size_t repetition_at(Points all, std::size_t at) noexcept {
  std::size_t longest = 0;
  for (std::size_t earlier = 0; earlier < at; ++earlier) {
    std::size_t length = 0;
    while (at + length < all.size() && lower(all[earlier + length]) == lower(all[at + length])) ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

/// The longest part of one of the account's own words that `rest` begins with: "smith" of "smith@example.com".
std::size_t own_word_at(Points rest, OwnWords own_words) noexcept {
  std::size_t longest = 0;
  for (const Points word : own_words) {
    for (std::size_t start = 0; start < word.size(); ++start) {
      std::size_t length = 0;
      while (length < rest.size() && start + length < word.size() && lower(rest[length]) == lower(word[start + length]))
        ++length;
      longest = std::max(longest, length);
    }
  }
  return longest;
}

/// Whether the password falls into at least `least_pieces` pieces. Takes the longest piece at each place, which is not
/// always the fewest, but is never fewer than a guesser needs; stops as soon as there are enough, so a long password
/// costs no more than a short one unless it is a bad one.
bool has_enough_pieces(Points all, OwnWords own_words) noexcept {
  std::size_t pieces = 0;
  for (std::size_t at = 0; at < all.size() && pieces < least_pieces; ++pieces) {
    const Points rest = all.subspan(at);
    const std::size_t piece = std::max({common_word_at(rest), walk_at(rest), sequence_at(rest), year_at(rest),
                                        repetition_at(all, at), own_word_at(rest, own_words)});
    at += piece >= least_piece ? piece : 1;
  }
  return pieces >= least_pieces;
}

}  // namespace

PasswordFlaw password_flaw(std::string_view typed) noexcept {
  if (typed.size() > NewPassword::max_bytes) return PasswordFlaw::too_long;
  const Characters characters{bytes_of(typed)};
  if (!characters.valid()) return PasswordFlaw::not_text;
  if (characters.get().size() < NewPassword::min_length) return PasswordFlaw::too_short;
  if (!has_enough_pieces(characters.get(), {})) return PasswordFlaw::too_common;
  return PasswordFlaw::none;
}

PasswordFlaw own_data_flaw(const NewPassword& password, std::string_view email, std::string_view name) noexcept {
  const Characters email_characters{bytes_of(email)};
  const Characters name_characters{bytes_of(name)};
  return static_cast<const detail::Secret&>(password).expose([&](ByteView bytes) {
    const Characters characters{bytes};
    return has_enough_pieces(characters.get(), {email_characters.get(), name_characters.get()})
               ? PasswordFlaw::none
               : PasswordFlaw::own_data;
  });
}

}  // namespace sallyport::crypto
