// The scanner behind Sql, at run time, where a mistake is an exception instead of a compile error.
#include <sallyport/sql.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::detail {
namespace {

std::string code_of(std::string_view sql, SqlUse use = SqlUse::rows, std::vector<bool> patterns = {}) {
  bool is_pattern[8] = {};
  for (std::size_t i = 0; i < patterns.size(); ++i) is_pattern[i] = patterns[i];
  try {
    check_sql(sql, use, is_pattern, patterns.size());
  } catch (const char* advice) {
    return std::string(advice).substr(0, 7);
  }
  return "ok";
}

constexpr auto read = SqlUse::read;
constexpr auto rows = SqlUse::rows;
constexpr auto change = SqlUse::change;

TEST(Sql, accepts_what_services_say) {
  EXPECT_EQ(code_of("SELECT 1", read), "ok");
  EXPECT_EQ(code_of("select a, 'it''s; -- ? /* */' from t where b = ? and \"odd ? name\" <> x'00'", read, {false}),
            "ok");
  EXPECT_EQ(code_of("SELECT [a;b], `c;--` FROM t LIMIT ? OFFSET ?", read, {false, false}), "ok");
  EXPECT_EQ(code_of("\n  WITH x (a) AS (SELECT 1), y AS (SELECT ?)\tSELECT * FROM x, y", read, {false}), "ok");
  EXPECT_EQ(code_of("SELECT 1.5e-3, 0xFF, .5, -1 - -1, a->'b', a->>'$.c', a % 2, ~1, a || 'b' FROM t", read), "ok");
  EXPECT_EQ(code_of("SELECT '\xc3\xa9', \"\xc3\xa9\"", read), "ok");
  EXPECT_EQ(code_of("INSERT INTO t VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *", rows,
                    {false, false}),
            "ok");
  EXPECT_EQ(code_of("UPDATE t SET a = ? WHERE b = ?", change, {false, false}), "ok");
  EXPECT_EQ(code_of("DELETE FROM t WHERE TRUE", change), "ok");
  EXPECT_EQ(code_of("WITH x AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM x)", change), "ok");
  EXPECT_EQ(code_of("SELECT replace(a, 'b', 'c'), update_count, deleted FROM t", read), "ok");
}

TEST(Sql, counts_placeholders) {
  EXPECT_EQ(code_of("SELECT ?", read), "SQL-001");
  EXPECT_EQ(code_of("SELECT 1", read, {false}), "SQL-001");
  EXPECT_EQ(code_of("SELECT '?', \"?\", [?], `?`", read, {false}), "SQL-001");
}

TEST(Sql, one_statement_without_comments) {
  EXPECT_EQ(code_of("SELECT 1;"), "SQL-002");
  EXPECT_EQ(code_of("SELECT 1; DROP TABLE t"), "SQL-002");
  EXPECT_EQ(code_of("SELECT 1 -- all"), "SQL-003");
  EXPECT_EQ(code_of("SELECT/**/1"), "SQL-003");
  EXPECT_EQ(code_of("SELECT 1--1"), "SQL-003");
}

TEST(Sql, quotes_and_parentheses_are_closed) {
  EXPECT_EQ(code_of("SELECT 'a"), "SQL-004");
  EXPECT_EQ(code_of("SELECT 'a''"), "SQL-004");
  EXPECT_EQ(code_of("SELECT \"a"), "SQL-004");
  EXPECT_EQ(code_of("SELECT [a"), "SQL-004");
  EXPECT_EQ(code_of("SELECT `a"), "SQL-004");
  EXPECT_EQ(code_of("SELECT (1"), "SQL-004");
  EXPECT_EQ(code_of("SELECT 1)"), "SQL-004");
  EXPECT_EQ(code_of(")SELECT 1"), "SQL-011");
  EXPECT_EQ(code_of(std::string_view("SELECT \0 1", 10)), "SQL-004");
  EXPECT_EQ(code_of(std::string_view("SELECT '\0'", 10)), "SQL-004");
  EXPECT_EQ(code_of("SELECT\xc2\xa0"
                    "1"),
            "SQL-004");
  EXPECT_EQ(code_of("SELECT \x01"), "SQL-004");
}

TEST(Sql, a_read_only_db_reads) {
  for (const char* sql :
       {"INSERT INTO t VALUES (1) RETURNING *", "UPDATE t SET a = 1 WHERE b RETURNING a",
        "DELETE FROM t WHERE TRUE RETURNING *", "WITH x AS (SELECT 1) DELETE FROM t WHERE TRUE RETURNING *",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x RETURNING *"}) {
    EXPECT_EQ(code_of(sql, read), "SQL-005") << sql;
    EXPECT_EQ(code_of(sql, rows), "ok") << sql;
  }
}

TEST(Sql, changes_say_which_rows) {
  EXPECT_EQ(code_of("UPDATE t SET a = 1", change), "SQL-007");
  EXPECT_EQ(code_of("DELETE FROM t", change), "SQL-007");
  EXPECT_EQ(code_of("UPDATE t SET a = (SELECT b FROM c WHERE d)", change), "SQL-007");
  EXPECT_EQ(code_of("DELETE FROM t RETURNING 'WHERE'", rows), "SQL-007");
}

TEST(Sql, patterns_are_literals_or_escaped) {
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '\\'", read, {true}), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a NOT LIKE ? ESCAPE '\\' AND b = ?", read, {true, false}), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE 'a%'", read), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ?", read, {true}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '!'", read, {true}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '\\'", read, {false}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE '%' || ? || '%'", read, {false}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE (?) ESCAPE '\\'", read, {true}), "SQL-008");
  EXPECT_EQ(code_of("SELECT like(?, a)", read, {false}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE b", read), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a = ?", read, {true}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a GLOB ?", read, {false}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a MATCH ?", read, {false}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a REGEXP ?", read, {true}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a GLOB 'x*'", read), "ok");
}

