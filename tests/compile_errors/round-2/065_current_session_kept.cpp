// M5 sessions and proofs: Keeps the session of one request and ends it in another. Should happen: is neutralised.
// Request: POST /keep as Alice, then POST /end as Bob: whose session ends, does the process live?
#include "service.hpp"

std::optional<sp::CurrentSession> kept;
sp::Response keep(sp::CurrentSession session) {
  kept.emplace(session);
  return sp::Response::empty();
}
sp::Response end(sp::SignedIn) {
  if (!kept) return sp::Problem(409, "Nothing kept");
  return kept->sign_out_everywhere();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/keep", sp::signed_in, keep);
  app.post("/end", sp::signed_in, end);
  return app.run();
}
