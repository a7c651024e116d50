// Whose rows a query is about, over two tables: notes with an owner, items that belong to a note; members has two users.
#include <sallyport/sql.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::detail {
namespace {

using Kind = SqlArgument::Kind;
constexpr SqlArgument any{};
constexpr SqlArgument user{Kind::user};
constexpr SqlArgument my_note{Kind::owned, "notes"};
constexpr SqlArgument my_item{Kind::owned, "items"};

constexpr OwnerColumn of_notes[] = {{"owner"}};
constexpr OwnerColumn of_items[] = {{"note", "notes"}};
constexpr OwnerColumn of_members[] = {{"sender"}, {"recipient"}};
constexpr OwnerColumn of_search[] = {{"rowid", "notes"}};
constexpr OwnedTable tables[] = {{"notes", "id", of_notes},
                                 {"items", "id", of_items},
                                 {"members", "id", of_members},
                                 {"notes_search", "", of_search}};

std::string code_of(std::string_view sql, const std::vector<SqlArgument>& arguments = {}, bool row_has_owner = false) {
  std::vector<SqlToken> room(sql.size() + 1);
  const SqlTokens tokens = read_tokens(sql, room.data());
  try {
    SqlRules(tokens, arguments, false)
        .check(sql.starts_with("S") || sql.starts_with("W") ? SqlUse::read : SqlUse::change);
    OwnerReader(tokens, arguments, tables).check(row_has_owner);
  } catch (const char* advice) {
    return std::string(advice).substr(0, 7);
  }
  return "ok";
}

struct Case {
  const char* sql;
  std::vector<SqlArgument> arguments;
};

TEST(SqlOwners, honest_queries_pass) {
  const Case cases[] = {
      {"SELECT * FROM notes WHERE owner = ?", {user}},
      {"SELECT * FROM notes WHERE ? = owner", {user}},
      {"SELECT * FROM notes WHERE owner == ?", {user}},
      {"SELECT * FROM notes WHERE owner IS ?", {user}},
      {"SELECT * FROM notes WHERE owner IN (?)", {user}},
      {"SELECT * FROM NOTES WHERE OWNER = ?", {user}},
      {"SELECT * FROM \"Notes\" WHERE \"owner\" = ?", {user}},
      {"SELECT * FROM main.notes WHERE main.notes.owner = ?", {user}},
      {"SELECT n.* FROM notes AS n WHERE n.owner = ? AND n.id = ?", {user, any}},
      {"SELECT n.* FROM notes n WHERE n.id = ? AND n.owner = ?", {any, user}},
      {"SELECT * FROM notes WHERE (owner = ?)", {user}},
      {"SELECT * FROM notes WHERE ((owner = ?) AND (title = ?)) AND 1", {user, any}},
      {"SELECT * FROM notes WHERE owner = ? AND (title = ? OR body = ?)", {user, any, any}},
      {"SELECT * FROM notes WHERE day BETWEEN ? AND ? AND owner = ?", {any, any, user}},
      {"SELECT * FROM notes WHERE CASE WHEN a OR b THEN 1 END AND owner = ?", {user}},
      {"SELECT * FROM notes WHERE id = ?", {my_note}},
      {"SELECT count(*) FROM notes WHERE owner = ? GROUP BY day HAVING count(*) > 1 ORDER BY day LIMIT 5", {user}},
      {"SELECT * FROM products WHERE id = ?", {any}},
      {"SELECT 1", {}},
      {"SELECT * FROM items WHERE note = ?", {my_note}},
      {"SELECT * FROM items WHERE id = ? AND note = ?", {any, my_note}},
      {"SELECT * FROM items WHERE id = ?", {my_item}},
      {"SELECT i.* FROM items i JOIN notes n ON n.id = i.note WHERE n.owner = ?", {user}},
      {"SELECT i.* FROM items i JOIN notes n ON n.id = i.note AND n.owner = ?", {user}},
      {"SELECT i.* FROM notes n, items i WHERE i.note = n.id AND n.owner = ?", {user}},
      {"SELECT i.* FROM notes n CROSS JOIN items i ON note = n.id WHERE n.owner = ?", {user}},
      {"SELECT * FROM items WHERE note IN (SELECT id FROM notes WHERE owner = ?)", {user}},
      {"SELECT * FROM items WHERE note IN (SELECT n.id FROM notes n WHERE n.owner = ?)", {user}},
      {"SELECT p.*, n.title FROM products p LEFT JOIN notes n ON n.product = p.id AND n.owner = ?", {user}},
      {"SELECT n.*, (SELECT count(*) FROM items i WHERE i.note = n.id) FROM notes n WHERE n.owner = ?", {user}},
      {"SELECT * FROM notes WHERE owner = ? UNION SELECT * FROM notes WHERE id = ?", {user, my_note}},
      {"WITH mine AS (SELECT * FROM notes WHERE owner = ?) SELECT * FROM mine WHERE title = ?", {user, any}},
      {"SELECT * FROM (SELECT * FROM notes WHERE owner = ?) AS n WHERE n.title = ?", {user, any}},
      {"SELECT a.* FROM notes a JOIN notes b ON a.owner = b.owner WHERE b.owner = ?", {user}},
      {"SELECT * FROM notes NOT INDEXED WHERE owner = ?", {user}},
      {"SELECT * FROM notes INDEXED BY by_owner WHERE owner = ?", {user}},
      {"SELECT n.* FROM notes_search s JOIN notes n ON s.rowid = n.rowid WHERE n.owner = ?", {user}},
      {"SELECT * FROM members WHERE recipient = ?", {user}},
      {"SELECT * FROM members WHERE sender = ? AND recipient = ?", {user, user}},
      {"SELECT value FROM json_each(?) WHERE value IN (SELECT title FROM notes WHERE owner = ?)", {any, user}},
      {"INSERT INTO notes (id, owner, title) VALUES (?, ?, ?)", {any, user, any}},
      {"INSERT INTO notes (owner, id) VALUES (?, ?), (?, ?) RETURNING *", {user, any, user, any}},
      {"INSERT INTO notes (owner, title) SELECT ?, title FROM notes WHERE id = ?", {user, my_note}},
      {"INSERT INTO items (id, note) VALUES (?, ?)", {any, my_note}},
      {"INSERT INTO notes (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING", {any, user}},
      {"INSERT INTO notes (id, owner, n) VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1 WHERE notes.owner = "
       "excluded.owner",
       {any, user}},
      {"INSERT INTO notes (id, owner, n) VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET n = 2 WHERE owner = ? AND n < "
       "9",
       {any, user, user}},
      {"INSERT INTO notes (day, owner, n) VALUES (?, ?, 1) ON CONFLICT (owner, day) DO UPDATE SET n = n + 1",
       {any, user}},
      {"INSERT INTO products (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name", {any, any}},
      {"UPDATE notes SET title = ? WHERE id = ? AND owner = ?", {any, any, user}},
      {"UPDATE notes SET title = ? WHERE id = ? RETURNING *", {any, my_note}},
      {"UPDATE notes AS n SET title = p.name FROM products p WHERE n.owner = ? AND p.id = n.product", {user}},
      {"UPDATE items SET note = ? WHERE id = ? AND note = ?", {my_note, any, my_note}},
      {"DELETE FROM notes WHERE owner = ?", {user}},
      {"DELETE FROM items WHERE id = ? AND note IN (SELECT id FROM notes WHERE owner = ?)", {any, user}},
  };
  for (const Case& each : cases) EXPECT_EQ(code_of(each.sql, each.arguments), "ok") << each.sql;
}

TEST(SqlOwners, rows_of_others_are_refused) {
  const Case cases[] = {
      {"SELECT * FROM notes", {}},
      {"SELECT * FROM notes WHERE id = ?", {any}},
      {"SELECT owner FROM notes WHERE id = ?", {any}},
      {"SELECT * FROM notes WHERE owner = owner", {}},
      {"SELECT * FROM notes WHERE owner = notes.owner AND id = ?", {any}},
      {"SELECT * FROM notes WHERE owner = x'00'", {}},
      {"SELECT * FROM notes WHERE owner = 'ada'", {}},
      {"SELECT * FROM notes WHERE owner = ?", {any}},
      {"SELECT * FROM notes WHERE owner = ? OR 1", {user}},
      {"SELECT * FROM notes WHERE 1 OR owner = ?", {user}},
      {"SELECT * FROM notes WHERE (owner = ? OR shared) AND id = ?", {user, any}},
      {"SELECT * FROM notes WHERE NOT owner = ?", {user}},
      {"SELECT * FROM notes WHERE NOT (owner = ?)", {user}},
      {"SELECT * FROM notes WHERE owner != ?", {user}},
      {"SELECT * FROM notes WHERE owner <> ?", {user}},
      {"SELECT * FROM notes WHERE owner >= ?", {user}},
      {"SELECT * FROM notes WHERE owner IS NOT ?", {user}},
      {"SELECT * FROM notes WHERE owner = ? = 0", {user}},
      {"SELECT * FROM notes WHERE owner = ? IS NULL", {user}},
      {"SELECT * FROM notes WHERE (owner = ?) = 0", {user}},
      {"SELECT * FROM notes WHERE owner = ? + 1", {user}},
      {"SELECT * FROM notes WHERE lower(owner) = ?", {user}},
      {"SELECT * FROM notes WHERE owner = coalesce(?, owner)", {user}},
      {"SELECT * FROM notes WHERE owner IN (?, ?)", {user, any}},
      {"SELECT * FROM notes WHERE owner IN (?, owner)", {user}},
      {"SELECT * FROM notes WHERE owner NOT IN (?)", {user}},
      {"SELECT * FROM notes WHERE owner LIKE '%'", {}},
      {"SELECT * FROM notes WHERE owner BETWEEN ? AND ?", {user, user}},
      {"SELECT * FROM notes WHERE title = ?", {user}},
      {"SELECT * FROM notes WHERE EXISTS (SELECT 1 FROM notes WHERE owner = ?)", {user}},
      {"SELECT * FROM notes WHERE id IN (SELECT id FROM notes WHERE owner = ?)", {user}},
      {"SELECT * FROM notes WHERE id IN (SELECT note FROM shares WHERE who = ?)", {user}},
      {"SELECT * FROM notes GROUP BY owner HAVING owner = ?", {user}},
      {"SELECT owner = ? FROM notes", {user}},
      {"SELECT * FROM notes ORDER BY owner = ?", {user}},
      {"SELECT * FROM notes LEFT JOIN tags ON notes.owner = ?", {user}},
      {"SELECT * FROM tags FULL JOIN notes ON notes.owner = ?", {user}},
      {"SELECT * FROM tags RIGHT JOIN notes ON notes.owner = ?", {user}},
      {"SELECT * FROM notes a, notes b WHERE a.owner = ?", {user}},
      {"SELECT * FROM notes n, tags WHERE tags.owner = ?", {user}},
      {"SELECT * FROM notes WHERE owner = ? UNION SELECT * FROM notes WHERE id = ?", {user, any}},
      {"SELECT * FROM notes WHERE owner = ? UNION ALL SELECT * FROM notes", {user}},
      {"SELECT id FROM tags EXCEPT SELECT id FROM notes", {}},
      {"WITH n AS (SELECT * FROM notes) SELECT * FROM n WHERE owner = ?", {user}},
      {"SELECT * FROM (SELECT * FROM notes) WHERE owner = ?", {user}},
      {"SELECT (SELECT title FROM notes WHERE id = ?)", {any}},
      {"SELECT * FROM tags WHERE note IN (SELECT id FROM notes)", {}},
      {"SELECT 1 FROM tags WHERE EXISTS (SELECT 1 FROM notes WHERE notes.id = tags.note)", {}},
      {"SELECT * FROM items WHERE id = ?", {any}},
      {"SELECT * FROM items WHERE note = ?", {any}},
      {"SELECT * FROM items WHERE note = ?", {user}},
      {"SELECT * FROM items WHERE note = ?", {my_item}},
      {"SELECT * FROM items WHERE id = ?", {my_note}},
      {"SELECT * FROM items i JOIN notes n ON n.id = i.id WHERE n.owner = ?", {user}},
      {"SELECT * FROM items WHERE note IN (SELECT other FROM notes WHERE owner = ?)", {user}},
      {"SELECT * FROM items WHERE note IN (SELECT o.id FROM notes n JOIN old o WHERE n.owner = ?)", {user}},
      {"SELECT * FROM items WHERE note IN (SELECT id FROM notes WHERE owner = ? UNION SELECT ?)", {user, any}},
      {"SELECT * FROM items WHERE note IN (SELECT id FROM tags)", {}},
      {"SELECT n.* FROM members m JOIN notes n ON n.owner = m.recipient WHERE m.sender = ?", {user}},
      {"SELECT * FROM notes_search WHERE notes_search MATCH 'a'", {}},
      {"SELECT 1.FROM notes", {}},
      {"UPDATE notes SET title = ? WHERE id = ?", {any, any}},
      {"UPDATE notes SET title = ? WHERE TRUE", {any}},
      {"UPDATE tags SET title = n.title FROM notes n WHERE n.id = tags.note", {}},
      {"UPDATE tags SET title = (SELECT title FROM notes WHERE id = ?) WHERE id = ?", {any, any}},
      {"DELETE FROM notes WHERE id = ?", {any}},
      {"DELETE FROM notes AS n WHERE n.id = ? AND owner", {any}},
      {"DELETE FROM tags WHERE id = ? RETURNING (SELECT title FROM notes)", {any}},
      {"INSERT INTO tags (id, text) SELECT id, title FROM notes", {}},
      {"INSERT INTO tags (text) VALUES ((SELECT title FROM notes WHERE id = ?))", {any}},
  };
  for (const Case& each : cases) EXPECT_EQ(code_of(each.sql, each.arguments), "OWN-001") << each.sql;
}

TEST(SqlOwners, what_cant_be_read_is_refused) {
  const Case cases[] = {
      {"SELECT * FROM (notes JOIN tags ON owner = ?)", {user}},
      {"SELECT * FROM tags WHERE id IN notes", {}},
      {"SELECT * FROM tags WHERE id IN main.notes", {}},
      {"SELECT * FROM notes, 'tags' WHERE owner = ?", {user}},
      {"WITH notes AS (SELECT * FROM tags) SELECT * FROM notes WHERE owner = ?", {user}},
      {"WITH notes (owner) AS (SELECT ?) SELECT * FROM notes WHERE owner = ?", {any, user}},
      {"SELECT * FROM notes, tags AS notes WHERE notes.owner = ?", {user}},
      {"SELECT * FROM tags AS notes, notes WHERE notes.owner = ?", {user}},
      {"SELECT * FROM 'notes' WHERE owner = ?", {user}},
      {"DELETE FROM 'notes' WHERE id = ?", {any}},
  };
  for (const Case& each : cases) EXPECT_EQ(code_of(each.sql, each.arguments), "OWN-002") << each.sql;
}

TEST(SqlOwners, rows_stay_with_their_owner) {
  EXPECT_EQ(code_of("UPDATE notes SET owner = ? WHERE owner = ?", {user, user}), "OWN-003");
  EXPECT_EQ(code_of("UPDATE notes SET title = ?, \"OWNER\" = ? WHERE id = ?", {any, any, my_note}), "OWN-003");
  EXPECT_EQ(code_of("UPDATE notes SET (title, owner) = (?, ?) WHERE id = ?", {any, user, my_note}), "OWN-003");
  EXPECT_EQ(code_of("UPDATE items SET note = ? WHERE note = ?", {any, my_note}), "OWN-003");
  EXPECT_EQ(code_of("UPDATE items SET note = ? + 1 WHERE note = ?", {my_note, my_note}), "OWN-003");
  EXPECT_EQ(
      code_of("INSERT INTO notes (id, owner) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET owner = excluded.owner",
              {any, user}),
      "OWN-003");
}

TEST(SqlOwners, new_rows_have_an_owner) {
  const Case cases[] = {
      {"INSERT INTO notes VALUES (?, ?, ?)", {any, user, any}},
      {"INSERT INTO notes DEFAULT VALUES", {}},
      {"INSERT INTO notes (id, title) VALUES (?, ?)", {any, any}},
      {"INSERT INTO notes (id, owner) VALUES (?, ?)", {any, any}},
      {"INSERT INTO notes (id, owner) VALUES (?, ?)", {user, any}},
      {"INSERT INTO notes (id, owner) VALUES (?, x'00')", {any}},
      {"INSERT INTO notes (id, owner) VALUES (?, ?), (?, ?)", {any, user, any, any}},
      {"INSERT INTO notes (id, owner) VALUES (?, (?))", {any, user}},
      {"INSERT INTO notes (id, owner) VALUES (?, ? + 1)", {any, user}},
      {"INSERT INTO notes (id, owner) SELECT id, owner FROM old WHERE id = ?", {user}},
      {"INSERT INTO notes (id, owner) SELECT *, ? FROM old", {user}},
      {"INSERT INTO notes (id, owner) SELECT ?, ? UNION SELECT ?, ?", {any, user, any, any}},
      {"INSERT INTO items (id, note) VALUES (?, ?)", {any, any}},
      {"INSERT INTO items (id, note) VALUES (?, ?)", {any, user}},
      {"INSERT INTO items (id, note) VALUES (?, ?)", {any, my_item}},
  };
  for (const Case& each : cases) EXPECT_EQ(code_of(each.sql, each.arguments), "OWN-004") << each.sql;
}

TEST(SqlOwners, the_row_in_the_way_is_not_taken_over) {
  const char* const insert = "INSERT INTO notes (id, owner, n) VALUES (?, ?, 1) ";
  for (const char* upsert :
       {"ON CONFLICT (id) DO UPDATE SET n = 2", "ON CONFLICT (id) DO UPDATE SET n = 2 WHERE owner = owner",
        "ON CONFLICT (id) DO UPDATE SET n = 2 WHERE excluded.owner = excluded.owner",
        "ON CONFLICT (id) DO UPDATE SET n = 2 WHERE notes.id = excluded.id",
        "ON CONFLICT (id) DO UPDATE SET n = 2 WHERE notes.owner = excluded.owner OR n = 1",
        "ON CONFLICT (id) DO UPDATE SET n = 2 WHERE notes.owner <> excluded.owner",
        "ON CONFLICT (id) WHERE owner = excluded.owner DO UPDATE SET n = 2",
        "ON CONFLICT (lower(owner)) DO UPDATE SET n = 2", "ON CONFLICT DO UPDATE SET n = 2",
        "ON CONFLICT (owner) DO NOTHING ON CONFLICT (id) DO UPDATE SET n = 2"}) {
    EXPECT_EQ(code_of(std::string(insert) + upsert, {any, user}), "OWN-005") << upsert;
  }
}

TEST(SqlOwners, a_row_with_an_owner_asks_for_one_whatever_its_table) {
  EXPECT_EQ(code_of("SELECT * FROM archive WHERE id = ?", {any}, true), "OWN-001");
  EXPECT_EQ(code_of("SELECT * FROM archive WHERE author = ?", {user}, true), "ok");
  EXPECT_EQ(code_of("SELECT * FROM archive WHERE author = ? OR 1", {user}, true), "OWN-001");
  EXPECT_EQ(code_of("SELECT a FROM archive UNION SELECT b FROM other WHERE author = ?", {user}, true), "OWN-001");
  EXPECT_EQ(code_of("WITH a AS (SELECT * FROM archive) SELECT * FROM a", {}, true), "OWN-001");
  EXPECT_EQ(code_of("SELECT * FROM (SELECT * FROM archive)", {}, true), "OWN-001");
  EXPECT_EQ(code_of("WITH a AS (SELECT * FROM archive WHERE author = ?) SELECT * FROM a", {user}, true), "ok");
  EXPECT_EQ(code_of("WITH a AS (SELECT * FROM notes WHERE owner = ?) SELECT * FROM a", {user}, true), "ok");
  EXPECT_EQ(code_of("SELECT id, name FROM sallyport_people", {}, true), "ok");
  EXPECT_EQ(code_of("INSERT INTO archive (id) VALUES (?) RETURNING *", {any}, true), "OWN-004");
  EXPECT_EQ(code_of("INSERT INTO archive (id, author) VALUES (?, ?) RETURNING *", {any, user}, true), "ok");
}

}  // namespace
}  // namespace sallyport::detail
