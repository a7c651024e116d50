// SessionData: what an application keeps in sessions, those of visitors who have not signed in included.
#pragma once

#include <sallyport/db.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "crypto/mac.hpp"
#include "crypto/purposes.hpp"
#include "ops/settings.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::identity {

/// In the database, beside the sessions (session_store.hpp), and under the same cookie: of a session that somebody has signed in to it lives
/// as long as that; of a visitor's, which is no more than its data, until it was not used for `idle_minutes`, or `absolute_hours` after it
/// began. What throws, throws as `Db` does.
class SessionData {
 public:
  /// The most that is kept under one name, in bytes of JSON.
  static constexpr std::size_t max_size = 8192;

  SessionData(Db& database, const crypto::Key<crypto::purpose::SessionMac>& key, const ops::SessionSettings& settings,
              const base::Clock& clock)
      : database_(database),
        mac_(key),
        idle_(settings.idle_minutes),
        absolute_(settings.absolute_hours),
        clock_(clock) {}

  struct Found {
    std::string text;
    bool use_is_due = false;  ///< `record_use` has to be called: its last use is a minute old
  };
  /// What is kept under `name`; no query where there is no cookie.
  [[nodiscard]] Task<Maybe<Found>> read(std::string_view cookie_value, std::string_view name);
  /// A visitor has come. When the writer's queue is full, it is left for a later request.
  Task<void> record_use(std::string_view cookie_value);

  /// Changes what is kept under `name`, in one transaction with reading it, so that no change of another request is lost: `make_change(object,
  /// text)` is called on the database's thread with what is kept, empty for nothing, and leaves there what is to be kept; empty removes it.
  /// Answers the cookie value of a session that this has begun; empty: the cookie's goes on, or nothing was kept. Longer than `max_size`
  /// throws a `Problem` (413).
  [[nodiscard]] Task<std::string> change(std::string_view cookie_value, std::string_view name,
                                         void (*make_change)(void* object, std::string& text), void* object);

 private:
  using StoredId = crypto::HmacSha256::Tag;
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;

  [[nodiscard]] std::optional<StoredId> stored_id(std::string_view cookie_value) const;
  [[nodiscard]] Time now() const noexcept { return std::chrono::floor<std::chrono::milliseconds>(clock_.wall()); }

  Db& database_;
  const crypto::HmacSha256 mac_;
  const std::chrono::minutes idle_;
  const std::chrono::hours absolute_;
  const base::Clock& clock_;
};

}  // namespace sallyport::identity
