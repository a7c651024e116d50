// Any query: what the check of owners lets pass is run by SQLite as Ada, over rows of Ada and of Bea. It shows and changes nothing of Bea's.
#include <sallyport/sql.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace sallyport::detail;

namespace {

using Kind = SqlArgument::Kind;

constexpr OwnerColumn of_notes[] = {{"owner"}};
constexpr OwnerColumn of_items[] = {{"note", "notes"}};
// Rooms are seen by their members: Ada in the first, Bea in the others.
constexpr OwnerColumn of_rooms[] = {{"id", "room_members", nullptr, "room_id"}};
constexpr OwnerColumn of_members[] = {{"user_id"}, {"room_id", "rooms"}};
constexpr OwnerColumn of_messages[] = {{"room", "rooms"}};
constexpr OwnedTable tables[] = {{"notes", "id", of_notes},
                                 {"items", "id", of_items},
                                 {"rooms", "id", of_rooms},
                                 {"room_members", {}, of_members, "room_id"},
                                 {"messages", "id", of_messages}};

constexpr const char* schema =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT, title TEXT, n INTEGER, UNIQUE (owner, n));"
    "CREATE TABLE items (id INTEGER PRIMARY KEY, note INTEGER, text TEXT);"
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, note INTEGER, owner TEXT, text TEXT);"
    "CREATE TABLE rooms (id INTEGER PRIMARY KEY, title TEXT);"
    "CREATE TABLE room_members (room_id INTEGER, user_id TEXT, UNIQUE (room_id, user_id));"
    "CREATE TABLE messages (id INTEGER PRIMARY KEY, room INTEGER, text TEXT);"
    "INSERT INTO rooms VALUES (1, 'open'), (2, 'secret'), (3, 'secret');"
    "INSERT INTO room_members VALUES (1, 'ada'), (2, 'bea'), (3, 'bea');"
    "INSERT INTO messages VALUES (1, 1, 'open'), (2, 2, 'secret'), (3, 3, 'secret');"
    "INSERT INTO notes VALUES (1, 'ada', 'open', 1), (2, 'bea', 'secret', 2), (3, 'bea', 'secret', 3);"
    "INSERT INTO items VALUES (1, 1, 'open'), (2, 2, 'secret'), (3, 3, 'secret');"
    "INSERT INTO tags VALUES (1, 1, 'ada', 'a'), (2, 2, 'bea', 'b'), (3, 3, 'cleo', 'c');";
constexpr const char* of_bea =
    "SELECT (SELECT count(*) FROM notes WHERE owner = 'bea' AND title = 'secret' AND n = id) + "
    "(SELECT count(*) FROM items WHERE text = 'secret' AND note = id) = 4 AND "
    "(SELECT count(*) FROM notes WHERE owner IS NOT 'ada') = 2 AND (SELECT count(*) FROM items WHERE note IS NOT 1) = "
    "2 AND (SELECT count(*) FROM rooms WHERE title = 'secret' AND id IN (2, 3)) = 2 AND "
    "(SELECT count(*) FROM room_members WHERE room_id IN (2, 3)) = 2 AND "
    "(SELECT count(*) FROM room_members WHERE room_id IN (2, 3) AND user_id = 'bea') = 2 AND "
    "(SELECT count(*) FROM messages WHERE text = 'secret' AND room = id) = 2 AND "
    "(SELECT count(*) FROM messages WHERE room IN (2, 3)) = 2";

sqlite3* database() {
  static sqlite3* const opened = [] {
    sqlite3* made = nullptr;
    if (sqlite3_open(":memory:", &made) != SQLITE_OK ||
        sqlite3_exec(made, schema, nullptr, nullptr, nullptr) != SQLITE_OK)
      std::abort();
    sqlite3_limit(made, SQLITE_LIMIT_VDBE_OP, 20'000);
    sqlite3_limit(made, SQLITE_LIMIT_LENGTH, 100'000);
    sqlite3_limit(made, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_db_config(made, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_progress_handler(
        made, 20'000, [](void*) { return 1; }, nullptr);
    return made;
  }();
  return opened;
}

bool is_true(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database(), sql, -1, &statement, nullptr) != SQLITE_OK) std::abort();
  const bool yes = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 1;
  sqlite3_finalize(statement);
  return yes;
}

// As Ada: her name, her note, and of the rest what she would like to have.
void bind(sqlite3_stmt* statement, const std::vector<SqlArgument>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const int index = static_cast<int>(i) + 1;
    if (arguments[i].kind == Kind::user) {
      sqlite3_bind_text(statement, index, "ada", -1, SQLITE_STATIC);
    } else {
      sqlite3_bind_int(statement, index, arguments[i].kind == Kind::owned ? 1 : 2);
    }
  }
}

bool shows_a_secret(sqlite3_stmt* statement) {
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
    if (text && std::string_view(text).find("secret") != std::string_view::npos) return true;
  }
  return false;
}

void run(std::string_view sql, const std::vector<SqlArgument>& arguments, bool spells_it) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int prepared = sqlite3_prepare_v2(database(), sql.data(), static_cast<int>(sql.size()), &statement, &rest);
  if (prepared == SQLITE_OK && statement && rest == sql.data() + sql.size()) {
    bind(statement, arguments);
    for (int row = 0; row < 100 && sqlite3_step(statement) == SQLITE_ROW; ++row) {
      if (!spells_it && shows_a_secret(statement)) std::abort();
    }
  }
  sqlite3_finalize(statement);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2 || size > 600) return 0;
  const unsigned kinds = data[0];
  const std::string_view sql(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<SqlToken> room(sql.size() + 1);
  std::vector<SqlArgument> arguments;
  try {
    const SqlTokens tokens = read_tokens(sql, room.data());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (!tokens.at(i).takes_value()) continue;
      const unsigned kind = (kinds >> (2 * (arguments.size() % 4))) & 3U;
      if (kind == 1) {
        arguments.push_back({Kind::user});
      } else if (kind == 2) {
        arguments.push_back({Kind::owned, "notes"});
      } else if (kind == 3) {
        arguments.push_back({Kind::owned, "rooms"});
      } else {
        arguments.push_back({Kind::value});
      }
    }
    SqlUse use = SqlUse::rows;
    try {
      static_cast<void>(SqlRules(tokens, arguments, false).check(use));
    } catch (const char*) {
      use = SqlUse::change;
      static_cast<void>(SqlRules(tokens, arguments, false).check(use));
    }
    OwnerReader(tokens, arguments, tables).check(false);
  } catch (const char*) {
    return 0;
  }
  // A query that writes the word itself shows it, and what is of nobody says nothing.
  std::string lower(sql);
  for (char& c : lower) c = to_lower(c);
  const bool spells_it = lower.find("secret") != std::string::npos || lower.find("sqlite") != std::string::npos ||
                         lower.find("pragma") != std::string::npos;
  sqlite3_exec(database(), "SAVEPOINT fuzz", nullptr, nullptr, nullptr);
  run(sql, arguments, spells_it);
  if (!spells_it && !is_true(of_bea)) std::abort();
  sqlite3_exec(database(), "ROLLBACK TO fuzz", nullptr, nullptr, nullptr);
  sqlite3_exec(database(), "RELEASE fuzz", nullptr, nullptr, nullptr);
  return 0;
}
