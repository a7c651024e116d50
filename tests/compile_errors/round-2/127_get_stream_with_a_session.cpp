// V2 CSRF: Signs out in a GET that streams. Should happen: does not compile.
#include "service.hpp"

sp::Stream<"text/plain; charset=utf-8"> out(sp::CurrentSession session) {
  auto answer = session.sign_out();
  co_yield "bye";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/out", sp::signed_in, out);
  return app.run();
}
