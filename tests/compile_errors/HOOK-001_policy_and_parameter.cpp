// code: HOOK-001
// cases: 5
// A webhook whose signature nobody checks, or whose body the handler reads past the check.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Push {
  sp::Text<1, 255> ref;
};
using Pushes = sp::GithubWebhook<"github_webhook">;
using Payments = sp::StripeWebhook<"stripe_webhook">;

[[maybe_unused]] static sp::NoContent pushed(sp::Signed<Pushes, Push>) { return {}; }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::signed_by<Pushes>, pushed);
  app.post("/b", sp::signed_by<Payments>, [](sp::Signed<Payments>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("the webhook of GitHub"), pushed);
#elif CASE == 2
  app.post("/a", sp::signed_by<Pushes>, [](sp::Body<Push>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::signed_by<Payments>, pushed);
#elif CASE == 4
  app.post("/a", sp::signed_in, pushed);
#elif CASE == 5
  app.get("/a", sp::signed_by<Pushes>, [] { return sp::NoContent{}; });
#endif
}
