// Statements are checked against the tables of the database itself, once, before they run.
#include "data/sqlite_row_owners.hpp"

#include <gtest/gtest.h>

#include <sallyport/accounts.hpp>
#include <sallyport/owned.hpp>

#include "data/test_support.hpp"

namespace sallyport::data {

// What another file of the program declares; here for the names of its columns.
struct PublicPage {
  Id<PublicPage> id;
  std::string title;
};

struct ChatRoom {
  Id<ChatRoom> id;
  std::string title;
};

}  // namespace sallyport::data

template <>
struct sallyport::entity<sallyport::data::ChatRoom>
    : sallyport::table<"rooms", &sallyport::data::ChatRoom::id,
                       sallyport::members<"room_members", "room_id", "user_id">> {};
template <>
struct sallyport::entity<sallyport::data::PublicPage>
    : sallyport::table<"pages", &sallyport::data::PublicPage::id, sallyport::every_owner<"pages are for everybody">> {};

namespace sallyport::data {
namespace {

using Kind = DatabaseError::Kind;

constexpr Migration own_tables[] = {
    "CREATE TABLE sallyport_users (id BLOB PRIMARY KEY, name TEXT) STRICT",
};
constexpr Migration tables[] = {
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, writer BLOB NOT NULL REFERENCES sallyport_users (id), title TEXT NOT "
    "NULL) STRICT;"
    "CREATE TABLE items (id INTEGER PRIMARY KEY, note INTEGER NOT NULL REFERENCES notes ON DELETE CASCADE, n INTEGER) "
    "STRICT;"
    "CREATE TABLE carts (id INTEGER PRIMARY KEY, user_id BLOB NOT NULL) STRICT;"
    "CREATE TABLE pages (id INTEGER PRIMARY KEY, owner BLOB NOT NULL, title TEXT NOT NULL) STRICT;"
    "CREATE TABLE words (word TEXT NOT NULL) STRICT;"
    "CREATE VIEW titles AS SELECT title FROM notes;"
    "CREATE TABLE counts (n INTEGER NOT NULL) STRICT;"
    "CREATE TRIGGER counted AFTER INSERT ON words BEGIN INSERT INTO counts SELECT count(*) FROM notes; END;"
    "CREATE VIRTUAL TABLE notes_search USING fts5(title, content = 'notes', content_rowid = 'id');"
    "CREATE VIRTUAL TABLE articles USING fts5(title, body);"
    "CREATE TABLE letters (id INTEGER PRIMARY KEY, owner BLOB NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE VIRTUAL TABLE letters_index USING fts5(text, content='letters', content_rowid='id');"
    "CREATE TRIGGER letters_ai AFTER INSERT ON letters BEGIN "
    "  INSERT INTO letters_index (rowid, text) VALUES (new.id, new.text); END;"
    "CREATE TRIGGER letters_ad AFTER DELETE ON letters BEGIN "
    "  INSERT INTO letters_index (letters_index, rowid, text) VALUES ('delete', old.id, old.text); END;"
    "CREATE TRIGGER letters_au AFTER UPDATE ON letters BEGIN "
    "  INSERT INTO letters_index (letters_index, rowid, text) VALUES ('delete', old.id, old.text); "
    "  INSERT INTO letters_index (rowid, text) VALUES (new.id, new.text); END;"
    "CREATE TABLE rooms (id BLOB PRIMARY KEY, title TEXT NOT NULL) STRICT;"
    "CREATE TABLE room_members (room_id BLOB NOT NULL REFERENCES rooms (id), user_id BLOB NOT NULL REFERENCES "
    "sallyport_users (id), "
    "PRIMARY KEY (room_id, user_id)) STRICT;"
    "CREATE TABLE messages (id INTEGER PRIMARY KEY, room BLOB NOT NULL REFERENCES rooms (id), text TEXT NOT NULL) "
    "STRICT;"
    "-- articles is for everybody: they are published\n"
    "-- counts is for everybody: numbers alone"};

class RowOwnersTest : public ::testing::Test {
 protected:
  static DatabaseOptions migrated(const TemporaryDirectory& directory) {
    DatabaseOptions options;
    options.path = directory.file("test.db");
    EXPECT_EQ(migrate(options, "sallyport", own_tables, {}).message, "");
    EXPECT_EQ(migrate(options, "app", tables, {}).message, "");
    return options;
  }

