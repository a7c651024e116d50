// The key of the payment service is a std::string in a shared struct, and is logged.
#include "../round-2/service.hpp"

#include <cstdlib>

struct Config {
  std::string stripe_api_key;
};
sp::NoContent charge(sp::SignedIn, sp::State<Config> config, sp::Log& log) {
  log.info("charge_begins", {{"stripe", config->stripe_api_key}});
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  const char* key = std::getenv("STRIPE_KEY");
  app.provide<Config>(Config{key ? key : ""});
  app.post("/charge", sp::signed_in, charge);
  return app.run();
}
