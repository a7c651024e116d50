// A migration makes a view of the accounts with their e-mails.
#include "../round-2/service.hpp"

struct Colleague {
  std::string name;
  std::string email;
};
template <>
struct sp::view<Colleague> {
  using show = fields<&Colleague::name, &Colleague::email>;
};
sp::Task<std::vector<Colleague>> colleagues(sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Colleague>("SELECT name, email FROM colleagues LIMIT 100");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIEW colleagues AS SELECT u.name, u.email FROM main.[sallyport_users] AS u"});
  app.get("/colleagues", sp::signed_in, colleagues);
  return app.run();
}
