// A schema in which nobody could tell whose rows are is refused at start: in every spelling, and with a way to say that it is meant.
#include "data/schema_rules.hpp"

#include <gtest/gtest.h>

#include <sallyport/accounts.hpp>
#include <sallyport/owned.hpp>

#include "data/migrate.hpp"
#include "data/test_support.hpp"

namespace sallyport::data {

struct Draft {
  Id<Draft> id;
  Id<User> writer;
};
struct Poem {
  Id<Poem> id;
  std::string author;
};

}  // namespace sallyport::data

template <>
struct sallyport::entity<sallyport::data::Draft>
    : sallyport::table<"drafts", &sallyport::data::Draft::id, &sallyport::data::Draft::writer> {};
template <>
struct sallyport::entity<sallyport::data::Poem>
    : sallyport::table<"poems", &sallyport::data::Poem::id, sallyport::every_owner<"poems are for everybody">> {};

namespace sallyport::data {
namespace {

constexpr Migration accounts[] = {"CREATE TABLE sallyport_users (id BLOB PRIMARY KEY, name TEXT) STRICT"};
constexpr Migration notes =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id), title TEXT)";

class SchemaRules : public ::testing::Test {
 protected:
  // What is refused, beside the first two tables.
  std::vector<SchemaFinding> findings(std::initializer_list<Migration> more) {
    const TemporaryDirectory directory;
    DatabaseOptions options;
    options.path = directory.file("test.db");
    EXPECT_EQ(migrate(options, "sallyport", accounts, {}).message, "");
    // What an entity of this test declares is there in all of them.
    EXPECT_TRUE(sallyport::detail::is_declared<Draft> && sallyport::detail::is_declared<Poem>);
    std::vector<Migration> steps{notes};
    steps.insert(steps.end(), more.begin(), more.end());
    MigrationResult result = migrate(options, "app", steps, {});
    EXPECT_TRUE(result.error == MigrationError::none || result.error == MigrationError::lost_owners) << result.message;
    EXPECT_EQ(result.schema.empty(), result.error == MigrationError::none);
    // The last step was taken back, so that it may be corrected.
    if (!result.schema.empty()) {
      EXPECT_LT(result.applied, steps.size());
    }
    return std::move(result.schema);
  }
  bool refused(Migration step) { return !findings({step}).empty(); }
};

TEST_F(SchemaRules, a_column_called_like_a_person_refers_to_an_account) {
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE orders (id INTEGER PRIMARY KEY, owner_email TEXT NOT NULL)",
           "CREATE TABLE posts (id INTEGER PRIMARY KEY, author BLOB)", "CREATE TABLE posts (a, \"Author_Id\" BLOB)",
           "CREATE TABLE posts (a, authorId BLOB)", "CREATE TABLE posts (a, user TEXT)",
           "CREATE TABLE posts (a, userId)", "CREATE TABLE posts (a, username TEXT)",
           "CREATE TABLE posts (a, created_by)", "CREATE TABLE posts (a, created_by_id)",
           "CREATE TABLE tasks (a, assigned_to)", "CREATE TABLE tasks (uid TEXT)", "CREATE TABLE posts (a, customer)",
           "CREATE TABLE posts (a, [customer_number])", "CREATE TABLE posts (a, account_id)",
           "CREATE TABLE mails (a, sender, recipient)", "CREATE TABLE orders (a, email TEXT)",
           "CREATE TABLE orders (a, billing_customer_email)",
           "CREATE TABLE orders (a); ALTER TABLE orders ADD COLUMN buyer TEXT",
           "CREATE TABLE orders AS SELECT 1 AS author"})
    EXPECT_TRUE(refused(step)) << step.sql();
}

TEST_F(SchemaRules, other_columns_are_none) {
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE posts (id INTEGER PRIMARY KEY, author BLOB REFERENCES sallyport_users (id))",
           "CREATE TABLE posts (id INTEGER PRIMARY KEY, owner BLOB, author TEXT)",
           "CREATE TABLE clients (id INTEGER PRIMARY KEY); CREATE TABLE orders (a, customer REFERENCES clients (id))",
           "CREATE TABLE visits (id INTEGER, user_agent TEXT, mail_host TEXT, sort_by TEXT, accounts INTEGER)",
           "CREATE TABLE comments (id INTEGER, note INTEGER REFERENCES notes (id), author TEXT)",
           "CREATE TABLE drafts (id BLOB PRIMARY KEY, writer BLOB)",
           "CREATE TABLE poems (id BLOB PRIMARY KEY, author TEXT)",
           "CREATE TABLE books (id INTEGER, author TEXT) -- books.author is not an owner: who wrote it has no account",
           "CREATE TABLE books (id INTEGER, /* Books.Author is not an owner: who wrote it has no account */ author "
           "TEXT)",
           "CREATE TABLE books (id INTEGER, author TEXT); -- books is for everybody: the library's own list\n"})
    EXPECT_FALSE(refused(step)) << step.sql();
}

