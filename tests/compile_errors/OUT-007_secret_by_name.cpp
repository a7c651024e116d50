// code: OUT-007
// cases: 6
// A view that shows a field that is called like a secret.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Account {
  std::string name, country_code, error_code;
  std::int64_t prompt_tokens;
#ifndef CASE
  std::string password_hash;
#elif CASE == 1
  std::string password_hash;
#elif CASE == 2
  std::optional<std::string> resetToken;
#elif CASE == 3
  std::vector<std::string> recovery_codes;
#elif CASE == 4
  int pin;
#elif CASE == 5
  std::string secret;
#elif CASE == 6
  std::string api_key;
#endif
};
template <>
struct sp::view<Account> {
#ifndef CASE
  using show = fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens>;
  using hidden = fields<&Account::password_hash>;
#elif CASE == 2
  using show = fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens,
                      &Account::resetToken>;
#elif CASE == 3
  using show = fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens,
                      &Account::recovery_codes>;
#elif CASE == 4
  using show =
      fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens, &Account::pin>;
#elif CASE == 5
  using show =
      fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens, &Account::secret>;
#elif CASE == 6
  using show =
      fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens, &Account::api_key>;
#elif CASE == 1
  using show = fields<&Account::name, &Account::country_code, &Account::error_code, &Account::prompt_tokens,
                      &Account::password_hash>;
#endif
};
struct NewKey {
  std::string api_key;
};
template <>
struct sp::view<NewKey> {
  using show = fields<&NewKey::api_key>;
};
template <>
struct sp::not_secret<NewKey> : sp::because<"shown once, to whoever made it", &NewKey::api_key> {};

void routes(sp::Router& app) {
  app.get("/a", sp::anyone("for the test of this rule"), [] { return Account{}; });
  app.get("/b", sp::anyone("for the test of this rule"), [] { return NewKey{}; });
}
