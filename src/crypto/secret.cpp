// Where secret bytes are kept and wiped, and how a request's text becomes a password.
#include <sallyport/secret.hpp>

#include <string.h>  // explicit_bzero is not in <cstring>

#include <algorithm>

#include "crypto/bytes.hpp"
#include "crypto/password_policy.hpp"

namespace sallyport {

Password::Password(std::span<const unsigned char> typed) : VerifiedSecret(typed) {}
NewPassword::NewPassword(std::span<const unsigned char> typed) : VerifiedSecret(typed) {}

namespace detail {

void wipe(std::span<unsigned char> bytes) noexcept {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

Secret::Secret(std::size_t size) : bytes_(size == 0 ? nullptr : new unsigned char[size](), WipeAndFree{size}) {}

Secret::Secret(std::span<const unsigned char> bytes) : Secret(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), writable().begin());
}

void Secret::WipeAndFree::operator()(unsigned char* bytes) const noexcept {
  wipe({bytes, size});
  delete[] bytes;
}

std::optional<Password> PasswordReader::password(std::string_view typed, PasswordFlaw& flaw) {
  flaw = typed.empty()                        ? PasswordFlaw::too_short
         : typed.size() > Password::max_bytes ? PasswordFlaw::too_long
                                              : PasswordFlaw::none;
  if (flaw != PasswordFlaw::none) return std::nullopt;
  return Password{crypto::bytes_of(typed)};
}

std::optional<NewPassword> PasswordReader::new_password(std::string_view typed, PasswordFlaw& flaw) {
  flaw = crypto::password_flaw(typed);
  if (flaw != PasswordFlaw::none) return std::nullopt;
  return NewPassword{crypto::bytes_of(typed)};
}

Password PasswordReader::copy(const Password& password) {
  return static_cast<const Secret&>(password).expose(
      [](std::span<const unsigned char> bytes) { return Password{bytes}; });
}

NewPassword PasswordReader::copy(const NewPassword& password) {
  return static_cast<const Secret&>(password).expose(
      [](std::span<const unsigned char> bytes) { return NewPassword{bytes}; });
}

}  // namespace detail

}  // namespace sallyport
