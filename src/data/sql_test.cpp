// The scanner behind Sql, at run time, where a mistake is an exception instead of a compile error.
#include <sallyport/sql.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::detail {
namespace {

using Kind = SqlArgument::Kind;

std::string code_of(std::string_view sql, SqlUse use = SqlUse::rows, const std::vector<SqlArgument>& arguments = {},
                    bool own = false) {
  std::vector<SqlToken> room(sql.size() + 1);
  try {
    SqlRules(read_tokens(sql, room.data()), arguments, own).check(use);
  } catch (const char* advice) {
    return std::string(advice).substr(0, 7);
  }
  return "ok";
}

const SqlArgument any{};
const SqlArgument pattern{Kind::pattern};
const SqlArgument words{Kind::words};
const SqlArgument list{Kind::list};
const SqlArgument chosen{Kind::order};

constexpr auto read = SqlUse::read;
constexpr auto rows = SqlUse::rows;
constexpr auto change = SqlUse::change;

TEST(Sql, accepts_what_services_say) {
  EXPECT_EQ(code_of("SELECT 1", read), "ok");
  EXPECT_EQ(code_of("select a, 'it''s; -- ? /* */' from t where b = ? and \"odd ? name\" <> x'00'", read, {any}), "ok");
  EXPECT_EQ(code_of("SELECT [a;b], `c;--` FROM t LIMIT ? OFFSET ?", read, {any, any}), "ok");
  EXPECT_EQ(code_of("\n  WITH x (a) AS (SELECT 1), y AS (SELECT ?)\tSELECT * FROM x, y", read, {any}), "ok");
  EXPECT_EQ(code_of("SELECT 1.5e-3, 0xFF, .5, -1 - -1, a->'b', a->>'$.c', a % 2, ~1, a || 'b' FROM t", read), "ok");
  EXPECT_EQ(code_of("SELECT '\xc3\xa9', \"\xc3\xa9\"", read), "ok");
  EXPECT_EQ(
      code_of("INSERT INTO t VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *", rows, {any, any}),
      "ok");
  EXPECT_EQ(code_of("UPDATE t SET a = ? WHERE b = ?", change, {any, any}), "ok");
  EXPECT_EQ(code_of("DELETE FROM t WHERE TRUE", change), "ok");
  EXPECT_EQ(code_of("WITH x AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM x)", change), "ok");
  EXPECT_EQ(code_of("SELECT replace(a, 'b', 'c'), update_count, deleted FROM t", read), "ok");
}

TEST(Sql, counts_placeholders) {
  EXPECT_EQ(code_of("SELECT ?", read), "SQL-001");
  EXPECT_EQ(code_of("SELECT 1", read, {any}), "SQL-001");
  EXPECT_EQ(code_of("SELECT '?', \"?\", [?], `?`", read, {any}), "SQL-001");
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
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '\\'", read, {pattern}), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a NOT LIKE ? ESCAPE '\\' AND b = ?", read, {pattern, any}), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE 'a%'", read), "ok");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ?", read, {pattern}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '!'", read, {pattern}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE ? ESCAPE '\\'", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE '%' || ? || '%'", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE (?) ESCAPE '\\'", read, {pattern}), "SQL-008");
  EXPECT_EQ(code_of("SELECT like(?, a)", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a LIKE b", read), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a = ?", read, {pattern}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a GLOB ?", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a MATCH ?", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a REGEXP ?", read, {pattern}), "SQL-008");
  EXPECT_EQ(code_of("SELECT 1 WHERE a GLOB 'x*'", read), "ok");
}

TEST(Sql, placeholders_are_plain) {
  for (const char* sql : {"SELECT ?1", "SELECT :a", "SELECT @a", "SELECT $a", "SELECT a$b", "SELECT #a"}) {
    EXPECT_EQ(code_of(sql, read, {any}), "SQL-010") << sql;
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
  EXPECT_EQ(code_of("SELECT a -> ?", read, {any}), "SQL-012");
  EXPECT_EQ(code_of("SELECT a ->> ?", read, {any}), "SQL-012");
  for (const char* sql :
       {"SELECT a -> (?)", "SELECT a ->> ((?))", "SELECT a -> lower(?)", "SELECT json_extract(a, ?)",
        "SELECT JSON_EXTRACT (a, '$.x', ?)", "SELECT json_extract(a, '$.' || ?)", "SELECT json_set(a, ?, 1)",
        "SELECT json_insert(a, '$.x', 1, ?, 2)", "SELECT json_replace(a, (?), 1)", "SELECT json_remove(a, ?)",
        "SELECT json_type(a, ?)", "SELECT json_array_length(a, ?)", "SELECT \"json_extract\"(a, ?)",
        "SELECT value FROM json_each(a, ?)", "SELECT value FROM t, json_tree(t.a, ?)"}) {
    EXPECT_EQ(code_of(sql, read, {any}), "SQL-012") << sql;
  }
  for (const char* sql : {"WITH p (x) AS (SELECT ?) SELECT json_extract(a, x) FROM t, p", "SELECT a -> b, ? FROM t"})
    EXPECT_EQ(code_of(sql, read, {any}), "SQL-012") << sql;
  EXPECT_EQ(code_of("SELECT json_set(a, '$.x', ?), json_extract(?, '$.y'), json(?) FROM t", read, {any, any, any}),
            "ok");
  EXPECT_EQ(code_of("SELECT value FROM json_each(?), t WHERE a -> 0 = a -> -1 AND a ->> 'x' = ?", read, {any, any}),
            "ok");
}

TEST(Sql, and_beside_or_wants_parentheses) {
  for (const char* sql :
       {"SELECT 1 WHERE a AND b OR c", "SELECT 1 WHERE a OR b AND c", "SELECT 1 WHERE x AND (a OR b AND c)",
        "SELECT 1 FROM t JOIN u ON a = b AND c OR d", "SELECT 1 FROM t GROUP BY x HAVING a OR b AND c",
        "SELECT CASE WHEN a AND b OR c THEN 1 END", "SELECT a AND b OR c",
        "SELECT 1 WHERE a BETWEEN 1 AND 2 OR b AND c", "UPDATE t SET a = 1 WHERE b = 1 AND c or d RETURNING *"}) {
    EXPECT_EQ(code_of(sql), "SQL-014") << sql;
  }
  for (const char* sql : {"SELECT 1 WHERE a AND (b OR c)", "SELECT 1 WHERE (a AND b) OR (c AND d)",
                          "SELECT 1 WHERE a BETWEEN 1 AND 2 OR b BETWEEN 3 AND 4",
                          "SELECT a AND b, c OR d FROM t JOIN u ON a OR b WHERE c AND d",
                          "SELECT CASE WHEN a AND b THEN c OR d ELSE 1 END WHERE x AND y",
                          "SELECT 1 WHERE CASE WHEN a OR b THEN 1 END AND c"}) {
    EXPECT_EQ(code_of(sql), "ok") << sql;
  }
}

TEST(Sql, nothing_is_replaced) {
  EXPECT_EQ(code_of("INSERT OR REPLACE INTO t (a) VALUES (1)", change), "SQL-015");
  EXPECT_EQ(code_of("insert or replace into t (a) select 1", change), "SQL-015");
  EXPECT_EQ(code_of("UPDATE OR REPLACE t SET a = 1 WHERE b", change), "SQL-015");
  EXPECT_EQ(code_of("REPLACE INTO t VALUES (1)", change), "SQL-015");
  EXPECT_EQ(code_of("INSERT OR IGNORE INTO t (a) VALUES (replace('a', 'b', 'c'))", change), "ok");
}

TEST(Sql, the_frameworks_tables_are_not_named) {
  for (const char* sql : {"SELECT password FROM sallyport_users", "SELECT 1 FROM \"Sallyport_Users\"",
                          "SELECT 1 FROM main.[SALLYPORT_sessions]", "SELECT 1 FROM `sallyport_users`",
                          "SELECT 1 FROM t WHERE a IN (SELECT id FROM sallyport_users)",
                          "WITH x AS (SELECT * FROM sallyport_sessions) SELECT * FROM x",
                          "SELECT 1 FROM t, sallyport_users", "SELECT sallyport_users.id FROM t"}) {
    EXPECT_EQ(code_of(sql), "SQL-016") << sql;
    EXPECT_EQ(code_of(sql, rows, {}, true), "ok") << sql;
  }
  EXPECT_EQ(code_of("SELECT 1 FROM 'sallyport_users'"), "OWN-002");
  EXPECT_EQ(code_of("UPDATE sallyport_users SET role = 'admin' WHERE TRUE", change), "SQL-016");
  EXPECT_EQ(code_of("SELECT name FROM sallyport_people WHERE id = ?", read, {any}), "ok");
}

TEST(Sql, a_value_orders_nothing) {
  for (const char* sql :
       {"SELECT a FROM t ORDER BY ?", "SELECT a FROM t ORDER BY (?) DESC", "SELECT a FROM t GROUP BY ?",
        "SELECT a FROM t ORDER BY a, ? LIMIT 5", "SELECT a FROM t ORDER BY lower(?) COLLATE NOCASE",
        "SELECT a FROM t ORDER BY CAST(? AS TEXT)", "SELECT row_number() OVER (ORDER BY ?) FROM t",
        "SELECT a FROM t ORDER BY ? || ' DESC' NULLS LAST"}) {
    EXPECT_EQ(code_of(sql, read, {any}), "SQL-017") << sql;
  }
  EXPECT_EQ(code_of("SELECT a FROM t ORDER BY abs(? - price), a LIMIT ?", read, {any, any}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t ORDER BY CASE ? WHEN 'a' THEN a ELSE b END LIMIT ?", read, {any, any}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t ORDER BY {}, a LIMIT ?", read, {chosen, any}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t ORDER BY {}", read, {any}), "SQL-017");
  EXPECT_EQ(code_of("SELECT a FROM t ORDER BY ?", read, {chosen}), "SQL-017");
  EXPECT_EQ(code_of("SELECT {} FROM t", read, {chosen}), "SQL-017");
  EXPECT_EQ(code_of("SELECT a FROM {}", read, {chosen}), "SQL-017");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a = {x}", read), "SQL-004");
}

TEST(Sql, lists_stand_in_parentheses) {
  EXPECT_EQ(code_of("SELECT a FROM t WHERE b = ? AND a IN (?...) LIMIT ?", read, {any, list, any}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a NOT IN (?...)", read, {list}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a IN (?)", read, {list}), "SQL-018");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a IN (?...)", read, {any}), "SQL-018");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a = ?...", read, {list}), "SQL-018");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a IN (1, ?...)", read, {list}), "SQL-018");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a IN (?...) AND b IN (?...)", read, {list, list}), "SQL-018");
}

