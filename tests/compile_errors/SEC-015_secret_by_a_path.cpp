// code: SEC-015
// cases: 3
// A secret of the application that is called by a path.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Config {
  sp::SecretBytes key;
};

void share(sp::App& app) {
#ifndef CASE
  app.provide<Config>(Config{app.secret<"stripe_api_key">()});
#elif CASE == 1
  app.provide<Config>(Config{app.secret<"/etc/stripe">()});
#elif CASE == 2
  app.provide<Config>(Config{app.secret<"">()});
#elif CASE == 3
  app.provide<Config>(Config{app.secret<"STRIPE_API_KEY">()});
#endif
}
