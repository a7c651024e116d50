// The statements that the API and the pages share.
#pragma once

#include "model.hpp"

namespace notes {

inline sp::Task<sp::Rows<Note>> all_notes(const sp::Db& db, sp::OwnedId<sp::User> owner) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY updated_at DESC, rowid DESC LIMIT 1000",
                                  owner);
}

inline sp::Task<sp::Rows<Note>> find_notes(const sp::Db& db, sp::OwnedId<sp::User> owner, std::string_view text) {
  const sp::LikePattern pattern = sp::contains_folded(text);
  co_return co_await db.all<Note>(
      "SELECT * FROM notes WHERE owner = ? AND (folded(title) LIKE ? ESCAPE '\\' OR folded(body) LIKE ? ESCAPE '\\') "
      "ORDER BY updated_at DESC, rowid DESC LIMIT 1000",
      owner, pattern, pattern);
}

inline sp::Task<Note> insert_note(sp::Db& db, sp::OwnedId<sp::User> owner, const NewNote& note) {
  co_return co_await db.one<Note>(
      "INSERT INTO notes (id, owner, title, body, updated_at) VALUES (?, ?, ?, ?, unixepoch()) RETURNING *",
      sp::Id<Note>::random(), owner, note.title, note.body);
}

inline sp::Task<Note> update_note(sp::Db& db, sp::OwnedId<Note> id, const NewNote& note) {
  co_return co_await db.one<Note>(
      "UPDATE notes SET title = ?, body = ?, updated_at = unixepoch() WHERE id = ? RETURNING *", note.title, note.body,
      id);
}

inline sp::Task<std::int64_t> delete_note(sp::Db& db, sp::OwnedId<Note> id) {
  co_return co_await db.run("DELETE FROM notes WHERE id = ?", id);
}

}  // namespace notes
