// The service's tables, as a history that grows at its end.
#pragma once

#include <sallyport/migrations.hpp>

#include <vector>

namespace notes {

inline std::vector<sallyport::Migration> tables() {
  return {
      "CREATE TABLE notes ("
      "  id BLOB PRIMARY KEY,"
      "  owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE,"
      "  title TEXT NOT NULL,"
      "  body TEXT NOT NULL,"
      "  updated_at INTEGER NOT NULL"
      ") STRICT;"
      "CREATE INDEX notes_owner ON notes (owner, updated_at);",
  };
}

}  // namespace notes
