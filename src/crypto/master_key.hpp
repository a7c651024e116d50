// The master key: read from a file, screened for weakness, and the root of every other key.
#pragma once

#include <optional>
#include <string_view>

#include <sallyport/secret.hpp>

#include "crypto/bytes.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/purposes.hpp"

namespace sallyport::crypto {

/// Why a master key can't be used. `refusal_code` gives each its start-up code, `reason` its sentence.
enum class KeyFinding : unsigned char {
  none,
  missing,         ///< no file there, or nothing in it
  unreadable,      ///< the file can't be opened or read
  too_short,       ///< fewer than 32 bytes after decoding
  low_variety,     ///< fewer than 16 different bytes
  repeating,       ///< the same stretch again and again
  text,            ///< words or a pass phrase, not random bytes
  published,       ///< a value from documentation, a tutorial, a standard, or one that is often tried
  not_a_file,      ///< a directory, device or pipe
  symbolic_link,   ///< a user who can change the link chooses the key
  wrong_owner,     ///< belongs neither to this process's user nor to root
  too_accessible,  ///< group or others have rights on it
  too_large,       ///< more than 4096 bytes: not a key file
};

/// CFG-001 to CFG-004; empty for `none`.
std::string_view refusal_code(KeyFinding finding) noexcept;
/// One line on what is wrong and how to put it right; never a part of the key.
std::string_view reason(KeyFinding finding) noexcept;

/// At least 32 random bytes from which every other key is derived.
class MasterKey final : public detail::Secret {
 public:
  static constexpr std::size_t min_size = 32;

  /// A key from the bytes of a key file: hexadecimal, base64 (either alphabet, padded or not) or raw. White space
  /// around text is ignored. Text in none of these forms is a pass phrase, and is refused however long it is.
  /// Nothing and the reason in `finding` if the key is weak or published.
  static std::optional<MasterKey> parse(ByteView content, KeyFinding& finding);

  /// A key from a file that only this process's user or root can read. Nothing and the reason in `finding` otherwise.
  static std::optional<MasterKey> load(const char* path, KeyFinding& finding);

  /// Writes a new random key to `path`, mode 0600, as base64url text. The file appears whole or not at all; one that is
  /// there already is left alone. Folders that are missing are made, mode 0700. 0, or the errno (EEXIST when there is one).
  static int create_file(const char* path) noexcept;

  /// The key for purpose `P`: HKDF-SHA-256 with the purpose's label.
  template <Purpose P>
  [[nodiscard]] Key<P> derive() const {
    Key<P> key;
    derive_into(bytes_of(P::label), key.writable());
    return key;
  }

 private:
  explicit MasterKey(ByteView bytes) : Secret(bytes) {}
  void derive_into(ByteView info, std::span<unsigned char> out) const;
};

}  // namespace sallyport::crypto