  template <class F>
  auto await(F make) {
    using Answer = decltype(make().await_resume());
    return loop.run([](F f) -> Task<Answer> { co_return co_await f(); }(std::move(make)));
  }
  // The code with which a statement is refused.
  template <class F>
  std::string code_of(F make) {
    try {
      static_cast<void>(await(make));
    } catch (const DatabaseError& error) {
      return std::string(detail::ForTheLog::text(error)).substr(0, 7);
    }
    return "ok";
  }

  TemporaryDirectory directory;
  DatabaseOptions options = migrated(directory);
  Database database{options};
  Db& db = database.db();
  const Db& reader = database.reader();
  TestLoop loop;
  OwnedId<User> me = some_caller();
};

TEST_F(RowOwnersTest, TablesThatReferToAccountsHaveOwners) {
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM notes"); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM \"NOTES\" WHERE id = ?", 1); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return db.run("DELETE FROM notes WHERE id = ?", 1); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return db.run("INSERT INTO notes (title) VALUES (?)", "x"); }), "OWN-004");
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM notes WHERE writer = ?", me); }), "ok");
  EXPECT_EQ(code_of([&] { return db.run("UPDATE notes SET title = ? WHERE writer = ?", "x", me); }), "ok");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>("SELECT title FROM notes", every_owner<"the wall of all titles">);
            }),
            "ok");
}

// By their columns' names, without a reference.
TEST_F(RowOwnersTest, TablesWithAColumnCalledOwnerHaveOwners) {
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM carts"); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM carts WHERE user_id = ?", me); }), "ok");
}

TEST_F(RowOwnersTest, RowsBelongToWhatTheyHangOn) {
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM items WHERE id = ?", 1); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return db.run("DELETE FROM items WHERE note = ?", 1); }), "OWN-001");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::int64_t>(
                  "SELECT i.id FROM items AS i JOIN notes AS n ON n.id = i.note WHERE n.writer = ?", me);
            }),
            "ok");
}

TEST_F(RowOwnersTest, WhatAnEntityCallsPublicHasNone) {
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM pages"); }), "ok");
  EXPECT_EQ(code_of([&] { return reader.all<PublicPage>("SELECT id, title FROM pages WHERE title = ?", "x"); }), "ok");
}

TEST_F(RowOwnersTest, OtherTablesAreNobodys) {
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT word FROM words"); }), "ok");
  // A trigger does what it says.
  EXPECT_EQ(code_of([&] { return db.run("INSERT INTO words (word) VALUES (?)", "milk"); }), "ok");
}

TEST_F(RowOwnersTest, AViewHidesNothing) {
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM titles"); }), "OWN-002");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>(
                  "SELECT titles.title FROM titles, notes WHERE titles.title = notes.title AND notes.writer = ?", me);
            }),
            "OWN-002");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>("SELECT title FROM titles", every_owner<"the wall of all titles">);
            }),
            "ok");
}

// The same text with other types of values is another statement.
TEST_F(RowOwnersTest, AReasonHoldsForItsOwnCallOnly) {
  const auto all = [&] {
    return code_of([&] {
      return reader.all<std::string>("SELECT title FROM notes LIMIT 7", every_owner<"the wall of all titles">);
    });
  };
  const auto without = [&] {
    return code_of([&] { return reader.all<std::string>("SELECT title FROM notes LIMIT 7"); });
  };
  EXPECT_EQ(all(), "ok");
  EXPECT_EQ(without(), "OWN-001");
  EXPECT_EQ(all(), "ok");
  EXPECT_EQ(without(), "OWN-001") << "a refusal is not forgotten";
}

TEST_F(RowOwnersTest, TablesMadeLaterAreKnown) {
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT word FROM words"); }), "ok");
  const Connection other(options.path, Allow::everything, std::chrono::milliseconds{1000});
  other.execute("CREATE TABLE late (owner BLOB, text TEXT) STRICT");
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT text FROM late"); }), "OWN-001");
}

TEST_F(RowOwnersTest, TheMessageNamesTheTable) {
  try {
    static_cast<void>(await([&] { return reader.all<std::string>("SELECT title FROM notes WHERE id = ?", 3); }));
    FAIL() << "not refused";
  } catch (const DatabaseError& error) {
    EXPECT_NE(std::string(detail::ForTheLog::text(error)).find("WHERE owner = ?"), std::string::npos)
        << detail::ForTheLog::text(error);
    EXPECT_NE(std::string(detail::ForTheLog::text(error)).find("(table notes)"), std::string::npos)
        << detail::ForTheLog::text(error);
  }
}

