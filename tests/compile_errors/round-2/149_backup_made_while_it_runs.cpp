// V5 start: Copies the database into the public folder at each request, for the backup tool. Should happen: is neutralised.
// Request: POST /backup, then GET /pub/backup.db and /pub/notes.sql: the database?
#include "service.hpp"

#include <filesystem>
#include <fstream>

sp::NoContent backup(sp::SignedIn) {
  std::ofstream("pub/backup.db") << "SQLite format 3";
  std::ofstream("pub/notes.sql") << "INSERT INTO notes";
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directory("pub");
  app.post("/backup", sp::signed_in, backup);
  app.files("/pub", sp::anyone("what everybody may have"), "pub");
  return app.run();
}
