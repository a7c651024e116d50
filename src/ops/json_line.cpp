// Putting log lines together.
#include "ops/json_line.hpp"

#include <algorithm>
#include <charconv>

#include "base/json_text.hpp"

namespace sallyport::ops {
namespace {

constexpr std::string_view severity_name(Severity severity) noexcept {
  switch (severity) {
    case Severity::debug:
      return "debug";
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

}  // namespace

JsonLine::JsonLine(std::string_view timestamp, Severity severity, EventName event,
                   std::string_view constant_members) noexcept
    : severity_(severity) {
  put("{\"ts\":\"");
  put(timestamp);
  put("\",\"sev\":\"");
  put(severity_name(severity));
  put("\",\"event\":\"");
  put(event.text());
  put("\"");
  if (!constant_members.empty() && constant_members.size() <= max_value) put(constant_members);
}

void JsonLine::put_string(std::string_view value) noexcept {
  char* out = buffer_.data() + size_;
  *out++ = '"';
  const std::size_t space = std::min(limit_ - size_ - 2 - ellipsis.size(), max_value);
  const base::EscapedJson done = base::escape_json_line(value, {out, space});
  out += done.written;
  if (done.read < value.size()) {
    out += ellipsis.copy(out, ellipsis.size());
    truncated_ = true;
  }
  *out++ = '"';
  size_ = static_cast<std::size_t>(out - buffer_.data());
}

void JsonLine::put_number(std::int64_t value) noexcept {
  char* place = buffer_.data() + size_;
  size_ += static_cast<std::size_t>(std::to_chars(place, place + longest_number, value).ptr - place);
}

void JsonLine::put_number(std::uint64_t value) noexcept {
  char* place = buffer_.data() + size_;
  if (value < 10) {
    *place = static_cast<char>('0' + value);
    ++size_;
    return;
  }
  size_ += static_cast<std::size_t>(std::to_chars(place, place + longest_number, value).ptr - place);
}

std::string_view JsonLine::finish() noexcept {
  if (buffer_[size_ - 1] != '\n') {
    put(truncated_ ? tail : std::string_view{"}\n"});
    limit_ = size_;
  }
  return {buffer_.data(), size_};
}

}  // namespace sallyport::ops