TEST(Sql, searches_take_quoted_words) {
  EXPECT_EQ(code_of("SELECT a FROM t WHERE t MATCH ?", read, {words}), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE t MATCH 'a OR b'", read), "ok");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE t MATCH ?", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE t MATCH 'title:' || ?", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE t MATCH ? || '*'", read, {words}), "SQL-008");
  EXPECT_EQ(code_of("SELECT a FROM t WHERE a = ?", read, {words}), "SQL-008");
  EXPECT_EQ(code_of("SELECT a FROM t(?)", read, {any}), "SQL-008");
  EXPECT_EQ(code_of("SELECT a FROM u, t(?)", read, {any}), "SQL-008");
  EXPECT_EQ(match_words("milk  OR \"eggs\" NEAR(a b)* ").view(), R"("milk" "OR" """eggs""" "NEAR(a" "b)*")");
  EXPECT_EQ(match_words(" \t").view(), R"("")");
}

TEST(Sql, rows_are_asked_of_what_has_rows) {
  EXPECT_EQ(code_of("INSERT INTO t VALUES (1)", rows), "SQL-013");
  EXPECT_EQ(code_of("SELECT 1", change), "SQL-013");
  EXPECT_EQ(code_of("INSERT INTO t VALUES ('RETURNING')", rows), "SQL-013");
}

}  // namespace
}  // namespace sallyport::detail