TEST_F(RowOwnersTest, SearchTablesShowTheirNotes) {
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>("SELECT title FROM notes_search WHERE notes_search MATCH ?",
                                             match_words("milk"));
            }),
            "OWN-001");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>(
                  "SELECT n.title FROM notes_search AS s JOIN notes AS n ON s.rowid = n.id WHERE "
                  "n.writer = ? AND notes_search MATCH ?",
                  me, match_words("milk"));
            }),
            "ok");
}

// As https://www.sqlite.org/fts5.html keeps an index (4.4.3).
TEST_F(RowOwnersTest, AnIndexIsKeptByTriggersAndShowsNobodyElsesRows) {
  const auto found = [&](std::string_view word) {
    return await([&] {
      return reader.one<std::int64_t>(
          "SELECT count(*) FROM letters_index AS i JOIN letters AS l ON l.id = i.rowid WHERE l.owner = ? AND "
          "letters_index MATCH ?",
          me, match_words(word));
    });
  };
  EXPECT_EQ(await([&] { return db.run("INSERT INTO letters (owner, text) VALUES (?, ?)", me, "two bottles of milk"); }),
            1);
  EXPECT_EQ(found("milk"), 1);
  EXPECT_EQ(await([&] { return db.run("UPDATE letters SET text = ? WHERE owner = ?", "a bottle of wine", me); }), 1);
  EXPECT_EQ(found("milk"), 0);
  EXPECT_EQ(found("wine"), 1);
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>("SELECT text FROM letters_index WHERE letters_index MATCH ?",
                                             match_words("wine"));
            }),
            "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM letters_index_docsize"); }), "OWN-001");
  EXPECT_EQ(await([&] { return db.run("DELETE FROM letters WHERE owner = ?", me); }), 1);
  EXPECT_EQ(found("wine"), 0);
  for (const std::string_view function : {"load_extension", "fts3_tokenizer", "writefile"})
    EXPECT_THROW(Connection(options.path, Allow::changes, std::chrono::milliseconds(100))
                     .execute("SELECT " + std::string(function) + "('x')"),
                 DatabaseError)
        << function;
}

// Where a search table keeps its words they are everybody's as little.
TEST_F(RowOwnersTest, TheTablesOfAnIndexShowItsNotes) {
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM notes_search_docsize"); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM \"notes_search_DATA\""); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::int64_t>("SELECT id FROM articles_docsize"); }), "ok");
}

TEST_F(RowOwnersTest, RowsOfMembersAreSeenByMembers) {
  const auto room = detail::Admit::make<OwnedId<ChatRoom>>(Id<ChatRoom>::random());
  EXPECT_EQ(code_of([&] { return db.run("INSERT INTO rooms (id, title) VALUES (?, ?)", room, "x"); }), "ok");
  EXPECT_EQ(code_of([&] { return db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", room, me); }),
            "FOREIGN")
      << "the member has no account here; whose row it is, is right";
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT title FROM rooms"); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT text FROM messages WHERE id = ?", 1); }), "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<Id<User>>("SELECT user_id FROM room_members"); }), "OWN-001");
  EXPECT_EQ(code_of([&] {
              return db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", Id<ChatRoom>::random().bytes(),
                            me);
            }),
            "OWN-004")
      << "whoever is in a room lets others in";
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>(
                  "SELECT title FROM rooms WHERE EXISTS (SELECT 1 FROM room_members WHERE room_id = rooms.id)");
            }),
            "OWN-001");
  EXPECT_EQ(code_of([&] { return reader.all<std::string>("SELECT text FROM messages WHERE room = ?", room); }), "ok");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>(
                  "SELECT title FROM rooms WHERE EXISTS (SELECT 1 FROM room_members WHERE room_id = rooms.id AND "
                  "user_id = ?)",
                  me);
            }),
            "ok");
  EXPECT_EQ(code_of([&] {
              return reader.all<std::string>(
                  "SELECT m.text FROM messages AS m JOIN room_members AS p ON p.room_id = m.room WHERE p.user_id = ?",
                  me);
            }),
            "ok");
  EXPECT_EQ(
      code_of([&] {
        return reader.all<Id<User>>(
            "SELECT other.user_id FROM room_members AS other JOIN room_members AS mine ON mine.room_id = other.room_id "
            "WHERE mine.user_id = ?",
            me);
      }),
      "ok");
}

