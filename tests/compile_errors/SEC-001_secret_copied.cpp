// code: SEC-001
// cases: 5
#include <sallyport/one_time_code.hpp>
#include <sallyport/secret.hpp>

#include <utility>

namespace sp = sallyport;

struct SignIn {
  sp::Password password;
};

sp::Password moved(SignIn in) { return std::move(in.password); }
void by_reference(const SignIn& in) {
  in.password.expose<"the directory server verifies it">([](std::span<const unsigned char>) {});
}

#if CASE == 1
sp::Password copied(const sp::Password& password) { return password; }
#elif CASE == 2
SignIn copied(const SignIn& in) { return in; }
#elif CASE == 3
void assigned(sp::SecretBytes& to, const sp::SecretBytes& from) { to = from; }
#elif CASE == 4
auto captured(const sp::NewPassword& password) {
  return [password] { by_reference({}); };
}
#elif CASE == 5
sp::OneTimeCode<6> copied(const sp::OneTimeCode<6>& code) { return code; }
#endif