TEST(Sql, placeholders_are_plain) {
  for (const char* sql : {"SELECT ?1", "SELECT :a", "SELECT @a", "SELECT $a", "SELECT a$b", "SELECT #a"}) {
    EXPECT_EQ(code_of(sql, read, {false}), "SQL-010") << sql;
  }
}

TEST(Sql, only_four_verbs) {
  for (const char* sql : {"PRAGMA journal_mode=OFF",
                          "ATTACH 'x' AS y",
                          "DROP TABLE t",
                          "CREATE TABLE t (a)",
                          "ALTER TABLE t RENAME TO u",
                          "VACUUM",
                          "BEGIN",
                          "COMMIT",
                          "ROLLBACK",
                          "SAVEPOINT a",
                          "EXPLAIN SELECT 1",
                          "REPLACE INTO t VALUES (1)",
                          "VALUES (1)",
                          "(SELECT 1)",
                          "",
                          "   ",
                          "1",
                          "'SELECT'",
                          "\"SELECT\" 1",
                          "SELEC",
                          "SELECT1",
                          "WITH x AS (SELECT 1)"}) {
    EXPECT_EQ(code_of(sql, rows), "SQL-011") << sql;
  }
  EXPECT_EQ(code_of("SELECT load_extension('x')", read), "SQL-011");
  EXPECT_EQ(code_of("SELECT Load_Extension ('x')", read), "SQL-011");
}

TEST(Sql, json_paths_are_literals) {
  EXPECT_EQ(code_of("SELECT a -> ?", read, {false}), "SQL-012");
  EXPECT_EQ(code_of("SELECT a ->> ?", read, {false}), "SQL-012");
}

TEST(Sql, rows_are_asked_of_what_has_rows) {
  EXPECT_EQ(code_of("INSERT INTO t VALUES (1)", rows), "SQL-013");
  EXPECT_EQ(code_of("SELECT 1", change), "SQL-013");
  EXPECT_EQ(code_of("INSERT INTO t VALUES ('RETURNING')", rows), "SQL-013");
}

}  // namespace
}  // namespace sallyport::detail
