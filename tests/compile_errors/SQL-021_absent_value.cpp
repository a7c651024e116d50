// code: SQL-021
// cases: 16
// A value that is absent does not widen what UPDATE and DELETE change; SELECT may ask for it.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, std::string text, sp::Maybe<std::string> perhaps,
            std::int64_t n, std::vector<std::int64_t> ids) {
  (void)db.run("DELETE FROM notes WHERE owner = ? AND title = ?", me.id, perhaps);
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (title = ? OR updated_at < ?)", me.id, perhaps, n);
  (void)db.run("DELETE FROM notes WHERE owner = ? AND folder IS ? AND n BETWEEN ? AND ?", me.id, perhaps, n, n);
  (void)db.run(
      "UPDATE notes SET title = coalesce(?, title), body = CASE WHEN ? IS NULL THEN body ELSE ? END WHERE owner = ? "
      "AND id IN (?...)",
      perhaps, perhaps, perhaps, me.id, ids);
  (void)db.run("DELETE FROM notes WHERE owner = ? AND lower(title) = lower(?) AND n IN (?, ?) AND NOT title = ?", me.id,
               text, n, n, text);
  (void)db.run("DELETE FROM notes WHERE owner = ? AND title LIKE ? ESCAPE '\\'", me.id, sp::contains(text));
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ? AND (? IS NULL OR title = ?)", me.id, perhaps, perhaps);
  (void)db.run(
      "DELETE FROM notes WHERE owner = ? AND EXISTS (SELECT 1 FROM tags WHERE tags.note = notes.id AND tags.word = ?)",
      me.id, text);
#if CASE == 1
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (? IS NULL OR title = ?)", me.id, perhaps, perhaps);
#elif CASE == 2
  (void)db.run("DELETE FROM notes WHERE owner = ? AND title = coalesce(?, title)", me.id, perhaps);
#elif CASE == 3
  (void)db.run("UPDATE notes SET title = '' WHERE owner = ? AND title = ifnull(?, title)", me.id, perhaps);
#elif CASE == 4
  (void)db.run("DELETE FROM notes WHERE owner = ? AND CASE WHEN ? IS NULL THEN 1 ELSE title = ? END", me.id, perhaps,
               perhaps);
#elif CASE == 5
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (? = '' OR title = ?)", me.id, text, text);
#elif CASE == 6
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (title = ? OR NOT ?)", me.id, text, true);
#elif CASE == 7
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (title = ?) IS NOT FALSE", me.id, perhaps);
#elif CASE == 8
  (void)db.run("DELETE FROM notes WHERE owner = ? AND title IS NOT ?", me.id, perhaps);
#elif CASE == 9
  (void)db.run("DELETE FROM notes WHERE owner = ? AND iif(? IS NULL, TRUE, title = ?)", me.id, perhaps, perhaps);
#elif CASE == 10
  (void)db.run(
      "WITH p (t) AS (SELECT ?) DELETE FROM notes WHERE owner = ? AND (title = (SELECT t FROM p) OR (SELECT t FROM p) "
      "IS NULL)",
      perhaps, me.id);
#elif CASE == 11
  (void)db.run("UPDATE notes SET title = '' FROM (SELECT ? AS t) AS p WHERE owner = ? AND (p.t IS NULL OR title = p.t)",
               perhaps, me.id);
#elif CASE == 12
  (void)db.run(
      "DELETE FROM notes WHERE owner = ? AND id IN (SELECT id FROM notes WHERE owner = ? AND (title = ? OR ? ISNULL))",
      me.id, me.id, perhaps, perhaps);
#elif CASE == 13
  (void)db.one<std::string>("DELETE FROM notes WHERE owner = ? AND \"coalesce\"(title = ?, 1) RETURNING title", me.id,
                            perhaps);
#elif CASE == 14
  (void)db.run("DELETE FROM notes WHERE owner = ? AND (title = ? OR length(?) = 0)", me.id, text, text);
#elif CASE == 15
  (void)db.run("DELETE FROM notes WHERE owner = ? AND EXISTS (SELECT 1 WHERE ? = '' OR title = ?)", me.id, text, text);
#elif CASE == 16
  (void)db.run(
      "DELETE FROM notes WHERE owner = ? AND id IN (SELECT id FROM notes WHERE owner = ? AND NOT (? <> '' AND title <> "
      "?))",
      me.id, me.id, text, text);
#endif
}
