// V6 secrets and logs: Shares an API key as a std::string, and shows the settings. Should happen: does not compile.
#include "service.hpp"

struct Settings {
  std::string name;
  std::string stripe_api_key;
};
template <>
struct sp::view<Settings> {
  using show = fields<&Settings::name, &Settings::stripe_api_key>;
};
Settings settings(sp::State<Settings> all) { return *all; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Settings>(Settings{"shop", "sk_live_51H"});
  app.get("/settings", sp::anyone("settings of the page"), settings);
  return app.run();
}