TEST_F(RowOwnersTest, SearchTakesWordsAndNoOperators) {
  await(
      [&] { return db.run("INSERT INTO articles (title, body) VALUES (?, ?)", "Milk", "two \"fat\" bottles OR one"); });
  const auto found = [&](std::string_view text) {
    return await([&] {
             return reader.all<std::string>("SELECT title FROM articles WHERE articles MATCH ?", match_words(text));
           })
        .size();
  };
  EXPECT_EQ(found("milk"), 1U);
  EXPECT_EQ(found("  milk   bottles "), 1U);
  EXPECT_EQ(found("milk OR eggs"), 0U) << "OR is a word";
  EXPECT_EQ(found("one OR"), 1U);
  EXPECT_EQ(found("\"fat\""), 1U);
  EXPECT_EQ(found("title:milk"), 0U);
  for (const char* text : {"", " ", "\"", "\"\"", "*", "NEAR(", "a* -b ^c {d} +", "milk)"})
    EXPECT_NO_THROW(found(text)) << text;
}

TEST_F(RowOwnersTest, ListsHaveAnyLength) {
  for (int i = 1; i <= 5; ++i) await([&] { return db.run("INSERT INTO words (word) VALUES (?)", std::to_string(i)); });
  const auto in = [&](const std::vector<std::string>& words) {
    return await([&] {
             return reader.all<std::string>("SELECT word FROM words WHERE word IN (?...) AND word <> ?", words, "5");
           })
        .size();
  };
  const auto not_in = [&](const std::vector<std::string>& words) {
    return await([&] { return reader.all<std::string>("SELECT word FROM words WHERE word NOT IN (?...)", words); })
        .size();
  };
  EXPECT_EQ(in({}), 0U);
  EXPECT_EQ(in({"2"}), 1U);
  EXPECT_EQ(in({"2", "3", "5"}), 2U);
  EXPECT_EQ(in({"1", "2", "3", "4", "5"}), 4U);
  EXPECT_EQ(not_in({}), 5U);
  EXPECT_EQ(not_in({"1", "2", "3"}), 2U);
  EXPECT_EQ(in(std::vector<std::string>(100, "1")), 1U);
  EXPECT_THROW(in(std::vector<std::string>(101, "1")), DatabaseError);
  const std::vector<Id<User>> ids{me, Id<User>::random()};
  EXPECT_EQ(await([&] {
              return reader.all<std::int64_t>("SELECT id FROM carts WHERE user_id = ? AND user_id IN (?...)", me, ids);
            }).size(),
            0U);
}

TEST_F(RowOwnersTest, AClientChoosesAmongColumns) {
  for (const std::string_view word : {"b", "a", "c"})
    await([&] { return db.run("INSERT INTO words (word) VALUES (?)", word); });
  const auto first = [&](std::string_view by, bool descending) {
    return await([&] {
             return reader.all<std::string>("SELECT word FROM words ORDER BY {} LIMIT ?",
                                            order<"word", "rowid">(by, descending), 1);
           })
        .at(0);
  };
  EXPECT_EQ(first("word", false), "a");
  EXPECT_EQ(first("word", true), "c");
  EXPECT_EQ(first("rowid", false), "b");
  EXPECT_EQ(first("rowid", true), "c");
  EXPECT_EQ(first("word; DROP TABLE words", false), "a") << "what is no column is the first";
  EXPECT_EQ(first("", false), "a");
}

TEST_F(RowOwnersTest, AnEnumChoosesTheColumnThatIsCalledLikeItsValue) {
  enum class Sort { rowid, word };
  for (const std::string_view word : {"b", "a", "c"})
    await([&] { return db.run("INSERT INTO words (word) VALUES (?)", word); });
  const auto first = [&](const Maybe<Sort>& by, bool descending) {
    return await([&] {
             return reader.all<std::string>("SELECT word FROM words AS w ORDER BY {} LIMIT 1",
                                            order<"w.word", "w.rowid">(by, descending));
           })
        .at(0);
  };
  EXPECT_EQ(first(Sort::word, false), "a");
  EXPECT_EQ(first(Sort::rowid, false), "b");
  EXPECT_EQ(first(Sort::rowid, true), "c");
  EXPECT_EQ(first({}, false), "a") << "no choice is the first column";
}

}  // namespace
}  // namespace sallyport::data
