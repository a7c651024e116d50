// Sessions in the database.
#include "identity/session_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"
#include "identity/principal.hpp"

namespace sallyport::identity {
namespace {

using detail::operator""_own;

using SessionSecret = std::array<unsigned char, 32>;  // ASVS 7.2.3: 128 bits at least

// The precision of the last use: one write to the database per request would be too expensive.
constexpr std::chrono::minutes use_recorded_every{1};

// A session that began later than this from now was made under a clock that was wrong: its age is not known.
constexpr std::chrono::minutes clock_slack{1};

}  // namespace

SessionStore::SessionStore(Db& database, const crypto::Key<crypto::purpose::SessionMac>& key,
                           const ops::SessionSettings& settings, const base::Clock& clock)
    : database_(database),
      mac_(key),
      idle_(settings.idle_minutes),
      absolute_(settings.absolute_hours),
      per_account_(std::max(settings.per_account, std::uint32_t{1})),
      clock_(clock) {}

std::optional<SessionStore::StoredId> SessionStore::stored_id(std::string_view cookie_value) const {
  SessionSecret secret;
  if (crypto::decode_base64url(cookie_value, secret) != secret.size()) return std::nullopt;
  return mac_.sign(secret);
}

SessionStore::Time SessionStore::now() const noexcept {
  return std::chrono::floor<std::chrono::milliseconds>(clock_.wall());
}

template <class Session>
bool SessionStore::valid(const Session& session, Time now) const noexcept {
  return !session.disabled_at && now - session.seen_at < idle_ && now - session.created_at < absolute_ &&
         session.created_at - now <= clock_slack;
}

Task<std::optional<detail::Principal>> SessionStore::find(std::string_view cookie_value, bool* expired) {
  const std::optional<StoredId> id = stored_id(cookie_value);
  if (!id) co_return std::nullopt;
  Maybe<Row> session = co_await database_.maybe<Row>(
      "SELECT u.id, u.name, u.email_shown AS email, u.role, s.created_at, s.seen_at, u.disabled_at "
      "FROM sallyport_sessions AS s JOIN sallyport_users AS u ON u.id = s.account WHERE s.id = ?"_own,
      *id);
  if (!session) co_return std::nullopt;
  const Time at = now();
  if (!valid(*session, at)) {
    if (expired) *expired = !session->disabled_at;
    co_await drop(*id);
    co_return std::nullopt;
  }
  if (at - session->seen_at >= use_recorded_every) co_await record_use(*id, at);
  co_return detail::Principal{session->id, std::move(session->name), std::move(session->email),
                              std::move(session->role)};
}

namespace {
struct LivingRow {
  crypto::HmacSha256::Tag id;
  Id<User> account;
  std::string role;
  std::chrono::sys_time<std::chrono::milliseconds> created_at;
  std::chrono::sys_time<std::chrono::milliseconds> seen_at;
  Maybe<std::chrono::sys_time<std::chrono::milliseconds>> disabled_at;
};
}  // namespace

Task<std::vector<SessionStore::Living>> SessionStore::living(const std::vector<StoredId>& ids) {
  const auto rows = co_await database_.all<LivingRow>(
      "SELECT s.id, s.account, u.role, s.created_at, s.seen_at, u.disabled_at "
      "FROM sallyport_sessions AS s JOIN sallyport_users AS u ON u.id = s.account WHERE s.id IN (?...)"_own,
      ids);
  const Time at = now();
  std::vector<Living> found;
  for (const LivingRow& row : rows) {
    if (valid(row, at)) found.push_back({row.id, row.account, row.role});
  }
  co_return found;
}

// Clean-up during a request that only reads: when the writer's queue is full, it is left for a later request.
Task<void> SessionStore::record_use(const StoredId& id, Time now) {
  try {
    co_await database_.run("UPDATE sallyport_sessions SET seen_at = ? WHERE id = ? AND seen_at < ?"_own, now, id, now);
  } catch (const Overloaded&) {
  } catch (const DatabaseError&) {
  }
}

// As above: a session that is not valid stays so, deleted or not.
Task<void> SessionStore::drop(const StoredId& id) {
  try {
    co_await database_.run("DELETE FROM sallyport_sessions WHERE id = ?"_own, id);
  } catch (const Overloaded&) {
  } catch (const DatabaseError&) {
  }
}

Task<std::string> SessionStore::begin(Id<User> user, std::string_view old_cookie_value) {
  SessionSecret secret;
  crypto::random_bytes(secret);
  const StoredId id = mac_.sign(secret);
  const std::optional<StoredId> old = stored_id(old_cookie_value);
  const Time at = now();
  const Time last_use = at - idle_;
  const std::uint32_t others = per_account_ - 1;
  const Time oldest = at - absolute_;
  co_await database_.transaction([&](Transaction& tx) {
    // What a visitor has put into the session goes on, under the new id. That of another account does not.
    if (old)
      tx.run(
          "UPDATE sallyport_session_data SET session = ?, anonymous = 0 WHERE session = ? AND "
          "((anonymous = 1 AND seen_at > ? AND created_at > ?) OR EXISTS (SELECT 1 FROM sallyport_sessions AS s "
          "WHERE s.id = session AND s.account = ? AND s.seen_at > ? AND s.created_at > ?))"_own,
          id, *old, last_use, oldest, user, last_use, oldest);
    if (old) tx.run("DELETE FROM sallyport_sessions WHERE id = ?"_own, *old);
    tx.run(
        "DELETE FROM sallyport_sessions WHERE id IN (SELECT id FROM sallyport_sessions WHERE account = ? "
        "ORDER BY seen_at DESC, created_at DESC LIMIT -1 OFFSET ?)"_own,
        user, others);
    // Deletes a few ended sessions with each new one, in the same transaction, so that the table does not grow with
    // them. (One past its absolute limit is refused, so it becomes idle in its turn.)
    tx.run(
        "DELETE FROM sallyport_sessions WHERE id IN (SELECT id FROM sallyport_sessions WHERE seen_at <= ? LIMIT 20)"_own,
        last_use);
    tx.run("INSERT INTO sallyport_sessions (id, account, created_at, seen_at) VALUES (?, ?, ?, ?)"_own, id, user, at,
           at);
  });
  co_return crypto::encode_base64url(secret);
}

Task<void> SessionStore::end(std::string_view cookie_value) {
  const std::optional<StoredId> id = stored_id(cookie_value);
  if (id) co_await database_.run("DELETE FROM sallyport_sessions WHERE id = ?"_own, *id);
}

Task<std::int64_t> SessionStore::end_all(Id<User> user) {
  co_return co_await database_.run("DELETE FROM sallyport_sessions WHERE account = ?"_own, user);
}

}  // namespace sallyport::identity
