// code: OWN-009
// cases: 9
// Who has some row sees all of another table: the two are joined by the caller alone.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Document {
  std::int64_t number;
  std::string text;
};

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, std::int64_t number) {
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents AS d JOIN members AS m ON m.team = d.team WHERE m.user_id = ? AND "
      "d.number = ?",
      me.id, number);
  (void)reader.all<Document>(
      "SELECT number, text FROM documents JOIN members USING (team) WHERE user_id = ? AND number = ?", me.id, number);
  (void)reader.all<Document>("SELECT number, text FROM documents, members WHERE documents.team = team AND user_id = ?",
                             me.id);
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents d WHERE d.number = ? AND EXISTS (SELECT 1 FROM members WHERE team = "
      "d.team AND user_id = ?)",
      number, me.id);
  (void)reader.all<Document>(
      "SELECT number, text FROM documents WHERE team IN (SELECT team FROM members WHERE user_id = ?)", me.id);
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents d JOIN tags t ON t.document = d.number JOIN members m ON d.team = m.team "
      "WHERE m.user_id = ? AND t.word = 'plan'",
      me.id);
  (void)reader.all<Document>("SELECT d.number, t.text FROM drafts d, texts t WHERE d.owner = ? AND t.owner = ?", me.id,
                             me.id);
  (void)reader.all<Document>("SELECT d.number, j.value AS text FROM drafts d, json_each(d.tags) j WHERE d.owner = ?",
                             me.id);
  (void)reader.all<Document>("SELECT d.number, d.text FROM documents AS d JOIN teams AS t ON t.name = d.team");
  (void)db.maybe<Document>(
      "SELECT d.number, d.text FROM documents AS d JOIN subscribers AS s ON s.user_id = ? WHERE d.number = ?", me.id,
      number, sp::every_owner<"every subscriber reads every document">);
#if CASE == 1
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents AS d JOIN members AS m ON m.user_id = ? WHERE d.number = ? LIMIT 1",
      me.id, number);
#elif CASE == 2
  (void)reader.all<Document>("SELECT number, text FROM documents JOIN members ON user_id = ? WHERE number = ?", me.id,
                             number);
#elif CASE == 3
  (void)reader.all<Document>("SELECT number, text FROM documents, members WHERE user_id = ? AND number = ?", me.id,
                             number);
#elif CASE == 4
  (void)reader.all<Document>(
      "SELECT number, text FROM documents WHERE number = ? AND EXISTS (SELECT 1 FROM members WHERE user_id = ?)",
      number, me.id);
#elif CASE == 5
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents d CROSS JOIN members m WHERE (m.user_id = ? AND m.role = 'editor') AND "
      "d.number = ?",
      me.id, number);
#elif CASE == 6
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents d JOIN teams t ON t.name = d.team JOIN members m ON m.user_id = ? WHERE "
      "d.number = ?",
      me.id, number);
#elif CASE == 7
  (void)reader.one<std::int64_t>("SELECT count(*) FROM documents AS d JOIN members AS m ON ? = m.user_id", me.id);
#elif CASE == 8
  (void)db.run(
      "INSERT INTO copies (owner, text) SELECT ?, d.text FROM documents d JOIN members m WHERE m.user_id = ? AND "
      "d.number = ?",
      me.id, me.id, number);
#elif CASE == 9
  (void)reader.all<Document>(
      "SELECT d.number, d.text FROM documents d WHERE d.number = ? AND EXISTS (SELECT 1 FROM members m WHERE m.user_id "
      "= ? AND m.role = 'reader')",
      number, me.id);
#endif
}
