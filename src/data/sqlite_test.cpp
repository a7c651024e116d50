// How a database file is opened, and what SQLite itself refuses on a connection that serves.
#include "data/sqlite.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <sallyport/database_error.hpp>

#include "data/test_support.hpp"

namespace sallyport::data {
namespace {

constexpr std::chrono::milliseconds no_wait{0};

unsigned mode_of(const std::string& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 ? file.st_mode & 0777u : 0u;
}

OpenError::Kind open_error(const std::string& path, Allow allow = Allow::changes) {
  try {
    const Connection connection(path, allow, no_wait);
  } catch (const OpenError& error) {
    return error.kind();
  }
  ADD_FAILURE() << path << " was opened";
  return OpenError::Kind::other;
}

std::string ask(const Connection& connection, std::string_view sql) {
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  if (sqlite3_step(statement.get()) != SQLITE_ROW) return "no row";
  return reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
}

TEST(Sqlite, a_new_database_is_private_whatever_the_umask) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a/b/new.db");
  const mode_t old = ::umask(0);
  const Connection connection(path, Allow::everything, no_wait);
  connection.execute("CREATE TABLE t (a INTEGER) STRICT");
  ::umask(old);
  EXPECT_EQ(mode_of(path), 0600u);
  EXPECT_EQ(mode_of(path + "-wal"), 0600u);
  EXPECT_EQ(mode_of(path + "-shm"), 0600u);
  EXPECT_EQ(mode_of(directory.file("a")), 0700u);
  EXPECT_EQ(mode_of(directory.file("a/b")), 0700u);
}

TEST(Sqlite, names_that_are_no_files_are_refused) {
  const TemporaryDirectory directory;
  EXPECT_EQ(open_error(""), OpenError::Kind::path);
  EXPECT_EQ(open_error(":memory:"), OpenError::Kind::path);
  EXPECT_EQ(open_error("file:x.db?mode=memory"), OpenError::Kind::path);
  EXPECT_EQ(open_error(std::string("a\0b", 3)), OpenError::Kind::path);
  std::filesystem::create_directory(directory.file("directory"));
  EXPECT_EQ(open_error(directory.file("directory")), OpenError::Kind::path);
  std::filesystem::create_symlink(directory.file("elsewhere.db"), directory.file("link.db"));
  EXPECT_EQ(open_error(directory.file("link.db")), OpenError::Kind::path);
  EXPECT_FALSE(std::filesystem::exists(directory.file("elsewhere.db")));
}

TEST(Sqlite, a_file_that_others_may_read_is_refused) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("open.db");
  std::ofstream(path).close();
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(open_error(path), OpenError::Kind::permissions);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const Connection connection(path, Allow::changes, no_wait);
}

TEST(Sqlite, a_file_of_something_else_is_refused) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("text.db");
  std::ofstream(path) << std::string(4096, 'x');
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(open_error(path), OpenError::Kind::not_a_database);
  EXPECT_EQ(open_error(directory.file("missing.db"), Allow::reads), OpenError::Kind::permissions);
}

TEST(Sqlite, connections_have_the_settings_that_are_promised) {
  const TemporaryDirectory directory;
  const Connection connection(directory.file("a.db"), Allow::everything, no_wait);
  EXPECT_EQ(ask(connection, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask(connection, "PRAGMA synchronous"), "2");
  EXPECT_EQ(ask(connection, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(ask(connection, "PRAGMA trusted_schema"), "1") << "and what that would allow is refused: see below";
  EXPECT_EQ(ask(connection, "PRAGMA temp_store"), "2");
  EXPECT_EQ(ask(connection, "PRAGMA secure_delete"), "2");
  EXPECT_EQ(ask(connection, "PRAGMA cell_size_check"), "1");
  EXPECT_EQ(sqlite3_limit(connection.get(), SQLITE_LIMIT_ATTACHED, -1), 0);
  EXPECT_THROW(connection.execute("ATTACH 'x.db' AS x"), DatabaseError);
  EXPECT_THROW(connection.execute("SELECT load_extension('x')"), DatabaseError);
  Connection changes(directory.file("a.db"), Allow::tables, no_wait);
  changes.execute("CREATE TABLE words (word TEXT)");
  changes.execute("CREATE TRIGGER ext AFTER INSERT ON words BEGIN SELECT load_extension('x'); END");
  changes.execute("CREATE TRIGGER tok AFTER DELETE ON words BEGIN SELECT fts3_tokenizer('x'); END");
  changes.allow(Allow::changes);
  EXPECT_THROW(changes.execute("INSERT INTO words VALUES ('milk')"), DatabaseError)
      << "also of a schema that somebody else wrote";
  EXPECT_THROW(changes.execute("DELETE FROM words"), DatabaseError);
  const Connection reader(directory.file("a.db"), Allow::reads, no_wait);
  EXPECT_EQ(sqlite3_db_readonly(reader.get(), "main"), 1);
}

TEST(Sqlite, a_connection_that_serves_refuses_what_is_no_query) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.db");
  Connection writer(path, Allow::everything, no_wait);
  writer.execute("CREATE TABLE t (a INTEGER) STRICT");
  writer.allow(Allow::changes);
  const Connection reader(path, Allow::reads, no_wait);
  for (const char* sql : {"CREATE TABLE u (a)", "DROP TABLE t", "ALTER TABLE t RENAME TO u", "PRAGMA query_only=OFF",
                          "PRAGMA foreign_keys=OFF", "ATTACH ':memory:' AS x", "DETACH main", "VACUUM INTO 'copy.db'",
                          "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END", "CREATE TEMP TABLE x (a)",
                          "SELECT load_extension('x')", "ANALYZE", "SELECT * FROM pragma_table_info('t')",
                          "UPDATE sqlite_schema SET sql = 'x'"}) {
    EXPECT_THROW(writer.execute(sql), DatabaseError) << sql;
    EXPECT_THROW(reader.execute(sql), DatabaseError) << sql;
  }
  for (const char* sql : {"INSERT INTO t VALUES (1)", "UPDATE t SET a = 2", "DELETE FROM t"}) {
    EXPECT_NO_THROW(writer.execute(sql)) << sql;
    EXPECT_THROW(reader.execute(sql), DatabaseError) << sql;
  }
}

TEST(Sqlite, a_lock_of_another_process_is_busy_not_a_hang) {
  const TemporaryDirectory directory;
  const Connection one(directory.file("a.db"), Allow::everything, no_wait);
  one.execute("CREATE TABLE t (a) ; BEGIN IMMEDIATE");
  const Connection two(directory.file("a.db"), Allow::everything, no_wait);
  try {
    two.execute("INSERT INTO t VALUES (1)");
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.kind(), DatabaseError::Kind::busy);
  }
}

}  // namespace
}  // namespace sallyport::data
