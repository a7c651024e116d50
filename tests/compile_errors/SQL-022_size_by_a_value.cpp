// code: SQL-022
// cases: 14
// How large a result is, or how long a function works, that a value of the client says.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, std::string text, std::int64_t n) {
#ifndef CASE
  (void)reader.one<std::string>("SELECT printf('%05d %s 100%% %-9999s', ?, ?, ?)", n, text, text);
  (void)reader.one<std::string>("SELECT format('%.2f', ?)", 1.5);
  (void)reader.one<std::string>("SELECT format('no value, a * too')");
  (void)reader.one<std::string>("SELECT hex(randomblob(16))");
  (void)reader.all<std::string>("SELECT substr(trim(title), 1, ?) FROM notes WHERE owner = ?", n, me.id);
  (void)reader.all<std::string>("SELECT rtrim(title, ' .-') FROM notes WHERE owner = ?", me.id);
  (void)reader.all<std::string>("SELECT replace(title, ?, ?) FROM notes WHERE owner = ?", text, text, me.id);
  (void)db.run("UPDATE notes SET title = zeroblob(1000000) WHERE owner = ?", me.id);
#elif CASE == 1
  (void)reader.one<std::string>("SELECT printf('%.*c', ?, '-')", n);
#elif CASE == 2
  (void)reader.one<std::string>("SELECT FORMAT('%*d', ?, 1)", n);
#elif CASE == 3
  (void)reader.one<std::string>("SELECT format(?, 1)", text);
#elif CASE == 4
  (void)reader.one<std::string>("SELECT format('%' || ? || 'd', 1)", n);
#elif CASE == 5
  (void)reader.all<std::string>("SELECT printf(title, 1) FROM notes WHERE owner = ?", me.id);
#elif CASE == 6
  (void)reader.one<std::string>("SELECT \"printf\"('%-*s', ?, '')", n);
#elif CASE == 7
  (void)reader.one<std::string>("SELECT hex(zeroblob(?))", n);
#elif CASE == 8
  (void)reader.one<std::string>("SELECT hex(randomblob(1 * ?))", n);
#elif CASE == 9
  (void)db.run("UPDATE notes SET title = zeroblob(n) WHERE owner = ?", me.id);
#elif CASE == 10
  (void)reader.one<std::string>("SELECT zeroblob(1000000000)");
#elif CASE == 11
  (void)reader.one<std::string>("SELECT trim(?, ?)", text, text);
#elif CASE == 12
  (void)reader.all<std::string>("SELECT ltrim(title, body) FROM notes WHERE owner = ?", me.id);
#elif CASE == 13
  (void)reader.one<std::string>("SELECT printf('%1000000000d', ?)", n);
#elif CASE == 14
  (void)reader.one<std::string>("SELECT [Format](lower(?), ?)", text, n);
#endif
  static_cast<void>(db);
  static_cast<void>(me);
  static_cast<void>(text);
  static_cast<void>(n);
}
