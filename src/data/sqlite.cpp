// SQLite's C interface behind owners: connections that are opened safely, and statements that close themselves.
#include "data/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include <sallyport/database_error.hpp>
#include <sallyport/detail/own_tables.hpp>

#include "base/file_place.hpp"
#include "data/sqlite_folded.hpp"
#include "data/sqlite_framework_tables.hpp"
#include "data/sqlite_time.hpp"

namespace sallyport::data {
namespace {

// Looks at the deadline this often: some tens of microseconds of work.
constexpr int operations_between_looks = 4096;

// Bounds for one statement, far above what a service needs and far below SQLite's (https://www.sqlite.org/limits.html).
struct Limit {
  int which;
  int value;
};
constexpr Limit limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 << 20},           // bytes of a value or row; larger things are uploads
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},        // bytes; migrations are the long ones
    {SQLITE_LIMIT_COLUMN, 200},                //
    {SQLITE_LIMIT_EXPR_DEPTH, 100},            //
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},        //
    {SQLITE_LIMIT_VDBE_OP, 250'000},           //
    {SQLITE_LIMIT_FUNCTION_ARG, 50},           //
    {SQLITE_LIMIT_ATTACHED, 0},                // no second database, ever
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 8192},  // bytes
    {SQLITE_LIMIT_VARIABLE_NUMBER, 200},       //
    {SQLITE_LIMIT_TRIGGER_DEPTH, 20},          //
    {SQLITE_LIMIT_WORKER_THREADS, 0},          //
};

struct Switch {
  int which;
  int value;
};
constexpr Switch switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},              // no writes to shadow tables or the schema
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1},         // triggers keep a search index: see is_harmless
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},  //
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},  // takes a pointer as a value
    {SQLITE_DBCONFIG_DQS_DML, 0},                // "misspelt_column" is an error, not a text
    {SQLITE_DBCONFIG_DQS_DDL, 0},                //
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},            //
};

// An index of FTS5 that triggers keep is what SQLite's manual shows, and FTS5 is not marked innocuous before SQLite 3.41: so schemas are trusted, and
// what that would let them call is refused here, for queries as well. SQLite itself marks these as not to be used in a schema.
bool is_harmless(std::string_view function) noexcept {
  for (const std::string_view name : {"load_extension", "fts3_tokenizer", "fts5", "readfile", "writefile", "edit"}) {
    if (detail::equal_ignoring_case(function, name)) return false;
  }
  return true;
}

[[noreturn]] void cannot_open(OpenError::Kind kind, const std::string& path, const std::string& why) {
  throw OpenError(kind, "database " + path + ": " + why);
}

// SQLite would make the file with the process's umask; it gives the -wal and -shm files the mode that the file has.
void make_file(const std::string& path) {
  if (const auto problem = base::make_folders(path); problem.error != 0)
    cannot_open(OpenError::Kind::permissions, path, problem.text());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file >= 0) {
    // Closing is safe, because no one else can have opened a file that we have just made. Closing one that this process
    // has open as a database would drop SQLite's locks (fcntl(2)): so an existing file is looked at by name only.
    ::close(file);
  } else if (errno != EEXIST) {
    cannot_open(OpenError::Kind::permissions, path, std::generic_category().message(errno));
  }
}

void check_file(const std::string& path) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0)
    cannot_open(OpenError::Kind::permissions, path, std::generic_category().message(errno));
  if (!S_ISREG(file.st_mode)) cannot_open(OpenError::Kind::path, path, "is not a regular file");
  if ((file.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    cannot_open(OpenError::Kind::permissions, path, "other users may read or write it: chmod 600");
  }
}

// Debian's SQLite takes URIs for names, and every SQLite takes ":memory:" and "": a leading "./" or "/" makes it a
// path.
std::string as_path(const std::string& path) {
  if (path.empty() || path == ":memory:" || path.starts_with("file:") || path.find('\0') != path.npos) {
    cannot_open(OpenError::Kind::path, path, "the name of a file is needed");
  }
  return path.front() == '/' ? path : "./" + path;
}

