// M5 sessions and proofs: Takes an API key from the address, called k. Should happen: does not compile.
// Request: GET /feed?k=sk_live_51H: is it in the access log?
#include "service.hpp"

struct Feed {
  sp::Line<1, 64> k;
};
sp::Response feed(sp::Query<Feed> q) {
  if (q->k.view() != "sk_live_51H") return sp::Problem(403, "Wrong key");
  return sp::Response::text("feed");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/feed", sp::anyone("the key is in the query"), feed);
  return app.run();
}
