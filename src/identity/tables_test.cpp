// What an application's SQL may do to the framework's tables: read the people, refer to a user, and nothing else.
#include "identity/tables.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

#include <sallyport/database_error.hpp>

#include "data/test_support.hpp"

namespace sallyport::identity {
namespace {

using namespace sallyport::data;

using detail::operator""_own;

class OwnTables : public ::testing::Test {
 protected:
  OwnTables() {
    options.path = directory.file("test.db");
    EXPECT_EQ(migrate(options, detail::own_component, tables, {}).error, MigrationError::none);
    EXPECT_EQ(
        application({"CREATE TABLE notes (id INTEGER PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id) "
                     "ON DELETE CASCADE, title TEXT NOT NULL) STRICT"})
            .error,
        MigrationError::none);
    Database database(options);
    database.run_blocking([](Transaction& tx) {
      tx.run(
          "INSERT INTO sallyport_users (id, email, email_shown, name, password, role, created_at) VALUES "
          "(x'00112233445566778899aabbccddeeff', 'a@b.example', 'A@b.example', 'Ada', 'the hash', '', 7)"_own);
      tx.run("INSERT INTO notes (owner, title) VALUES (x'00112233445566778899aabbccddeeff', 'Milk')");
    });
  }

  // The application's history so far, and these steps after it.
  MigrationResult application(std::initializer_list<Migration> steps) {
    std::vector<Migration> all = history;
    all.insert(all.end(), steps);
    const MigrationResult result = migrate(options, "app", all, {});
    if (result.error == MigrationError::none) history = all;
    return result;
  }
  // What the first column of the first row shows; or why it is refused.
  static std::string ask(const Connection& connection, const std::string& sql) {
    try {
      std::string_view rest;
      const StatementPtr statement = connection.prepare(sql, rest);
      if (sqlite3_step(statement.get()) == SQLITE_ROW) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
        return text ? text : "null";
      }
      connection.execute(sql);  // so that its failure is told
      return "done";
    } catch (const DatabaseError& error) {
      return std::string("refused: ") + detail::ForTheLog::text(error);
    }
  }

