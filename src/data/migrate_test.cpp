// Migrations: run once, in order, wholly or not at all, and never rewritten.
#include "data/migrate.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "data/test_support.hpp"

namespace sallyport::data {
namespace {

using detail::operator""_own;

constexpr std::chrono::system_clock::time_point now{std::chrono::seconds(1'700'000'000)};

class MigrateTest : public ::testing::Test {
 protected:
  MigrateTest() { options.path = directory.file("test.db"); }
  MigrationResult run(std::initializer_list<Migration> steps, std::string_view component = "app") {
    const MigrationComponent tried[] = {{component, {steps.begin(), steps.size()}}};
    const MigrationResult expected = try_migrations(options, tried, now);
    MigrationResult result = migrate(options, component, {steps.begin(), steps.size()}, now);
    EXPECT_EQ(expected.error, result.error) << "what --check says: " << expected.message;
    EXPECT_EQ(expected.message, result.message);
    return result;
  }
  template <class T, class Query>
  T ask(Query query) {
    Database database(options);
    return database.run_blocking(query);
  }
  bool has_table(const char* name) {
    return ask<bool>([&](Transaction& tx) {
      return tx.one<bool>("SELECT count(*) FROM sqlite_schema WHERE name = ?"_own, std::string_view(name));
    });
  }

  TemporaryDirectory directory;
  DatabaseOptions options;
};

TEST_F(MigrateTest, steps_run_once_and_in_order) {
  auto result = run({"CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (1)"});
  EXPECT_EQ(result.error, MigrationError::none) << result.message;
  EXPECT_EQ(result.version, 2u);
  EXPECT_EQ(result.applied, 2u);

  result =
      run({"CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (1)",
           "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT '' CHECK (y <> 'bad'); -- several statements, a comment\n"
           "CREATE INDEX b ON a (y);"});
  EXPECT_EQ(result.error, MigrationError::none) << result.message;
  EXPECT_EQ(result.applied, 1u);
  EXPECT_EQ(
      ask<std::int64_t>([](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM a WHERE y = ''"); }),
      1);
  EXPECT_EQ(ask<std::int64_t>([](Transaction& tx) {
              return tx.one<std::int64_t>("SELECT max(applied_at) FROM sallyport_migrations"_own);
            }),
            1'700'000'000'000);
}

TEST_F(MigrateTest, a_step_that_was_edited_is_refused) {
  run({"CREATE TABLE a (x)", "CREATE TABLE b (x)"});
  const auto result = run({"CREATE TABLE a (x)", "CREATE TABLE b (x, y)", "CREATE TABLE c (x)"});
  EXPECT_EQ(result.error, MigrationError::changed);
  EXPECT_EQ(result.version, 2u);
  EXPECT_FALSE(has_table("c"));
}

TEST_F(MigrateTest, a_database_newer_than_the_program_is_refused) {
  run({"CREATE TABLE a (x)", "CREATE TABLE b (x)"});
  EXPECT_EQ(run({"CREATE TABLE a (x)"}).error, MigrationError::newer);
  EXPECT_EQ(run({}).error, MigrationError::newer);
}

TEST_F(MigrateTest, a_gap_in_the_history_is_refused) {
  run({"CREATE TABLE a (x)", "CREATE TABLE b (x)"});
  ask<std::int64_t>([](Transaction& tx) { return tx.run("DELETE FROM sallyport_migrations WHERE version = 1"_own); });
  EXPECT_EQ(run({"CREATE TABLE a (x)", "CREATE TABLE b (x)"}).error, MigrationError::changed);
}

TEST_F(MigrateTest, a_step_that_fails_leaves_nothing_behind) {
  const auto result =
      run({"CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nothing VALUES (1)", "CREATE TABLE c (x)"});
  EXPECT_EQ(result.error, MigrationError::failed);
  EXPECT_EQ(result.version, 2u);
  EXPECT_TRUE(has_table("a"));
  EXPECT_FALSE(has_table("b"));
  EXPECT_FALSE(has_table("c"));
  EXPECT_EQ(run({"CREATE TABLE a (x)", "CREATE TABLE b (x)"}).applied, 1u) << "it may be corrected: it has not run";
}

TEST_F(MigrateTest, a_step_can_not_leave_its_transaction_or_its_database) {
  EXPECT_EQ(run({"CREATE TABLE a (x); COMMIT; CREATE TABLE b (x)"}).error, MigrationError::failed);
  EXPECT_EQ(run({"ROLLBACK"}).error, MigrationError::failed);
  EXPECT_EQ(run({"SAVEPOINT x"}).error, MigrationError::failed);
  EXPECT_EQ(run({"PRAGMA journal_mode=OFF"}).error, MigrationError::failed);
  EXPECT_EQ(run({"ATTACH 'x.db' AS x"}).error, MigrationError::failed);
  EXPECT_EQ(run({"SELECT load_extension('x')"}).error, MigrationError::failed);
  EXPECT_EQ(run({"DROP TABLE sqlite_schema"}).error, MigrationError::failed);
  EXPECT_FALSE(has_table("a"));
}

TEST_F(MigrateTest, dangling_references_take_the_step_back) {
  const auto result =
      run({"CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT; CREATE TABLE b (a INTEGER REFERENCES a (x)) STRICT",
           "INSERT INTO b VALUES (7)"});
  EXPECT_EQ(result.error, MigrationError::foreign_keys);
  EXPECT_EQ(result.version, 2u);
  EXPECT_EQ(ask<std::int64_t>([](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM b"); }), 0);
}

TEST_F(MigrateTest, a_table_that_others_refer_to_can_be_rebuilt) {
  const auto result = run(
      {"CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT; CREATE TABLE b (a INTEGER REFERENCES a (x) ON DELETE CASCADE) "
       "STRICT;"
       "INSERT INTO a VALUES (7); INSERT INTO b VALUES (7)",
       "CREATE TABLE new_a (x INTEGER PRIMARY KEY, y TEXT) STRICT; INSERT INTO new_a (x) SELECT x FROM a; DROP TABLE a;"
       "ALTER TABLE new_a RENAME TO a"});
  EXPECT_EQ(result.error, MigrationError::none) << result.message;
  EXPECT_EQ(ask<std::int64_t>([](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM b"); }), 1);
}

TEST_F(MigrateTest, components_have_histories_of_their_own) {
  EXPECT_EQ(run({"CREATE TABLE a (x)"}, "app").applied, 1u);
  EXPECT_EQ(run({"CREATE TABLE users (x)"}, "sallyport").applied, 1u);
  EXPECT_EQ(run({"CREATE TABLE a (x)"}, "app").applied, 0u);
}

TEST_F(MigrateTest, full_text_tables_work) {
  const auto result = run({"CREATE VIRTUAL TABLE words USING fts5 (text)"});
  EXPECT_EQ(result.error, MigrationError::none) << result.message;
  EXPECT_EQ(ask<std::int64_t>([](Transaction& tx) {
              tx.run("INSERT INTO words VALUES ('milk and honey')");
              return tx.one<std::int64_t>("SELECT count(*) FROM words WHERE words MATCH 'honey'");
            }),
            1);
}

TEST_F(MigrateTest, trying_makes_and_changes_nothing) {
  const Migration steps[] = {"CREATE TABLE a (x)"};
  const MigrationComponent app[] = {{"app", steps}};
  options.path = directory.file("made/test.db");
  EXPECT_EQ(try_migrations(options, app, now).error, MigrationError::none);
  EXPECT_FALSE(std::filesystem::exists(directory.file("made")));
  options.path = directory.file("test.db");
  run({});
  EXPECT_EQ(try_migrations(options, app, now).error, MigrationError::none);
  EXPECT_FALSE(has_table("a"));
}

TEST_F(MigrateTest, trying_finds_a_place_that_does_not_do) {
  const MigrationComponent none[] = {{"app", {}}};
  std::ofstream(directory.file("file")) << "no folder";
  for (const std::string& path : {directory.file("file/test.db"), std::string(":memory:"), std::string()}) {
    options.path = path;
    EXPECT_THROW(static_cast<void>(try_migrations(options, none, now)), OpenError) << path;
  }
}

TEST_F(MigrateTest, two_processes_may_start_at_once) {
  MigrationResult results[2];
  {
    std::jthread one([&] { results[0] = run({"CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"}); });
    std::jthread two([&] { results[1] = run({"CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"}); });
  }
  for (const auto& result : results) EXPECT_EQ(result.error, MigrationError::none) << result.message;
  EXPECT_EQ(results[0].applied + results[1].applied, 3u);
}

}  // namespace
}  // namespace sallyport::data
