// V6 secrets and logs: Shows the hash of a password, called pw. Should happen: does not compile.
#include "service.hpp"

struct Member {
  std::string name;
  std::string pw;
  std::string pw_hash;
};
template <>
struct sp::view<Member> {
  using show = fields<&Member::name, &Member::pw, &Member::pw_hash>;
};
Member member(sp::SignedIn me) { return {std::string(me.name), "x", "$2b$12$"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/member", sp::signed_in, member);
  return app.run();
}
