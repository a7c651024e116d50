// M5 sessions and proofs: Keeps AccountsAdmin of an administrator's request, and uses it in everybody's. Should happen: is neutralised.
// Request: POST /remember as an administrator, then POST /promote as Alice: is she an administrator?
#include "service.hpp"

sp::AccountsAdmin* kept = nullptr;
sp::Response remember(sp::AccountsAdmin& accounts) {
  kept = &accounts;
  return sp::Response::empty();
}
sp::Task<sp::Response> promote(sp::SignedIn me) {
  if (kept == nullptr) co_return sp::Problem(409, "Nothing kept");
  co_return sp::Response::text(co_await kept->set_role(me.id, "admin") ? "yes" : "no");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/remember", sp::role("admin"), remember);
  app.post("/promote", sp::signed_in, promote);
  return app.run();
}
