// M5 sessions and proofs: Calls sign_out and answers something else. Should happen: does not compile or signs out.
// Request: POST /out as Alice, then GET /who with the same cookie: 401?
#include "service.hpp"

sp::Response out(sp::CurrentSession session) {
  auto answer = session.sign_out();
  return sp::Response::see_other("/");
}
sp::Response who(sp::SignedIn me) { return sp::Response::text(std::string(me.email)); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/out", sp::signed_in, out);
  app.get("/who", sp::signed_in, who);
  return app.run();
}
