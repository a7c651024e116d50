// The heads of HTTP/2 requests: their fields become the checked model that HTTP/1.1 has.
#pragma once

#include "http/http1_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::http {

/// What became of a head: 200, or the rule that it broke and the status to answer with. Status 0: the request is malformed as RFC
/// 9113 8.1.1 means it, and gets a stream error of type PROTOCOL_ERROR instead of an answer.
using HeadVerdict = ErrorInfo;

/// Collects the field lines of one request, then its trailers.
///
/// What is HTTP/2's own (pseudo-header fields, lower case, no connection-specific fields) is judged here, field by field. The request is then
/// written down as the HTTP/1.1 head that it stands for and read by that parser: both protocols have the same rules on methods, targets,
/// hosts, lengths and limits, because it is the same code. No byte that could end a line or a part of one gets that far.
///
/// The head's views point into this object. It keeps its memory for the next request.
class Http2Head {
 public:
  explicit Http2Head(const HeadLimits& limits) noexcept : limits_(limits) {}
  Http2Head(const Http2Head&) = delete;
  Http2Head& operator=(const Http2Head&) = delete;

  /// A new request.
  void begin() noexcept;
  /// One field line, as HPACK gave it. Nothing is kept once a rule has been broken.
  void add(std::string_view name, std::string_view value);
  /// That was all. `ended`: the request has no body. `out` is meaningful only with status 200.
  [[nodiscard]] HeadVerdict finish(RequestHead& out, bool ended);

  /// What follows are trailers: judged by the same rules, and dropped. The head stays as it is.
  void begin_trailers() noexcept;
  [[nodiscard]] HeadVerdict finish_trailers() const noexcept { return verdict_; }

  /// The method was HEAD, whatever else is wrong with the request: its answer has no body.
  [[nodiscard]] bool says_head() const noexcept { return method_ == "HEAD"; }

 private:
  void add_pseudo(std::string_view name, std::string_view value);
  void add_regular(std::string_view name, std::string_view value);
  void set_pseudo(std::string& part, std::uint8_t bit, std::string_view value);
  void add_host(std::string_view value);
  void add_line(std::string_view name, std::string_view value);
  void begin_fields();
  [[nodiscard]] HeadVerdict judge_target() const noexcept;

  const HeadLimits limits_;
  HeadVerdict verdict_{200, {}};
  std::size_t size_ = 0;    // as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 6.5.2)
  std::uint8_t seen_ = 0;   // pseudo-header fields that have been there
  bool in_fields_ = false;  // a regular field has been there
  bool in_trailers_ = false;
  bool host_seen_ = false;
  std::string method_;
  std::string scheme_;
  std::string authority_;
  std::string path_;
  std::string cookie_;  // joined: RFC 9113 8.2.3
  std::string text_;    // the HTTP/1.1 head
};

}  // namespace sallyport::http
