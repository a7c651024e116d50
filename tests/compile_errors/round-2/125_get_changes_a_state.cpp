// V2 CSRF: Ends a subscription in a GET handler, which is kept in a State. Should happen: does not compile.
// Request: GET /unsubscribe as Alice by <img> of another site: unsubscribed?
#include "service.hpp"

#include <mutex>
#include <set>

struct Subscribers {
  std::mutex mutex;
  std::set<std::string> gone;
};
sp::Response unsubscribe(sp::SignedIn me, sp::State<Subscribers> all) {
  const std::lock_guard lock(all->mutex);
  all->gone.insert(me.id.text());
  return sp::Response::text("unsubscribed");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Subscribers>();
  app.get("/unsubscribe", sp::signed_in, unsubscribe);
  return app.run();
}
