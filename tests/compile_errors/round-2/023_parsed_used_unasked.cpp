// M3 body: Dereferences Email::parse of a text that a client sent. Should happen: is neutralised.
// Request: POST /invite {"to":"nobody"}: does the process live?
#include "service.hpp"

struct Invite {
  sp::Line<1, 200> to;
};
sp::Response invite(sp::Body<Invite> in) {
  const sp::Email email = *sp::Email::parse(in->to.view());
  return sp::Response::text(email.key());
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/invite", sp::anyone("a public form"), invite);
  return app.run();
}
