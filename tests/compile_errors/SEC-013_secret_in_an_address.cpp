// code: SEC-013
// cases: 5
// A link that carries a secret.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

sp::LocalUrl page(int number) { return sp::local_url<"/notes?page={}&sort=new">(number); }
sp::LocalUrl invitation(const std::string& word) { return sp::local_url<"/join?invitation={}">(word); }
sp::LocalUrl help() { return sp::LocalPath("/help?topic=token"); }
sp::LocalUrl by_country(const std::string& code) { return sp::local_url<"/shops?country_code={}">(code); }

#if CASE == 1
sp::LocalUrl link(const std::string& code) { return sp::local_url<"/reset?code={}">(code); }
#elif CASE == 2
sp::LocalUrl link(const std::string& token) { return sp::local_url<"/reset?token={}&for=me">(token); }
#elif CASE == 3
sp::LocalUrl link(int id, const std::string& key) { return sp::local_url<"/feeds/{}?lang=en&api_key={}">(id, key); }
#elif CASE == 4
sp::Response go(const std::string& token) { return sp::Response::see_other(sp::local_url<"/?accessToken={}">(token)); }
#elif CASE == 5
sp::Html link(const std::string& pin) {
  return sp::html<"<a href=\"{}\">open</a>">(sp::local_url<"/door?pin=a{}#x">(pin));
}
#endif
