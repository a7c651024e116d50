// M5 sessions and proofs: Verifies a password of its own by memcmp, without attempts and without a hash. Should happen: does not compile.
// Request: POST /enter with guesses: as fast as the general limit lets them
#include "service.hpp"

#include <cstring>
#include <span>

bool same(const sp::Password& typed, std::string_view right) {
  return typed.expose([&](std::span<const unsigned char> bytes) {
    return bytes.size() == right.size() && std::memcmp(bytes.data(), right.data(), right.size()) == 0;
  });
}
sp::Response enter(sp::Body<SignIn> in) {
  if (!same(in->password, "hunter2hunter2")) return sp::Problem(401, "Wrong");
  return sp::Response::text("welcome");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), enter);
  return app.run();
}