  TemporaryDirectory directory;
  DatabaseOptions options;
  std::vector<Migration> history;
};

constexpr const char* reads[] = {
    "SELECT password FROM sallyport_users",
    "SELECT email FROM sallyport_users",
    "SELECT * FROM sallyport_users",
    "SELECT name FROM sallyport_users",
    R"(SELECT "password" FROM "SALLYPORT_users")",
    "SELECT password FROM [sallyport_users]",
    "SELECT password FROM `Sallyport_Users`",
    "SELECT password FROM 'sallyport_users'",
    "SELECT password FROM main.sallyport_users",
    "SELECT u.password FROM notes AS n JOIN sallyport_users AS u ON u.id = n.owner",
    "SELECT title FROM notes WHERE owner IN (SELECT id FROM sallyport_users WHERE password LIKE '$%')",
    "SELECT (SELECT password FROM sallyport_users LIMIT 1)",
    "WITH people AS (SELECT password FROM sallyport_users) SELECT * FROM people",
    "WITH sallyport_people AS (SELECT password AS name FROM sallyport_users) SELECT name FROM sallyport_people",
    "WITH sallyport_people AS (SELECT email_shown AS name FROM sallyport_users) SELECT name FROM sallyport_people",
    "SELECT name FROM (SELECT role AS name FROM sallyport_users) AS sallyport_people",
    "SELECT sql FROM sqlite_schema",
    "SELECT name FROM main.\"SQLITE_MASTER\"",
    "SELECT name FROM pragma_table_info('sallyport_users')",
    "SELECT name FROM pragma_table_list",
    "WITH RECURSIVE r(p) AS (SELECT password FROM sallyport_users UNION SELECT p FROM r) SELECT p FROM r",
    "SELECT 1 UNION ALL SELECT password FROM sallyport_users",
    "SELECT title FROM notes ORDER BY (SELECT password FROM sallyport_users)",
    "SELECT count(*) FROM sallyport_sessions",
    "SELECT id FROM sallyport_sessions",
    "SELECT sha256 FROM sallyport_migrations",
    "SELECT EXISTS (SELECT 1 FROM sallyport_users WHERE password > 'a')",
    "SELECT password FROM sallyport_people",
};
constexpr const char* changes[] = {
    "UPDATE sallyport_users SET role = 'admin' WHERE TRUE",
    "UPDATE \"sallyport_USERS\" SET role = 'admin' WHERE TRUE",
    "UPDATE sallyport_people SET role = 'admin' WHERE TRUE",
    "DELETE FROM sallyport_users WHERE TRUE",
    "DELETE FROM sallyport_sessions WHERE TRUE",
    "INSERT INTO sallyport_sessions (id, account, created_at, seen_at) SELECT zeroblob(32), owner, 0, 0 FROM notes",
    ("INSERT INTO sallyport_users (id, email, email_shown, name, password, created_at) VALUES (zeroblob(16), 'e', 'e', "
     "'n', "
     "'p', 0) ON CONFLICT DO NOTHING"),
    ("INSERT OR REPLACE INTO sallyport_users (id, email, email_shown, name, password, role, created_at) VALUES "
     "(x'00112233445566778899aabbccddeeff', 'a@b.example', 'e', 'n', 'p', 'admin', 0)"),
    "REPLACE INTO sallyport_migrations VALUES ('app', 1, x'00', 0)",
    "INSERT INTO notes (owner, title) SELECT id, password FROM sallyport_users",
    "UPDATE notes SET title = (SELECT password FROM sallyport_users) WHERE TRUE",
    "UPDATE notes SET title = u.password FROM sallyport_users AS u WHERE TRUE",
    "DELETE FROM notes WHERE owner IN (SELECT account FROM sallyport_sessions) RETURNING title",
    "ATTACH ':memory:' AS sallyport",
    "PRAGMA writable_schema = ON",
    "ALTER TABLE sallyport_users ADD COLUMN x TEXT",
    "CREATE TEMP VIEW sallyport_people AS SELECT password AS name FROM sallyport_users",
};

TEST_F(OwnTables, AreOutOfReachOfQueries) {
  const Connection writer(options.path, Allow::changes, std::chrono::milliseconds{10});
  const Connection reader(options.path, Allow::reads, std::chrono::milliseconds{10});
  for (const char* sql : reads) {
    for (const Connection* connection : {&writer, &reader})
      EXPECT_TRUE(ask(*connection, sql).starts_with("refused: ")) << sql << ": " << ask(*connection, sql);
  }
  for (const char* sql : changes) EXPECT_TRUE(ask(writer, sql).starts_with("refused: ")) << sql;
  EXPECT_NE(ask(writer, reads[0]).find("read sallyport_people"), std::string::npos) << "it says what to do instead";
  const Connection setting_up(options.path, Allow::everything, std::chrono::milliseconds{10});
  EXPECT_EQ(ask(setting_up, "SELECT role || password FROM sallyport_users"), "the hash");
}

TEST_F(OwnTables, PeopleAreRead) {
  const Connection reader(options.path, Allow::reads, std::chrono::milliseconds{10});
  EXPECT_EQ(ask(reader, "SELECT name FROM sallyport_people"), "Ada");
  for (const char* column : {"email", "email_shown", "role", "password"})
    EXPECT_TRUE(ask(reader, "SELECT " + std::string(column) + " FROM sallyport_people").starts_with("refused: "))
        << column;
  EXPECT_EQ(ask(reader, "SELECT count(*) FROM sallyport_people"), "1");
  EXPECT_EQ(ask(reader, "SELECT p.name FROM notes AS n JOIN sallyport_people AS p ON p.id = n.owner ORDER BY p.name"),
            "Ada");
  EXPECT_EQ(ask(reader, "SELECT title FROM notes WHERE owner IN (SELECT id FROM sallyport_people)"), "Milk");
  EXPECT_EQ(ask(reader,
                "WITH a AS (SELECT id, name FROM sallyport_people) SELECT name FROM a LEFT JOIN notes ON a.id = owner"),
            "Ada");
}

// What the first version has left.
TEST(OwnTablesOfBefore, ADatabaseWithoutTheViewIsBroughtUpToDate) {
  const TemporaryDirectory directory;
  DatabaseOptions options;
  options.path = directory.file("test.db");
  EXPECT_EQ(migrate(options, detail::own_component, std::span(tables).first(1), {}).applied, 1U);
  EXPECT_EQ(migrate(options, detail::own_component, tables, {}).error, MigrationError::none);
  Database database(options);
  EXPECT_EQ(database.run_blocking(
                [](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(id) FROM sallyport_people"); }),
            0);
}

TEST_F(OwnTables, ReferencesWork) {
  Database database(options);
  TestLoop loop;
  const auto add = [&](bool known) -> Task<std::int64_t> {
    if (known) {
      co_return co_await database.db().run(
          "INSERT INTO notes (owner, title) VALUES (x'00112233445566778899aabbccddeeff', 'Eggs')",
          every_owner<"the test's own rows">);
    }
    co_return co_await database.db().run("INSERT INTO notes (owner, title) VALUES (zeroblob(16), 'Eggs')",
                                         every_owner<"the test's own rows">);
  };
  EXPECT_EQ(loop.run(add(true)), 1);
  EXPECT_THROW(loop.run(add(false)), DatabaseError);
  database.run_blocking([](Transaction& tx) { tx.run("DELETE FROM sallyport_users WHERE TRUE"_own); });
  EXPECT_EQ(database.run_blocking([](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes"); }),
            0);
}

// The linker may give two equal literals one address: what the framework has prepared is not handed to the application.
TEST_F(OwnTables, AStatementOfTheFrameworkIsNotTheApplications) {
  Database database(options);
  TestLoop loop;
  static constexpr detail::OwnSql secret = "SELECT password FROM sallyport_users"_own;
  const auto ask_with = [&](Db& db) -> Task<std::string> { co_return co_await db.one<std::string>(secret); };
  EXPECT_EQ(loop.run(ask_with(database.own())), "the hash");
  EXPECT_THROW(loop.run(ask_with(database.db())), DatabaseError);
  EXPECT_EQ(loop.run(ask_with(database.own())), "the hash");
}

TEST_F(OwnTables, MigrationsThatTouchThemAreRefused) {
  for (const Migration& step : std::vector<Migration>{
           "UPDATE sallyport_users SET role = 'admin' WHERE email = 'a@b.example'",
           "DELETE FROM sallyport_sessions",
           "CREATE TABLE copies AS SELECT password FROM sallyport_users",
           "INSERT INTO notes (owner, title) SELECT id, password FROM sallyport_users",
           "ALTER TABLE sallyport_users ADD COLUMN admin INTEGER",
           "ALTER TABLE sallyport_users RENAME TO people",
           "ALTER TABLE sallyport_users RENAME COLUMN password TO name2",
           "ALTER TABLE notes RENAME TO sallyport_notes",
           "DROP TABLE sallyport_sessions",
           "DROP TABLE \"Sallyport_Users\"",
           "DROP VIEW sallyport_people",
           "DROP VIEW sallyport_people; CREATE VIEW sallyport_people (name) AS SELECT password FROM sallyport_users",
           "DROP INDEX sallyport_sessions_account",
           "CREATE TABLE sallyport_more (id INTEGER PRIMARY KEY)",
           "CREATE TABLE SALLYPORT_more (id INTEGER PRIMARY KEY)",
           "CREATE INDEX passwords ON sallyport_users (password)",
           "CREATE UNIQUE INDEX sallyport_notes_owner ON notes (owner)",
           "CREATE TRIGGER up AFTER INSERT ON sallyport_sessions BEGIN DELETE FROM notes; END",
           "CREATE TRIGGER up AFTER INSERT ON notes BEGIN UPDATE sallyport_users SET role = 'admin'; END",
           "CREATE TRIGGER up AFTER INSERT ON notes BEGIN UPDATE/**/[sallyport_users] SET role = 'admin'; END",
           "CREATE TRIGGER up INSTEAD OF UPDATE ON sallyport_people BEGIN DELETE FROM notes; END",
           "CREATE VIEW hashes AS SELECT password FROM sallyport_users",
           "CREATE VIEW hashes AS SELECT password FROM 'sallyport_users'",
           "CREATE VIEW hashes AS SELECT password FROM -- comment\n \"sallyport_users\"",
           "CREATE VIEW hashes AS WITH x AS (SELECT password FROM main.sallyport_users) SELECT * FROM x",
           "CREATE TABLE logs (at INTEGER REFERENCES sallyport_sessions (id))",
           "CREATE TABLE guesses (mail TEXT REFERENCES sallyport_users (email))",
           "PRAGMA writable_schema = ON",
       }) {
    const MigrationResult result = application({step});
    EXPECT_NE(result.error, MigrationError::none) << step.sql();
    if (!step.sql().starts_with("PRAGMA")) {
      EXPECT_NE(result.message.find("read sallyport_people"), std::string::npos)
          << step.sql() << ": " << result.message;
    }
  }
  const Connection all(options.path, Allow::everything, std::chrono::milliseconds{10});
  EXPECT_EQ(ask(all, "SELECT role || password FROM sallyport_users"), "the hash");
}

TEST_F(OwnTables, HonestMigrationsRun) {
  const MigrationResult result = application({
      "ALTER TABLE notes ADD COLUMN editor BLOB REFERENCES sallyport_users (id) ON DELETE SET NULL",
      "CREATE TABLE votes (note INTEGER REFERENCES notes (id), voter BLOB NOT NULL REFERENCES \"sallyport_users\" ON "
      "DELETE "
      "CASCADE, FOREIGN KEY (voter) REFERENCES /* whoever */ sallyport_users (id)) STRICT",
      "CREATE VIEW authors AS SELECT n.title, p.name FROM notes AS n JOIN sallyport_people AS p ON p.id = n.owner",
      "CREATE TRIGGER busy AFTER INSERT ON notes WHEN (SELECT name FROM sallyport_people WHERE id = new.owner) = "
      "'guest' "
      "BEGIN SELECT raise(ABORT, 'guests write nothing'); END",
      "ALTER TABLE notes RENAME COLUMN title TO heading",
      "ALTER TABLE votes RENAME TO ballots",
      "ANALYZE",
  });
  EXPECT_EQ(result.error, MigrationError::none) << result.message;
  const Connection reader(options.path, Allow::reads, std::chrono::milliseconds{10});
  EXPECT_EQ(ask(reader, "SELECT name FROM authors"), "Ada");
  const Connection writer(options.path, Allow::changes, std::chrono::milliseconds{10});
  EXPECT_EQ(ask(writer, "UPDATE notes SET editor = owner WHERE TRUE"), "done");
  EXPECT_FALSE(ask(reader, "SELECT count(*) FROM sqlite_stat1 WHERE tbl LIKE 'sallyport%'").starts_with("1"));
}

// A trigger of the application runs when the framework deletes an account, and gains nothing by it.
TEST_F(OwnTables, ATriggerThatTheFrameworkRunsStaysTheApplications) {
  const Connection all(options.path, Allow::everything, std::chrono::milliseconds{10});
  all.execute(
      "CREATE TRIGGER up AFTER DELETE ON notes BEGIN INSERT INTO sallyport_migrations VALUES ('x', 1, x'00', 0); END");
  Database database(options);
  EXPECT_THROW(database.run_blocking([](Transaction& tx) { tx.run("DELETE FROM sallyport_users WHERE TRUE"_own); }),
               DatabaseError);
  EXPECT_EQ(ask(all, "SELECT count(*) FROM sallyport_users"), "1");
  EXPECT_EQ(application({}).error, MigrationError::own_tables) << "and the next start refuses it";
}

}  // namespace
}  // namespace sallyport::identity
