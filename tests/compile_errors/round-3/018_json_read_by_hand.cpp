// A body is searched for "verified":true by hand, as the old client sends it.
#include "../round-2/service.hpp"

using namespace sp::literals;
sp::Task<sp::NoContent> update(sp::SignedIn me, sp::BodyStream<64_KiB> body, sp::Db& db) {
  std::string all;
  while (const auto piece = co_await body.next()) piece->append_to(all);
  const bool verified = all.find("\"verified\":true") != std::string::npos;
  co_await db.run(
      "INSERT INTO profiles (owner, verified) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET verified = "
      "excluded.verified",
      me.id, verified);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE profiles (owner BLOB PRIMARY KEY, verified INTEGER NOT NULL) STRICT"});
  app.put("/profile", sp::signed_in, update);
  return app.run();
}
