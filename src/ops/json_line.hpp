// One log line as JSON, built in a fixed buffer: always one line, always valid, whatever the strings contain.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sallyport/log.hpp>
#include <sallyport/secret.hpp>

namespace sallyport::ops {

/// How much a line matters. Written as `sev`.
enum class Severity : std::uint8_t { debug, info, warning, error };

/// Every event that is logged: those of the OWASP Logging Vocabulary, and a few of our own for what it does not cover.
inline constexpr std::string_view event_names[] = {
    "authn_login_success", "authn_login_fail", "authn_login_fail_max", "authn_login_lock", "authn_token_revoked",
    "authn_password_change", "authn_token_reuse", "authz_fail", "excess_rate_limit_exceeded", "input_validation_fail",
    "malicious_csrf", "malicious_cors", "malicious_extraneous", "malicious_excess_404", "malicious_csp_violation",
    "session_created", "session_expired", "sys_startup", "sys_shutdown", "user_created", "user_deleted",
    "privilege_permissions_changed",
    // Our own.
    "http_access", "http_error", "http_malformed", "http_cut", "tls_failed", "sys_overload", "sys_reload",
    "sys_takeover", "sys_exposed_file", "sys_waiver", "sys_relaxation", "sys_limit_store", "log_lines_dropped",
    "log_secret_masked", "authn_login_fail_spread", "authn_login_unlock", "authn_signature_fail"};

/// The name of an event, known while compiling: operators search logs for it, so it is always a literal.
class EventName {
 public:
  consteval EventName(const char* name) : name_(name) {  // NOLINT(google-explicit-constructor): written as a literal
    for (const std::string_view known : event_names) {
      if (name_ == known) return;
    }
    throw "LOG-002: no such event: take a name from event_names, or add it there";
  }
  /// An application's, whose name is none of these.
  explicit constexpr EventName(sallyport::LogEvent event) noexcept : name_(event.view()) {}
  [[nodiscard]] constexpr std::string_view text() const noexcept { return name_; }

 private:
  std::string_view name_;
};

/// The name of a member, known while compiling. Names of what must never be in a log are refused.
class LogKey {
 public:
  consteval LogKey(const char* name) : name_(name) {  // NOLINT(google-explicit-constructor): written as a literal
    if (name_.empty() || name_.size() > 32) throw "LOG-003: a log key has 1 to 32 characters";
    for (const char c : name_) {
      if (!((c >= 'a' && c <= 'z') || c == '_')) throw "LOG-003: a log key is lower case letters and underscores";
    }
    for (const std::string_view own : {"ts", "sev", "event", "app", "ver"}) {
      if (name_ == own) throw "LOG-003: this key is written by the log itself";
    }
    for (const std::string_view secret :
         {"authorization", "cookie", "set_cookie", "password", "token", "secret", "key", "body", "query", "session"}) {
      if (name_ == secret) throw "LOG-003: this is never logged: log who, what and why, not the value";
    }
  }
  explicit LogKey(const sallyport::LogField& field) noexcept : name_(field.key()) {}
  [[nodiscard]] constexpr std::string_view text() const noexcept { return name_; }

 private:
  std::string_view name_;
};

/// A line under construction. Texts are escaped as base/json_text.hpp says for a line. Members appear in the order added; a value over `max_value` bytes is cut and ends in `…`; what
/// does not fit the line is left out; either way the line ends with `"truncated":true`.
class JsonLine {
 public:
  static constexpr std::size_t max_line = 2048;  ///< bytes, the line feed included
  static constexpr std::size_t max_value = 512;  ///< bytes of one escaped string

  /// `timestamp` is trusted text; `constant_members` is trusted JSON, either empty or of the form `,"app":"notes"`.
  JsonLine(std::string_view timestamp, Severity severity, EventName event,
           std::string_view constant_members = {}) noexcept;

  JsonLine& text(LogKey key, std::string_view value) noexcept {
    if (open_member(key, 2 + ellipsis.size())) put_string(value);
    return *this;
  }
  /// The same for what is known to be ASCII with nothing to escape, and short: an id, an address, a token.
  JsonLine& plain(LogKey key, std::string_view value) noexcept {
    if (!open_member(key, 2 + value.size())) return *this;
    put("\"");
    put(value);
    put("\"");
    return *this;
  }
  JsonLine& number(LogKey key, std::integral auto value) noexcept {
    if (!open_member(key, longest_number)) return *this;
    if constexpr (std::signed_integral<decltype(value)>) {
      put_number(static_cast<std::int64_t>(value));
    } else {
      put_number(static_cast<std::uint64_t>(value));
    }
    return *this;
  }
  JsonLine& flag(LogKey key, bool value) noexcept {
    if (open_member(key, 5)) put(value ? "true" : "false");
    return *this;
  }

  template <detail::SecretType T>
  JsonLine& text(LogKey, const T&) noexcept {
    static_assert(!detail::SecretType<T>,
                  "LOG-001: a secret is never logged: log the id of its owner or of the key instead");
    return *this;
  }
  template <detail::SecretType T>
  JsonLine& number(LogKey, const T&) noexcept {
    static_assert(!detail::SecretType<T>,
                  "LOG-001: a secret is never logged: log the id of its owner or of the key instead");
    return *this;
  }

  /// The finished line with its line feed. Nothing can be added after.
  [[nodiscard]] std::string_view finish() noexcept;
  [[nodiscard]] Severity severity() const noexcept { return severity_; }

 private:
  static constexpr std::string_view tail = ",\"truncated\":true}\n";
  static constexpr std::string_view ellipsis = "\xe2\x80\xa6";
  static constexpr std::size_t longest_number = 20;  // of 64 bits, in decimal

  // Inline, so that the copies of literals become a few instructions each.
  [[gnu::always_inline]] void put(std::string_view text) noexcept {
    size_ += text.copy(buffer_.data() + size_, text.size());
  }
  /// Writes `,"key":` when it and a value of that size fit; otherwise marks the line as truncated.
  [[gnu::always_inline]] bool open_member(LogKey key, std::size_t value_size) noexcept {
    if (key.text().size() + 4 + value_size > limit_ - size_) {
      truncated_ = true;
      return false;
    }
    char* out = buffer_.data() + size_;
    *out++ = ',';
    *out++ = '"';
    out += key.text().copy(out, key.text().size());
    *out++ = '"';
    *out++ = ':';
    size_ += key.text().size() + 4;
    return true;
  }
  void put_string(std::string_view value) noexcept;
  void put_number(std::uint64_t value) noexcept;
  void put_number(std::int64_t value) noexcept;

  std::size_t size_ = 0;
  std::size_t limit_ = max_line - tail.size();  // for members; none fit a finished line
  Severity severity_;
  bool truncated_ = false;
  std::array<char, max_line> buffer_;
};

}  // namespace sallyport::ops
