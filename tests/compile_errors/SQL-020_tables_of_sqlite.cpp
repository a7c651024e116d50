// code: SQL-020
// cases: 7
// SQLite's own tables are out of reach: they tell what there is, the framework's as well.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void handle(sp::Db& db, const sp::Db& reader) {
  (void)reader.all<std::string>("SELECT name FROM tables_of_the_cafe");
  (void)reader.one<std::string>("SELECT 'sqlite_schema' FROM words");
#if CASE == 1
  (void)reader.all<std::string>("SELECT sql FROM sqlite_schema");
#elif CASE == 2
  (void)reader.all<std::string>("SELECT sql FROM main.[SQLITE_MASTER]");
#elif CASE == 3
  (void)reader.all<std::string>("SELECT name FROM pragma_table_info('notes')");
#elif CASE == 4
  (void)reader.all<std::string>("SELECT name FROM \"pragma_table_list\"");
#elif CASE == 5
  (void)reader.all<std::string>("SELECT word FROM words WHERE word IN (SELECT name FROM Sqlite_Temp_Schema)");
#elif CASE == 6
  (void)db.run("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'orders'");
#elif CASE == 7
  (void)reader.all<std::int64_t>("SELECT pgno FROM dbstat", sp::every_owner<"the operator's statistics">);
#endif
}
