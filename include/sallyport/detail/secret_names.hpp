// Names that secrets have: which fields of a plain type are taken for a secret by their name.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/compiler.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::detail {

/// Names are compared without case, `_` and digits at their end: `resetCode`, `reset_code` and `reset_code2` are one name.
/// Of a longer name its end decides.
inline constexpr std::size_t max_secret_name = 64;

/// A name that ends so is a secret's: `new_password`, `csrfToken`.
inline constexpr std::string_view secret_endings[] = {"password",        "passwd",
                                                      "passphrase",      "passcode",
                                                      "passwort",        "kennwort",
                                                      "contrasena",      "motdepasse",
                                                      "wachtwoord",      "token",
                                                      "secret",          "apikey",
                                                      "privatekey",      "secretkey",
                                                      "accesskey",       "signingkey",
                                                      "encryptionkey",   "decryptionkey",
                                                      "masterkey",       "sharedkey",
                                                      "sessionkey",      "authkey",
                                                      "recoverykey",     "licensekey",
                                                      "licencekey",      "hmackey",
                                                      "rootkey",         "webhookkey",
                                                      "servicekey",      "cardnumber",
                                                      "cardno",          "creditcard",
                                                      "debitcard",       "securityanswer",
                                                      "secretanswer",    "maidenname",
                                                      "recoveryphrase",  "seedphrase",
                                                      "backupphrase",    "credential",
                                                      "credentials",     "passwordhash",
                                                      "passwordhashed",  "passworddigest",
                                                      "passwordconfirm", "passwordconfirmation",
                                                      "passwordagain",   "passwordrepeat",
                                                      "passwdhash",      "tokenhash",
                                                      "secrethash"};

/// Words that make a secret's name when they are its last word: `user_pwd`, `cardPin`.
inline constexpr std::string_view secret_words[] = {"pwd",  "pswd",   "psw", "pw",       "pin",     "otp",
                                                    "totp", "hotp",   "mfa", "tfa",      "cvv",     "cvc",
                                                    "cvn",  "bearer", "jwt", "mnemonic", "voucher", "digits"};

/// Before `code`, these make a secret's name: `verification_code`, `smsCode`. Others, such as `country_code`, do not.
inline constexpr std::string_view code_kinds[] = {"reset",         "verification",
                                                  "verify",        "verifying",
                                                  "security",      "access",
                                                  "auth",          "authentication",
                                                  "login",         "authorization",
                                                  "authorisation", "authenticator",
                                                  "logon",         "signin",
                                                  "signup",        "onetime",
                                                  "otp",           "totp",
                                                  "mfa",           "2fa",
                                                  "tfa",           "twofactor",
                                                  "secondfactor",  "factor",
                                                  "confirm",       "confirmation",
                                                  "backup",        "recovery",
                                                  "restore",       "sms",
                                                  "email",         "mail",
                                                  "phone",         "text",
                                                  "pin",           "pass",
                                                  "secret",        "activation",
                                                  "activate",      "unlock",
                                                  "invite",        "invitation",
                                                  "door",          "entry",
                                                  "pairing",       "pair",
                                                  "device",        "link",
                                                  "linking",       "challenge",
                                                  "temporary",     "temp",
                                                  "new",           "old",
                                                  "user",          "my",
                                                  "the",           "entered",
                                                  "input",         "typed",
                                                  "given",         "sent",
                                                  "received",      "expected",
                                                  "current",       "correct",
                                                  "valid",         "submitted",
                                                  "provided",      "sixdigit",
                                                  "numeric",       "digit",
                                                  "password",      "approval",
                                                  "transfer",      "payment",
                                                  "withdrawal",    "gift",
                                                  "emergency",     "registration",
                                                  "private",       "enrollment",
                                                  "account",       "session",
                                                  "cardsecurity",  "cardverification",
                                                  "grant",         "token",
                                                  "voucher",       "redeem",
                                                  "redemption",    "giftcard"};

