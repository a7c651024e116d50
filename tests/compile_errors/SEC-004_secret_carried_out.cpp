// code: SEC-004
// cases: 6
#include <sallyport/secret.hpp>

#include <string>
#include <vector>

namespace sp = sallyport;
using Bytes = std::span<const unsigned char>;

std::size_t size_of(const sp::SecretBytes& secret) {
  return secret.expose([](Bytes bytes) { return bytes.size(); });
}
sp::SecretBytes first_half(const sp::SecretBytes& secret) {
  return secret.expose([](Bytes bytes) { return sp::SecretBytes{bytes.first(bytes.size() / 2)}; });
}

#if CASE == 1
auto out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">(
      [](Bytes bytes) { return std::string(bytes.begin(), bytes.end()); });
}
#elif CASE == 2
auto out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">([](Bytes bytes) { return bytes; });
}
#elif CASE == 3
auto out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">(
      [](Bytes bytes) { return std::vector<unsigned char>(bytes.begin(), bytes.end()); });
}
#elif CASE == 4
auto out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">([](Bytes bytes) { return bytes.data(); });
}
#elif CASE == 5
auto out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">(
      [](Bytes bytes) { return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
}
#elif CASE == 6
const unsigned char& out(const sp::Password& password) {
  return password.expose<"the directory server verifies it">(
      [](Bytes bytes) -> const unsigned char& { return bytes.front(); });
}
#endif