TEST_F(SchemaRules, what_a_comment_says_is_about_one_thing_and_has_a_reason) {
  constexpr Migration books = "CREATE TABLE books (id INTEGER, author TEXT)";
  EXPECT_TRUE(findings({books, "-- books.author is not an owner: who wrote it has no account"}).empty())
      << "a step of its own";
  EXPECT_FALSE(findings({books, "-- books.author is not an owner: todo"}).empty());
  EXPECT_FALSE(findings({books, "-- author is not an owner: who wrote it has no account"}).empty());
  EXPECT_FALSE(findings({books, "-- books is not an owner: who wrote it has no account"}).empty());
  EXPECT_FALSE(findings({books, "-- shelves.author is not an owner: who wrote it has no account"}).empty());
  EXPECT_FALSE(
      findings({"CREATE TABLE books (author TEXT DEFAULT '-- books.author is not an owner: a text of mine')"}).empty());
  EXPECT_FALSE(
      findings({"CREATE TABLE books (author, sender) -- books.author is not an owner: who wrote it has no account"})
          .empty());
}

TEST_F(SchemaRules, a_search_table_shows_a_table_that_is_known) {
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, body)",
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, content='')",
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, content='nothing')",
           "CREATE VIRTUAL TABLE notes_index USING fts4(title)",
           "CREATE VIEW titles AS SELECT title FROM notes; CREATE VIRTUAL TABLE i USING fts5(title, content=titles)"})
    EXPECT_TRUE(refused(step)) << step.sql();
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, owner UNINDEXED)",
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, content='notes')",
           "CREATE VIRTUAL TABLE notes_index USING fts5(content=\"notes\", title)",
           "CREATE VIRTUAL TABLE notes_index USING FTS5(title,\r\nCONTENT = [notes])",
           "CREATE VIRTUAL TABLE words USING fts5(text) -- words is for everybody: the dictionary of the service"})
    EXPECT_FALSE(refused(step)) << step.sql();
}

TEST_F(SchemaRules, a_table_that_is_filled_from_one_with_owners_has_one) {
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER INSERT ON notes BEGIN INSERT INTO feed VALUES "
           "(new.title); END",
           "CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER DELETE ON [notes] WHEN old.id > 1 BEGIN SELECT 1; "
           "INSERT OR "
           "IGNORE INTO \"feed\" SELECT old.title; END",
           "CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER UPDATE ON notes BEGIN REPLACE INTO feed VALUES "
           "(new.title); END",
           "CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER UPDATE ON notes BEGIN UPDATE feed SET text = "
           "new.title; END",
           "CREATE TABLE ticks (n INTEGER); CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER INSERT ON ticks "
           "BEGIN INSERT "
           "INTO feed SELECT t.title FROM ticks, notes AS t; END",
           "CREATE TABLE copies AS SELECT title FROM notes",
           "CREATE TABLE IF NOT EXISTS copies AS SELECT * FROM (SELECT title FROM 'notes')",
           "CREATE TABLE copies (a); INSERT INTO copies SELECT title FROM notes",
           "CREATE TABLE copies (a); WITH n AS (SELECT title FROM notes) INSERT INTO copies SELECT title FROM n",
           "CREATE TABLE copies (a); UPDATE copies SET a = (SELECT title FROM notes)",
           "CREATE VIEW titles AS SELECT title FROM notes; CREATE VIEW more AS SELECT * FROM titles; CREATE TABLE "
           "copies AS SELECT "
           "* FROM more"})
    EXPECT_TRUE(refused(step)) << step.sql();
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE feed (owner BLOB, text TEXT); CREATE TRIGGER f AFTER INSERT ON notes BEGIN INSERT INTO feed "
           "VALUES "
           "(new.owner, new.title); END",
           "CREATE TABLE counts (n INTEGER); CREATE TRIGGER f AFTER INSERT ON notes BEGIN UPDATE counts SET n = n + 1; "
           "END",
           "CREATE VIRTUAL TABLE notes_index USING fts5(title, content='notes', content_rowid='id'); CREATE TRIGGER f "
           "AFTER "
           "INSERT ON notes BEGIN INSERT INTO notes_index (rowid, title) VALUES (new.id, new.title); END",
           "CREATE TABLE newer (id INTEGER PRIMARY KEY, owner BLOB, title TEXT); INSERT INTO newer SELECT * FROM "
           "notes; DROP "
           "TABLE notes; ALTER TABLE newer RENAME TO notes",
           "CREATE TABLE tags (notes INTEGER, word TEXT); INSERT INTO tags (notes, word) SELECT 1, 'a'; UPDATE tags "
           "SET notes = 2",
           "CREATE TABLE tags (word TEXT); INSERT INTO tags SELECT DISTINCT title FROM notes; -- tags is for "
           "everybody: words alone"})
    EXPECT_FALSE(refused(step)) << step.sql();
}

