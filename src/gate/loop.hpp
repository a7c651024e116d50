// What the requests of one event loop share: its log, its clock, its deadlines, its exchanges, and the Date field.
#pragma once

#include "base/byte_buffer.hpp"
#include "gate/exchange_pool.hpp"
#include "net/loop.hpp"
#include "ops/log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace sallyport::gate {

/// What a site keeps of one loop.
class LoopPart {
 public:
  LoopPart() = default;
  LoopPart(const LoopPart&) = delete;
  LoopPart& operator=(const LoopPart&) = delete;
  virtual ~LoopPart() = default;
};

class Loop {
 public:
  Loop(net::Loop& the_events, ops::LogBuffer& the_log)
      : events(the_events), clock(the_events.clock), wheel(the_events.wheel), log(the_log) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  net::Loop& events;
  const base::Clock& clock;
  base::TimingWheel& wheel;
  ops::LogBuffer& log;
  ExchangePool exchanges;
  std::unique_ptr<LoopPart> of_site;  ///< made by the site that it serves, when it first needs one
  base::ByteBuffer spare_output;      ///< memory for the next answer of a connection that has none; empty

  /// The whole Date field line (RFC 9110 5.6.7, 6.6.1), formatted once per second.
  [[nodiscard]] std::string_view date_field();
  /// The field's value.
  [[nodiscard]] std::string_view date();

 private:
  std::int64_t date_second_ = -1;
  static constexpr std::size_t date_offset = 6;
  std::array<char, date_offset + 29 + 2> date_line_{};
};

}  // namespace sallyport::gate
