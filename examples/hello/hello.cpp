// The smallest service: one route, every protection on.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Greeting {
  std::string message;
};
template <>
struct sp::view<Greeting> {
  using show = fields<&Greeting::message>;
};

Greeting hello() { return {"Hello, World!"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  app.get("/", sp::anyone("a greeting for everybody"), hello);
  return app.run();
}