/// Words behind a secret's name that leave it one: `password_hash`, `token_value`, `code_again`.
inline constexpr std::string_view secret_tails[] = {
    "hash",      "hashed",  "hashes",    "digest",   "salt",   "value",    "text",    "string", "plain",
    "plaintext", "raw",     "again",     "confirm",  "repeat", "repeated", "retype",  "twice",  "confirmation",
    "confirmed", "retyped", "verify",    "verifier", "new",    "old",      "current", "input",  "field",
    "bytes",     "data",    "encrypted", "encoded",  "hex",    "base",     "check"};

/// A name in small letters, without `_` and digits at its end, and where its words begin.
struct SquashedName {
  std::array<char, max_secret_name> text{};
  std::size_t size = 0;
  std::uint64_t starts = 0;  ///< a bit for each word: its first character

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text.data(), size}; }
  [[nodiscard]] constexpr bool starts_at(std::size_t at) const noexcept {
    return at == 0 || ((starts >> at) & 1U) != 0;
  }
  [[nodiscard]] constexpr std::string_view last_word() const noexcept {
    std::size_t begin = size;
    while (begin > 0 && !starts_at(--begin)) {
    }
    return view().substr(begin);
  }
  constexpr void cut(std::size_t count) noexcept {
    size -= count;
    while (size > 0 && text[size - 1] >= '0' && text[size - 1] <= '9') --size;
  }
};

constexpr SquashedName squash_name(std::string_view name) noexcept {
  while (!name.empty() && ((name.back() >= '0' && name.back() <= '9') || name.back() == '_')) name.remove_suffix(1);
  if (name.size() > max_secret_name) name.remove_prefix(name.size() - max_secret_name);
  SquashedName squashed;
  bool after_gap = true;
  bool after_small = false;
  for (const char c : name) {
    if (c == '_' || c == '-') {
      after_gap = true;
      continue;
    }
    const bool capital = c >= 'A' && c <= 'Z';
    if (after_gap || (capital && after_small)) squashed.starts |= std::uint64_t{1} << squashed.size;
    after_gap = false;
    after_small = !capital;
    squashed.text[squashed.size++] = to_lower(c);
  }
  return squashed;
}

constexpr bool ends_like_a_secret(const SquashedName& name) noexcept {
  std::string_view all = name.view();
  for (const std::string_view ending : secret_endings) {
    if (all.ends_with(ending)) return true;
  }
  const std::string_view last = name.last_word();
  for (const std::string_view word : secret_words) {
    if (last == word || all == word) return true;
  }
  if (all == "pass" || all == "userpass" || all == "dbpass" || all == "loginpass" || all == "code") return true;
  if (!all.ends_with("code")) return false;
  all.remove_suffix(4);
  // A long kind is told apart anywhere; a short one only as a word: an economy_code is no my_code.
  for (const std::string_view kind : code_kinds) {
    if (all.ends_with(kind) && (kind.size() >= 6 || name.starts_at(all.size() - kind.size()))) return true;
  }
  return false;
}

/// How a name is like a secret's. Plurals are told apart, since a number with one counts: `max_tokens`.
enum class SecretName : unsigned char { no, one, several };

constexpr SecretName secret_name(std::string_view text) noexcept {
  SquashedName name = squash_name(text);
  for (int words = 0; words < 4; ++words) {
    if (ends_like_a_secret(name)) return SecretName::one;
    if (words == 0 && name.view().ends_with('s')) {
      SquashedName singular = name;
      --singular.size;
      if (ends_like_a_secret(singular)) return SecretName::several;
    }
    const std::string_view last = name.last_word();
    bool tail = false;
    for (const std::string_view known : secret_tails) tail = tail || last == known;
    if (!tail || last.size() == name.size) return SecretName::no;
    name.cut(last.size());
  }
  return SecretName::no;
}

}  // namespace sallyport::detail
