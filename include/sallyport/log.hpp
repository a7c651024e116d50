// Log: the lines that an application writes to the service's log.
#pragma once

#include <sallyport/database_error.hpp>
#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/id.hpp>
#include <sallyport/secret.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace sallyport {

namespace detail {

struct Admit;

/// Beginnings of the names of the library's own events: an application's event can't be taken for one of them.
inline constexpr std::string_view own_events[] = {"authn_", "authz_",     "excess_",    "http_",      "input_",
                                                  "log_",   "malicious_", "privilege_", "sensitive_", "session_",
                                                  "sys_",   "tls_",       "user_"};
/// Members that the library writes itself, or that never are in a log.
inline constexpr std::string_view own_keys[] = {"ts",     "sev",  "event",   "app",   "ver",     "by",     "run",
                                                "req",    "src",  "method",  "route", "handler", "status", "reason",
                                                "detail", "mode", "account", "whose", "user"};
inline constexpr std::string_view secret_keys[] = {"authorization", "cookie", "set_cookie", "password", "token",
                                                   "secret",        "key",    "body",       "query",    "session"};

consteval bool is_log_word(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || c == '_')) return false;
  }
  return !name.empty() && name.size() <= 32;
}

}  // namespace detail

/// The name of an application's event: a literal, since operators search logs for it.
class LogEvent {
 public:
  template <std::size_t N>
  consteval LogEvent(const char (&name)[N])
      : name_(name) {  // NOLINT(google-explicit-constructor): written as a literal
    if (!detail::is_log_word(name_.view()))
      throw "LOG-004: the name of an event is lower case letters and '_', 32 at most";
    for (const std::string_view own : detail::own_events) {
      if (name_.view().starts_with(own))
        throw "LOG-004: names that begin so are the library's own events: call it otherwise";
    }
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return name_.view(); }

 private:
  detail::LiteralText name_;
};

/// What one member of an application's line is called and what it holds.
class LogField {
 public:
  /// A member's name: a literal.
  class Key {
   public:
    template <std::size_t N>
    consteval Key(const char (&name)[N]) : name_(name) {  // NOLINT(google-explicit-constructor): written as a literal
      if (!detail::is_log_word(name_.view()))
        throw "LOG-003: a log key is lower case letters and underscores, 32 at most";
      for (const std::string_view own : detail::own_keys) {
        if (name_.view() == own) throw "LOG-003: this key is written by the log itself";
      }
      for (const std::string_view secret : detail::secret_keys) {
        if (name_.view() == secret) throw "LOG-003: this is never logged: log who, what and why, not the value";
      }
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return name_.view(); }

   private:
    detail::LiteralText name_;
  };

  /// A number, a bool, a text, an id or an enum (by name). Secrets do not compile.
  template <class T>
  LogField(Key key, const T& value) : key_(key) {
    static_assert(!detail::SecretType<T>,
                  "LOG-001: a secret is never logged: log the id of its owner or of the key instead");
    if constexpr (detail::SecretType<T>) {
    } else if constexpr (std::same_as<T, bool>) {
      kind_ = Kind::flag;
      number_ = value ? 1 : 0;
    } else if constexpr (std::is_enum_v<T>) {
      text_ = detail::enum_name(value);
    } else if constexpr (std::is_integral_v<T>) {
      kind_ = std::is_signed_v<T> ? Kind::number : Kind::unsigned_number;
      number_ = static_cast<std::int64_t>(value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      text_ = std::string_view(value);
    } else if constexpr (requires { std::string(value.text()); }) {
      own_ = value.text();
      text_ = own_;
    } else if constexpr (std::is_floating_point_v<T>) {
      own_ = std::to_string(value);
      text_ = own_;
    } else {
      static_assert(std::is_convertible_v<const T&, std::string_view>,
                    "LOG-005: a log line holds numbers, bools, texts, ids and enums");
    }
  }
  LogField(const LogField&) = delete;
  LogField& operator=(const LogField&) = delete;

  // For the library.
  enum class Kind : std::uint8_t { text, number, unsigned_number, flag };
  [[nodiscard]] std::string_view key() const noexcept { return key_.view(); }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::int64_t number() const noexcept { return number_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  Key key_;
  Kind kind_ = Kind::text;
  std::int64_t number_ = 0;
  std::string own_;
  std::string_view text_;
};

/// A handler's parameter: lines of the application's own in the service's log, one JSON object each, with the request's id and route:
///
///     sp::Task<sp::NoContent> pay(sp::Owned<Order> order, sp::Db& db, sp::Log& log) {
///       …
///       log.info("order_paid", {{"order", order->id}, {"cents", order->cents}});
///
/// It may be used for as long as the request lasts, of a `Stream` or an `EventStream` in every piece, and in the destructors of one whose
/// client has gone. Event and keys are literals; values are escaped, and cut at 512 bytes. What a program prints itself is no such line: see the guide.
class Log {
 public:
  void debug(LogEvent event, std::initializer_list<LogField> fields = {}) {
    write(Level::debug, event, fields, nullptr);
  }
  void info(LogEvent event, std::initializer_list<LogField> fields = {}) { write(Level::info, event, fields, nullptr); }
  void warning(LogEvent event, std::initializer_list<LogField> fields = {}) {
    write(Level::warning, event, fields, nullptr);
  }
  void error(LogEvent event, std::initializer_list<LogField> fields = {}) {
    write(Level::error, event, fields, nullptr);
  }
  /// With the text of an error that was caught, which the program itself can't read.
  void error(LogEvent event, const DatabaseError& cause, std::initializer_list<LogField> fields = {}) {
    write(Level::error, event, fields, &cause);
  }

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

 private:
  friend struct detail::Admit;
  enum class Level : std::uint8_t { debug, info, warning, error };
  explicit Log(detail::TaskContext& request) noexcept : request_(request) {}
  void write(Level level, LogEvent event, std::initializer_list<LogField> fields, const DatabaseError* cause);
  detail::HeldRequest request_;
};

}  // namespace sallyport
