// A page for integrators answers the tables of the database.
#include "../round-2/service.hpp"

struct Table {
  std::string name;
  std::string sql;
};
template <>
struct sp::view<Table> {
  using show = fields<&Table::name, &Table::sql>;
};
sp::Task<std::vector<Table>> tables(const sp::Db& db) {
  co_return co_await db.all<Table>("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/tables", sp::anyone("for those who write clients"), tables);
  return app.run();
}
