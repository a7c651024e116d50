// Data of sessions in the database.
#include "identity/session_data.hpp"

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"

#include <utility>

namespace sallyport::identity {

/// A row.
struct KeptData {
  std::string data;
  bool anonymous;
  std::chrono::sys_time<std::chrono::milliseconds> seen_at;
};

namespace {

using detail::operator""_own;

using SessionSecret = std::array<unsigned char, 32>;

// As of sessions: one write to the database per request would be too expensive.
constexpr std::chrono::minutes use_recorded_every{1};

}  // namespace

std::optional<SessionData::StoredId> SessionData::stored_id(std::string_view cookie_value) const {
  SessionSecret secret;
  if (crypto::decode_base64url(cookie_value, secret) != secret.size()) return std::nullopt;
  return mac_.sign(secret);
}

// The times are those of the session, where somebody has signed in to it, and else of the data itself.
Task<Maybe<SessionData::Found>> SessionData::read(std::string_view cookie_value, std::string_view name) {
  const std::optional<StoredId> id = stored_id(cookie_value);
  if (!id) co_return std::nullopt;
  const Time at = now();
  Maybe<KeptData> kept = co_await database_.maybe<KeptData>(
      "SELECT d.data, d.anonymous, d.seen_at FROM sallyport_session_data AS d LEFT JOIN sallyport_sessions AS s ON "
      "s.id = d.session WHERE d.session = ? AND d.name = ? AND (d.anonymous = 1 OR s.id IS NOT NULL) AND "
      "coalesce(s.seen_at, d.seen_at) > ? AND coalesce(s.created_at, d.created_at) > ?"_own,
      *id, name, at - idle_, at - absolute_);
  if (!kept) co_return std::nullopt;
  co_return Found{std::move(kept->data), kept->anonymous && at - kept->seen_at >= use_recorded_every};
}

Task<void> SessionData::record_use(std::string_view cookie_value) {
  const std::optional<StoredId> id = stored_id(cookie_value);
  const Time at = now();
  if (!id) co_return;
  try {
    co_await database_.run("UPDATE sallyport_session_data SET seen_at = ? WHERE session = ? AND seen_at < ?"_own, at,
                           *id, at);
  } catch (const Overloaded&) {
  } catch (const DatabaseError&) {
  }
}

Task<std::string> SessionData::change(std::string_view cookie_value, std::string_view name,
                                      void (*make_change)(void* object, std::string& text), void* object) {
  SessionSecret secret;
  crypto::random_bytes(secret);
  const StoredId fresh = mac_.sign(secret);
  const std::optional<StoredId> old = stored_id(cookie_value);
  const Time at = now();
  const Time last_use = at - idle_;
  const Time oldest = at - absolute_;
  bool begun = false;
  co_await database_.transaction([&](Transaction& tx) {
    // Who goes on: a session that holds, or a visitor's data that does. No id is taken that was not drawn here (fixation).
    const bool signed_in =
        old &&
        tx.one<bool>("SELECT count(*) > 0 FROM sallyport_sessions WHERE id = ? AND seen_at > ? AND created_at > ?"_own,
                     *old, last_use, oldest);
    const bool visitor = old && !signed_in &&
                         tx.one<bool>(
                             "SELECT count(*) > 0 FROM sallyport_session_data WHERE session = ? AND "
                             "anonymous = 1 AND seen_at > ? AND created_at > ?"_own,
                             *old, last_use, oldest);
    begun = !signed_in && !visitor;
    const StoredId id = begun ? fresh : *old;
    std::string text;
    if (!begun)
      text =
          tx.maybe<std::string>("SELECT data FROM sallyport_session_data WHERE session = ? AND name = ?"_own, id, name)
              .value_or({});
    make_change(object, text);
    if (text.size() > max_size) throw Problem(413, "Too much is kept in this session");
    if (text.empty()) {
      begun = false;
      tx.run("DELETE FROM sallyport_session_data WHERE session = ? AND name = ?"_own, id, name);
      return;
    }
    // A few that have ended go with each that begins, so that the table does not grow with them.
    if (begun)
      tx.run(
          "DELETE FROM sallyport_session_data WHERE session IN (SELECT session FROM sallyport_session_data WHERE "
          "anonymous = 1 AND seen_at <= ? LIMIT 20)"_own,
          last_use);
    tx.run(
        "INSERT INTO sallyport_session_data (session, name, data, anonymous, created_at, seen_at) VALUES "
        "(?, ?, ?, ?, ?, ?) ON CONFLICT (session, name) DO UPDATE SET data = excluded.data, seen_at = excluded.seen_at"_own,
        id, name, text, !signed_in, at, at);
  });
  co_return begun ? crypto::encode_base64url(secret) : std::string();
}

}  // namespace sallyport::identity
