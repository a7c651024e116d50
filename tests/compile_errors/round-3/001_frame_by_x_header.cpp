// A page for a partner's frame, allowed by writing X-Frame-Options itself.
#include "../round-2/service.hpp"

sp::Response widget(sp::Maybe<sp::SignedIn> me) {
  const Reply reply{me ? "welcome back" : "welcome"};
  return sp::Response::json(reply).header("X-Frame-Options", "ALLOW-FROM https://partner.example");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/widget", sp::anyone("shown by a partner"), widget);
  return app.run();
}
