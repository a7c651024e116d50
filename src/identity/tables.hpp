// The framework's own tables: accounts and their sessions.
#pragma once

#include <sallyport/detail/own_tables.hpp>
#include <sallyport/migrations.hpp>

#include <string_view>

namespace sallyport::identity {

/// Under which name the database keeps the history of these tables, apart from the application's.
inline constexpr std::string_view tables_component = detail::own_component;

/// The tables' history: run it before the application's, whose tables may say
/// `owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE`.
///
/// Times are milliseconds since 1970. Every signed-in request looks both tables up by primary key, so they are
/// kept in its order (WITHOUT ROWID): one look-up instead of two, and a key that can't be NULL.
inline constexpr Migration tables[] = {
    // `email` is Email::key(), `email_shown` the address as typed, `password` a PHC string.
    // A session's `id` is the HMAC of the cookie's secret: a reader of the table can't use it as a cookie.
    "CREATE TABLE sallyport_users ("
    "  id BLOB PRIMARY KEY CHECK (length(id) = 16),"
    "  email TEXT NOT NULL UNIQUE,"
    "  email_shown TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  password TEXT NOT NULL,"
    "  role TEXT NOT NULL DEFAULT '',"
    "  created_at INTEGER NOT NULL,"
    "  disabled_at INTEGER"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE sallyport_sessions ("
    "  id BLOB PRIMARY KEY CHECK (length(id) = 32),"
    "  account BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE,"
    "  created_at INTEGER NOT NULL,"
    "  seen_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX sallyport_sessions_account ON sallyport_sessions (account);"
    "CREATE INDEX sallyport_sessions_seen_at ON sallyport_sessions (seen_at);",
    // What an application's queries may join. Without e-mails and roles: who reads an author's name does not learn either. They come from
    // AccountsAdmin.
    "CREATE VIEW sallyport_people (id, name) AS SELECT id, name FROM sallyport_users",
    // Attempts (limits/database_limits.hpp): `id` is a keyed hash of what is counted, so that the table names no account and no address.
    // Times are nanoseconds since 1970. `unlocked_at` is in milliseconds.
    "CREATE TABLE sallyport_attempts ("
    "  id INTEGER PRIMARY KEY,"
    "  began INTEGER NOT NULL,"
    "  window_end INTEGER NOT NULL,"
    "  shut_until INTEGER NOT NULL,"
    "  level_until INTEGER NOT NULL,"
    "  unused INTEGER NOT NULL,"
    "  most INTEGER NOT NULL,"
    "  level INTEGER NOT NULL,"
    "  needed_until INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX sallyport_attempts_needed_until ON sallyport_attempts (needed_until);"
    "ALTER TABLE sallyport_users ADD COLUMN unlocked_at INTEGER NOT NULL DEFAULT 0",
    // What an application keeps in a session, under its HMAC as above. One that nobody has signed in to (`anonymous`) is no row of
    // sallyport_sessions. Whichever way a session ends, its data goes with it.
    "CREATE TABLE sallyport_session_data ("
    "  session BLOB NOT NULL CHECK (length(session) = 32),"
    "  name TEXT NOT NULL,"
    "  data TEXT NOT NULL,"
    "  anonymous INTEGER NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  seen_at INTEGER NOT NULL,"
    "  PRIMARY KEY (session, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX sallyport_session_data_seen_at ON sallyport_session_data (seen_at) WHERE anonymous = 1;"
    "CREATE TRIGGER sallyport_session_data_ends AFTER DELETE ON sallyport_sessions BEGIN"
    "  DELETE FROM sallyport_session_data WHERE session = old.id;"
    "END;",
};

}  // namespace sallyport::identity