DatabaseError::Kind kind_of(int code) noexcept {
  using Kind = DatabaseError::Kind;
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Kind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Kind::foreign_key;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_TRIGGER:
      return Kind::check;
    case SQLITE_CONSTRAINT_NOTNULL:
      return Kind::not_null;
    case SQLITE_CONSTRAINT_DATATYPE:
      return Kind::type;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::busy;
    case SQLITE_FULL:
      return Kind::full;
    case SQLITE_INTERRUPT:
      return Kind::timed_out;
    default:
      return Kind::other;
  }
}

}  // namespace

bool is_there(const std::string& name) {
  const std::string path = as_path(name);
  struct stat file {};
  const bool there = ::lstat(path.c_str(), &file) == 0;
  if (there) check_file(path);
  // SQLite keeps its log beside the file, so that the folder has to be writable in any case.
  if (const auto problem = base::look_at_place(path); problem.error != 0)
    cannot_open(OpenError::Kind::permissions, path, problem.text());
  if (there && ::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    cannot_open(OpenError::Kind::permissions, path, std::generic_category().message(errno));
  return there;
}

void CloseStatement::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
void Connection::Close::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

Connection::Connection(const std::string& name, Allow allow, std::chrono::milliseconds busy_limit,
                       const base::Clock* now)
    : time_(now ? new SqliteTime(*now) : nullptr) {
  const std::string path = as_path(name);
  if (allow != Allow::reads) make_file(path);
  check_file(path);

  // One thread uses a connection at a time, so SQLite need not lock it (NOMUTEX).
  const int flags = (allow == Allow::reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, time_ ? time_->name() : nullptr);
  handle_.reset(handle);
  if (opened != SQLITE_OK) cannot_open(OpenError::Kind::other, path, sqlite3_errstr(opened));
  try {
    configure(busy_limit);
    if (allow == Allow::reads) execute("PRAGMA query_only=ON");
    execute("SELECT 1 FROM sqlite_schema LIMIT 1");  // reads the header: a file of something else shows here
  } catch (const DatabaseError& error) {
    const bool alien = (sqlite3_errcode(handle) & 0xff) == SQLITE_NOTADB;
    cannot_open(alien ? OpenError::Kind::not_a_database : OpenError::Kind::other, path, detail::ForTheLog::text(error));
  }
  sqlite3_progress_handler(handle, operations_between_looks, &past_deadline, this);
  allow_ = allow;
}

Connection::Connection() {
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                        SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2("tried", &handle, flags, nullptr);
  handle_.reset(handle);
  if (opened != SQLITE_OK) cannot_open(OpenError::Kind::other, "in memory", sqlite3_errstr(opened));
  configure(std::chrono::milliseconds(0));
}

Connection::~Connection() = default;

// Where two processes make the file's first switch at once, SQLite does not wait but says that it is locked
// (https://www.sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
void Connection::switch_to_wal(std::chrono::milliseconds busy_limit) {
  constexpr std::chrono::milliseconds pause{10};
  for (auto waited = pause;; waited += pause) {
    try {
      return execute("PRAGMA journal_mode=WAL");
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::busy || waited > busy_limit) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

void Connection::configure(std::chrono::milliseconds busy_limit) {
  sqlite3* const handle = get();
  for (const Limit& limit : limits) sqlite3_limit(handle, limit.which, limit.value);
  for (const Switch& option : switches) sqlite3_db_config(handle, option.which, option.value, nullptr);
  sqlite3_busy_timeout(handle, static_cast<int>(busy_limit.count()));
  sqlite3_set_authorizer(handle, &authorize, this);
  if (const int code = add_folded(handle); code != SQLITE_OK) fail(code, "folded()");
  // WAL: readers and the writer do not wait for each other. FULL: an answered change survives a power cut.
  if (sqlite3_db_readonly(handle, "main") == 0) switch_to_wal(busy_limit);
  execute("PRAGMA synchronous=FULL");
  execute("PRAGMA temp_store=MEMORY");  // nothing of a query in /tmp
  execute("PRAGMA cell_size_check=ON");
  execute("PRAGMA mmap_size=0");
  execute("PRAGMA secure_delete=FAST");  // overwrite what is deleted, where it costs no extra write
}

StatementPtr Connection::prepare(std::string_view sql, std::string_view& rest, bool persistent) const {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()),
                                      persistent ? SQLITE_PREPARE_PERSISTENT : 0u, &statement, &tail);
  StatementPtr owner(statement);
  if (code != SQLITE_OK) fail(code, sql);
  rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  return owner;
}

void Connection::execute(std::string_view sql) const {
  while (!sql.empty()) {
    std::string_view rest;
    const StatementPtr statement = prepare(sql, rest);
    if (statement) {
      int code = sqlite3_step(statement.get());
      while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
      if (code != SQLITE_DONE) fail(code, sql.substr(0, sql.size() - rest.size()));
    }
    sql = rest;
  }
}

void Connection::fail(int code, std::string_view sql) const {
  // SQLite's message names constraints, tables and columns; it contains no bound value.
  std::string message = sqlite3_errmsg(get());
  if ((code & 0xff) == SQLITE_AUTH && refused_own_table_) {
    message.append(" (").append(detail::own_tables_advice).append(")");
  }
  message.append(", in: ").append(sql);
  const DatabaseError::Kind kind = kind_of(code);
  if (kind == DatabaseError::Kind::unique) throw Conflict(message);
  if (kind == DatabaseError::Kind::foreign_key) throw BrokenReference(message);
  throw DatabaseError(kind, message);
}

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(get()) == 0; }