// It can be mended by a new step; one in between is not looked at.
TEST_F(SchemaRules, what_the_last_step_leaves_counts) {
  EXPECT_TRUE(findings({"CREATE TABLE posts (author)", "ALTER TABLE posts RENAME COLUMN author TO owner"}).empty());
}

// Who is in one team would see what is of another.
TEST_F(SchemaRules, a_table_of_members_is_declared) {
  constexpr Migration teams = "CREATE TABLE teams (id BLOB PRIMARY KEY, name TEXT)";
  constexpr Migration documents = "CREATE TABLE documents (number INTEGER PRIMARY KEY, team TEXT NOT NULL, text TEXT)";
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE members (team TEXT NOT NULL, user_id BLOB NOT NULL REFERENCES sallyport_users (id))",
           "CREATE TABLE members (team BLOB REFERENCES teams (id), person BLOB REFERENCES sallyport_users (id))",
           "CREATE TABLE team_users (team_id BLOB REFERENCES teams (id), user_id BLOB, role TEXT)",
           "CREATE TABLE Memberships (Team TEXT, owner BLOB)",
           "CREATE TABLE \"teamParticipants\" (user_id BLOB, team TEXT)"})
    EXPECT_FALSE(findings({teams, documents, step}).empty()) << step.sql();
  for (const Migration& step : std::initializer_list<Migration>{
           "CREATE TABLE members (since INTEGER, name TEXT, user_id BLOB REFERENCES sallyport_users (id))",
           "CREATE TABLE likes (team BLOB REFERENCES teams (id), user_id BLOB)",
           "CREATE TABLE user_settings (team TEXT, user_id BLOB)",
           "CREATE TABLE members (team TEXT, user_id BLOB) -- members lists no members: a guess at who will win"})
    EXPECT_TRUE(findings({teams, documents, step}).empty()) << step.sql();
  EXPECT_FALSE(
      findings({teams, documents, "CREATE TABLE members (team TEXT, user_id BLOB) -- members lists no members: todo"})
          .empty());
}

// The migrations that a finding shows.
std::vector<std::string> shown(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t begin = text.find('"'); begin != text.npos; begin = text.find('"', begin + 1)) {
    const std::size_t end = text.find('"', begin + 1);
    const std::string quoted = text.substr(begin + 1, end - begin - 1);
    if (quoted.starts_with("-- ") || quoted.starts_with("ALTER ")) found.push_back(quoted);
    begin = end;
  }
  return found;
}

TEST_F(SchemaRules, what_a_finding_shows_works_as_it_stands) {
  constexpr Migration teams = "CREATE TABLE teams (id BLOB PRIMARY KEY, name TEXT)";
  struct Row {
    Migration step;
    std::vector<Migration> fixes;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"CREATE TABLE pending (email TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT",
            {"ALTER TABLE pending ADD COLUMN owner BLOB REFERENCES sallyport_users (id) ON DELETE CASCADE",
             "-- pending.email is not an owner: whom it names has no account here"}},
           {"CREATE VIRTUAL TABLE i USING fts5(title)",
            {"-- i is for everybody: it holds nothing that one user keeps from others"}},
           {"CREATE TABLE feed (text TEXT); CREATE TRIGGER f AFTER INSERT ON notes BEGIN INSERT INTO feed VALUES "
            "(new.title); END",
            {"-- feed is for everybody: it holds nothing that one user keeps from others"}},
           {"CREATE TABLE members (team BLOB REFERENCES teams (id), user_id BLOB)",
            {"-- members lists no members: whoever is in it sees no more than others"}}}) {
    const std::vector<SchemaFinding> found = findings({teams, row.step});
    ASSERT_EQ(found.size(), 1U) << row.step.sql();
    std::vector<std::string> fixes;
    for (const Migration& fix : row.fixes) {
      fixes.emplace_back(fix.sql());
      EXPECT_TRUE(findings({teams, row.step, fix}).empty()) << fix.sql();
    }
    EXPECT_EQ(shown(found[0].instead), fixes);
  }
}

TEST_F(SchemaRules, the_findings_say_what_to_write) {
  const std::vector<SchemaFinding> found =
      findings({"CREATE TABLE posts (author, sender); CREATE VIRTUAL TABLE i USING fts5(title)"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NE(found[0].instead.find("REFERENCES sallyport_users (id)"), std::string::npos);
  EXPECT_NE(found[0].instead.find("-- posts.author is not an owner: "), std::string::npos);
  EXPECT_NE(found[2].instead.find("-- i is for everybody: "), std::string::npos);
}

}  // namespace
}  // namespace sallyport::data
