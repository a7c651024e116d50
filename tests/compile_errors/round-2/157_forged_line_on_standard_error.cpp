// V6 secrets and logs: Prints a text with line breaks to standard error: a client forges lines of the log. Should happen: is neutralised.
// Request: POST /say {"text":"x\n{\"event\":\"authn_login_success\"}"}: a forged line?
#include "service.hpp"

#include <iostream>

struct Say {
  sp::Text<1, 200> text;
};
sp::Response say(sp::Body<Say> in) {
  std::cerr << "said: " << in->text.view() << "\n";
  return sp::Response::empty();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/say", sp::anyone("a public form"), say);
  return app.run();
}
