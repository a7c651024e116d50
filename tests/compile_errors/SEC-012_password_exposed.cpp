// code: SEC-012
// cases: 7
// The bytes of a password or of a code, where the library verifies them itself.
#include <sallyport/sallyport.hpp>

#include <cstring>

namespace sp = sallyport;
using Bytes = std::span<const unsigned char>;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct Confirm {
  sp::Email email;
  sp::OneTimeCode<6> code;
};

// A system of the company verifies them.
bool bind_to_directory(std::string_view name, Bytes password);
bool known_to_the_directory(const SignIn& in) {
  return in.password.expose<"the company's directory server verifies it">(
      [&](Bytes bytes) { return bind_to_directory(in.email.view(), bytes); });
}

#if CASE == 1
std::string plain(const sp::Password& password) {
  std::string text;
  password.expose([&](auto bytes) { text.assign(bytes.begin(), bytes.end()); });
  return text;
}
#elif CASE == 2
bool same(const sp::Password& typed, std::string_view right) {
  return typed.expose([&](Bytes bytes) {
    return bytes.size() == right.size() && std::memcmp(bytes.data(), right.data(), right.size()) == 0;
  });
}
#elif CASE == 3
bool same(const SignIn& in) {
  return in.password.expose([](Bytes bytes) { return bytes.size() == 3; });
}
#elif CASE == 4
std::size_t size(const sp::NewPassword& chosen) {
  return chosen.expose([](Bytes bytes) { return bytes.size(); });
}
#elif CASE == 5
bool right(const Confirm& in, std::string_view sent) {
  return in.code.expose([&](Bytes bytes) { return std::equal(bytes.begin(), bytes.end(), sent.begin(), sent.end()); });
}
#elif CASE == 6
bool known(const SignIn& in) {
  return in.password.expose<"todo">([&](Bytes bytes) { return bind_to_directory(in.email.view(), bytes); });
}
#elif CASE == 7
bool known(const SignIn& in) {
  return in.password.expose<"">([&](Bytes bytes) { return bind_to_directory(in.email.view(), bytes); });
}
#endif
