// code: SEC-014
// cases: 9
// The key of another service in a text that handlers share, where it is logged and shown as any text is.
#include <sallyport/sallyport.hpp>

#include <map>
#include <string>
#include <vector>

namespace sp = sallyport;

struct Payment {
  sp::SecretBytes stripe_api_key;
  std::string currency;
  int max_tokens = 4;
};
struct Mail {
  std::string host;
  std::string unsubscribe_token;
};
template <>
struct sp::not_secret<Mail> : sp::because<"printed at the end of each mail", &Mail::unsubscribe_token> {};
struct Flags {
  bool password = true;
  char name[8] = "flags";
};
struct Services {
  Payment payment;
  Mail mail;
  Flags flags;
  std::map<std::string, std::vector<int>> prices;
};
bool charge(std::string_view key);

struct Key {
  std::string stripe_api_key;
};
struct Bytes {
  std::vector<unsigned char> webhook_secret;
};
struct Within {
  int port = 0;
  Key stripe;
};
struct Listed {
  std::vector<Key> stores;
};
struct Named {
  std::map<std::string, std::string> api_keys;
};
struct Perhaps {
  std::optional<std::string> smtp_password;
};
struct Typed {
  sp::Line<1, 80> client_secret;
};

void share(sp::App& app, Typed& typed) {
#ifndef CASE
  app.provide<Services>(Services{Payment{app.secret<"stripe_api_key">(), "EUR"}, Mail{"mail.example", "none"}, {}, {}});
  app.post("/charge", sp::signed_in, [](sp::SignedIn, sp::State<const Services> services) {
    bool paid = false;
    services->payment.stripe_api_key.expose([&](std::string_view key) { paid = charge(key); });
    services->payment.stripe_api_key.expose([&](std::span<const unsigned char> key) { paid = paid && !key.empty(); });
    if (!paid) throw sp::Problem(502, "The payment failed");
    return sp::NoContent{};
  });
#elif CASE == 1
  app.provide<Key>(Key{"sk_live_1"});
#elif CASE == 2
  app.provide<Bytes>();
#elif CASE == 3
  app.provide<Within>();
#elif CASE == 4
  app.provide<Listed>();
#elif CASE == 5
  app.provide<Named>();
#elif CASE == 6
  app.provide<sp::Locked<Perhaps>>();
#elif CASE == 7
  app.provide<const Typed>(typed);
#elif CASE == 8
  app.post("/charge", sp::signed_in, [](sp::State<const Key> key, sp::Log& log) {
    log.info("charge_begins", {{"stripe", key->stripe_api_key}});
    return sp::NoContent{};
  });
#elif CASE == 9
  app.get("/prices", sp::anyone("the price list"), [](sp::State<sp::Locked<Within>>) { return sp::NoContent{}; });
#endif
  static_cast<void>(typed);
}
