// What an exchange needs of the event loop it runs on.
#pragma once

#include <sallyport/job.hpp>

#include "ops/clock.hpp"
#include "ops/log.hpp"

#include <string_view>

namespace sallyport::gate {

class Loop {
 public:
  Loop(const ops::Clock& the_clock, ops::LogBuffer& the_log) : clock(the_clock), log(the_log) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Has `job.finish()` called on this loop's thread; from any thread, never blocks.
  virtual void post(detail::Job& job) noexcept = 0;

  const ops::Clock& clock;
  ops::LogBuffer& log;

  /// The whole Date field line (RFC 9110 5.6.7, 6.6.1), formatted once per second.
  [[nodiscard]] std::string_view date_field();

 protected:
  ~Loop() = default;

 private:
  std::int64_t date_second_ = -1;
  char date_text_[37]{};
};

}  // namespace sallyport::gate
