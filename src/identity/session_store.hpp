// Sessions: which account a cookie belongs to, since when, and until when.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/task.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/mac.hpp"
#include "crypto/purposes.hpp"
#include "identity/session_cookie.hpp"
#include "ops/settings.hpp"

namespace sallyport::detail {
struct Principal;
}

namespace sallyport::identity {

/// The sessions of a service, in its database. A session is named by 32 random bytes, which only the browser's
/// cookie holds: the table has their HMAC. Ids are drawn here and nowhere else: an id that is not in the table is never
/// accepted (session fixation).
///
/// A session ends when it was not used for `idle_minutes`, and `absolute_hours` after it began in any case. Its last
/// use is recorded once a minute, so it may end up to a minute early. What throws, throws as `Db` does.
class SessionStore {
 public:
  SessionStore(Db& database, const crypto::Key<crypto::purpose::SessionMac>& key, const ops::SessionSettings& settings,
               const base::Clock& clock);

  /// Whose session the cookie names; nothing when it names none, one that has ended, or that of a disabled
  /// account. `expired`, if given, becomes true when its time is over. A value that is no session id costs no query.
  [[nodiscard]] Task<std::optional<detail::Principal>> find(std::string_view cookie_value, bool* expired = nullptr);

  /// Begins a session of `user` and answers its cookie value. The session that `old_cookie_value` names is
  /// destroyed, and of more than `per_account` those unused for longest are. Up to 20 ended sessions of any account are deleted with
  /// it. All in one transaction.
  [[nodiscard]] Task<std::string> begin(Id<User> user, std::string_view old_cookie_value);

  /// Destroys the session that the cookie names, if it names one.
  [[nodiscard]] Task<void> end(std::string_view cookie_value);

  /// Destroys all sessions of `user`; answers how many there were.
  [[nodiscard]] Task<std::int64_t> end_all(Id<User> user);

  /// What the table has instead of a cookie's value.
  using StoredId = crypto::HmacSha256::Tag;
  [[nodiscard]] std::optional<StoredId> stored_id(std::string_view cookie_value) const;

  /// A session that has not ended.
  struct Living {
    StoredId id{};
    Id<User> user;
    std::string role;
    friend bool operator==(const Living&, const Living&) = default;
  };
  /// Those of `ids`, at most 100, that have not ended. That they were asked for is no use of them.
  [[nodiscard]] Task<std::vector<Living>> living(const std::vector<StoredId>& ids);

 private:
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;

  struct Row {
    Id<User> id;
    std::string name;
    std::string email;
    std::string role;
    Time created_at;
    Time seen_at;
    Maybe<Time> disabled_at;
  };

  [[nodiscard]] Time now() const noexcept;
  template <class Session>
  [[nodiscard]] bool valid(const Session& session, Time now) const noexcept;
  Task<void> record_use(const StoredId& id, Time now);
  Task<void> drop(const StoredId& id);

  Db& database_;
  const crypto::HmacSha256 mac_;
  const std::chrono::minutes idle_;
  const std::chrono::hours absolute_;
  const std::uint32_t per_account_;
  const base::Clock& clock_;
};

}  // namespace sallyport::identity
