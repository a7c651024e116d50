// code: SEC-002
// cases: 7
#include <sallyport/one_time_code.hpp>
#include <sallyport/secret.hpp>

#include <string>

namespace sp = sallyport;

std::size_t size_of(const sp::SecretBytes& secret) {
  return secret.expose([](std::span<const unsigned char> bytes) { return bytes.size(); });
}

#if CASE == 1
bool same(const sp::SecretBytes& a, const sp::SecretBytes& b) { return a == b; }
#elif CASE == 2
bool same(const sp::Password& a, const std::string& stored) { return a == stored; }
#elif CASE == 3
bool same(const sp::NewPassword& a, const sp::Password& b) { return b != a; }
#elif CASE == 4
bool same(const sp::Password& a) { return "hunter2" == a; }
#elif CASE == 5
bool before(const sp::SecretBytes& a, const sp::SecretBytes& b) { return a < b; }
#elif CASE == 6
bool same(const sp::OneTimeCode<6>& a, const std::string& sent) { return a == sent; }
#elif CASE == 7
bool same(const sp::OneTimeCode<6>& a, const sp::OneTimeCode<6>& b) { return a == b; }
#endif
