// Where secret bytes are kept and wiped.
#include <sallyport/secret.hpp>

#include <string.h>  // explicit_bzero is not in <cstring>

#include <algorithm>

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
