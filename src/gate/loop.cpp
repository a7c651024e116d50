// The cached Date field.
#include "gate/loop.hpp"

#include "http/http_date.hpp"

#include <algorithm>
#include <chrono>

namespace sallyport::gate {

// date_line_ is "Date: ", the date, CR LF; only the date changes.
std::string_view Loop::date_field() {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(clock.wall()).time_since_epoch().count();
  if (second != date_second_) {
    date_second_ = second;
    std::copy_n("Date: ", date_offset, date_line_.begin());
    http::write_http_date(second, std::span(date_line_).subspan<date_offset, http::http_date_size>());
    std::copy_n("\r\n", 2, date_line_.end() - 2);
  }
  return {date_line_.data(), date_line_.size()};
}

std::string_view Loop::date() { return date_field().substr(date_offset, http::http_date_size); }

}  // namespace sallyport::gate
