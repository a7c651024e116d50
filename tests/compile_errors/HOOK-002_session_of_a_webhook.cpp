// code: HOOK-002
// cases: 4
// A webhook that looks for a person: a service has none.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Push {
  sp::Text<1, 255> ref;
};
using Pushes = sp::GithubWebhook<"github_webhook">;

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::signed_by<Pushes>, [](sp::Signed<Pushes, Push>, sp::Db&, sp::Log&) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::signed_by<Pushes>,
           [](sp::Signed<Pushes, Push>, sp::Maybe<sp::SignedIn>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::signed_by<Pushes>, [](sp::Signed<Pushes, Push>, sp::SignedIn) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::signed_by<Pushes>, [](sp::Signed<Pushes, Push>, sp::CsrfToken) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::signed_by<Pushes>, [](sp::Signed<Pushes, Push>, sp::CurrentSession) { return sp::NoContent{}; });
#endif
}
