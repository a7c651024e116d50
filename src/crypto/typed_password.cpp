// How a request's text becomes a password.
#include <sallyport/secret.hpp>

#include "base/unicode.hpp"
#include "crypto/bytes.hpp"
#include "crypto/password_policy.hpp"
#include "crypto/secret_file.hpp"

namespace sallyport::detail {

// As it was typed: the hash that it is compared with may be older than the preparing.
std::optional<Password> PasswordReader::password(std::string_view typed, PasswordFlaw& flaw) {
  flaw = typed.empty()                        ? PasswordFlaw::too_short
         : typed.size() > Password::max_bytes ? PasswordFlaw::too_long
                                              : PasswordFlaw::none;
  if (flaw != PasswordFlaw::none) return std::nullopt;
  return Password{crypto::bytes_of(typed)};
}

// Judged and counted as it is hashed.
std::optional<NewPassword> PasswordReader::new_password(std::string_view typed, PasswordFlaw& flaw) {
  flaw = PasswordFlaw::too_long;
  if (typed.size() > NewPassword::max_bytes) return std::nullopt;
  crypto::Scratch<base::prepared_size(NewPassword::max_bytes)> room;
  const std::size_t size = base::prepare_password(crypto::bytes_of(typed), room.bytes);
  const auto prepared = std::span<const unsigned char>(room.bytes).first(size);
  flaw = crypto::password_flaw({reinterpret_cast<const char*>(prepared.data()), prepared.size()});
  if (flaw != PasswordFlaw::none) return std::nullopt;
  return NewPassword{prepared};
}

}  // namespace sallyport::detail