int Connection::past_deadline(void* self) noexcept {
  return std::chrono::steady_clock::now() >= static_cast<Connection*>(self)->deadline_ ? 1 : 0;
}

int Connection::authorize(void* self, int action, const char* a, const char* b, const char*,
                          const char* within) noexcept {
  Connection& connection = *static_cast<Connection*>(self);
  const Allow allow = connection.allow_;
  if (allow == Allow::everything) return SQLITE_OK;
  if (connection.touched_ && a && (action == SQLITE_READ || action == SQLITE_UPDATE || action == SQLITE_DELETE)) {
    try {
      connection.touched_->push_back({a, within ? within : ""});
    } catch (...) {
      return SQLITE_DENY;
    }
  }
  connection.refused_own_table_ = false;
  // A trigger or view of the application's stays one when a statement of the framework runs it.
  const bool own = connection.own_ && (!within || detail::is_own_table(within));
  if (!own && !spares_own_tables(action, a, b, within)) {
    connection.refused_own_table_ = true;
    return action == SQLITE_ANALYZE ? SQLITE_IGNORE : SQLITE_DENY;
  }
  const auto allowed = [](bool yes) { return yes ? SQLITE_OK : SQLITE_DENY; };
  switch (action) {
    case SQLITE_READ:  // migrations read the schema where they change it
      return allowed(own || allow == Allow::tables || !a || !detail::is_table_of_sqlite(a));
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return allowed(!b || is_harmless(b));
    case SQLITE_PRAGMA:
      if (!a) return SQLITE_DENY;
      if (std::strcmp(a, "data_version") == 0) return SQLITE_OK;                     // FTS5 asks for it itself
      return allowed(allow == Allow::tables && std::strcmp(a, "quick_check") == 0);  // ADD COLUMN … CHECK does
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return SQLITE_DENY;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return allowed(allow != Allow::reads);
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return allowed(allow == Allow::changes);
    default:
      return allowed(allow == Allow::tables);
  }
}

}  // namespace sallyport::data
