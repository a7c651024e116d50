// Misuse: ends the one request whose code used a thing of the library as the compiler could not forbid.
#pragma once

#include <sallyport/job.hpp>

#include <exception>
#include <string_view>
#include <utility>

namespace sallyport::detail {

/// What is thrown then. No std::exception, so that an application's `catch (const std::exception&)` does not answer for it; a
/// `catch (...)` does not either, since the request has noted it before it was thrown.
class Misuse final {
 public:
  explicit Misuse(const char* what) noexcept : what_(what) {}
  [[nodiscard]] const char* what() const noexcept { return what_; }

 private:
  const char* what_;
};

/// Ends the request: 500, and one line in the log that holds `what` and `detail`, which are literals of a program. Where no request would
/// say it (before the service has started, on a thread of the application's own, in a destructor of a request that has been given up), it
/// is written to standard error first, since what is thrown then may end the process.
[[noreturn]] void misused(const char* what, std::string_view detail = {});

/// Called by the destructor of what has to be awaited, when it was not. Quiet where the request has ended, by its client or by
/// an exception.
inline void never_awaited(const char* what, std::string_view detail = {}) noexcept {
  if (current_context && std::uncaught_exceptions() == 0) {
    current_context->note_misuse({what, detail, false});
  }
}

/// A member of what somebody has to look at: where nobody did, the request ends with 500. Quiet where an exception has ended it already.
class ToBeLookedAt {
 public:
  explicit ToBeLookedAt(const char* what) noexcept : what_(what) {}
  ToBeLookedAt(ToBeLookedAt&& other) noexcept : what_(std::exchange(other.what_, nullptr)) {}
  ToBeLookedAt& operator=(ToBeLookedAt&& other) noexcept {
    if (this != &other) {
      tell();
      what_ = std::exchange(other.what_, nullptr);
    }
    return *this;
  }
  ToBeLookedAt(const ToBeLookedAt&) = delete;
  ToBeLookedAt& operator=(const ToBeLookedAt&) = delete;
  ~ToBeLookedAt() { tell(); }

  void looked_at() const noexcept { what_ = nullptr; }

 private:
  void tell() const noexcept {
    if (what_ && current_context && std::uncaught_exceptions() == 0) current_context->note_misuse({what_, {}});
  }
  mutable const char* what_;  // null: somebody did, or it was moved from
};

}  // namespace sallyport::detail
