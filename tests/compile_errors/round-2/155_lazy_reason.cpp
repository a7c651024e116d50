// V6 secrets and logs: Says of a password that it is none, with a reason of nonsense. Should happen: does not compile.
#include "service.hpp"

struct Join {
  sp::Line<1, 40> password;
};
template <>
struct sp::not_secret<Join> : sp::because<"aaaaa bbbbb", &Join::password> {};
sp::Response join(sp::Body<Join> in) { return sp::Response::text(std::string(in->password.view())); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/join", sp::anyone("a public form"), join);
  return app.run();
}
