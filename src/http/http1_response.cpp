// Heads of answers, and the events of a whole one.
#include "http/http1_response.hpp"

#include "base/character_class.hpp"
#include "http/field_lines.hpp"
#include "http/head_scan.hpp"

#include <algorithm>
#include <cstring>

namespace sallyport::http {
namespace {

constexpr std::size_t version_size = 8;  // HTTP/1.1
constexpr std::size_t shortest_line = version_size + 4;

namespace rules {
constexpr std::string_view status_line = "response/status_line";
constexpr std::string_view version = "response/version";
constexpr std::string_view status = "response/status";
constexpr std::string_view reason = "response/reason_byte";
constexpr std::string_view line_too_long = "limit/status_line";
constexpr std::string_view interim = "limit/interim";
constexpr std::string_view body = "limit/body";
constexpr std::string_view switched = "response/switched_protocols";
constexpr std::string_view none = "response/none";
constexpr std::string_view cut = "response/cut";
}  // namespace rules

// Types of this file: see http1_parser.cpp.
struct Blocks : detail::BlockScan {};
struct SingleBytes : detail::ByteScan {};

template <class Scan>
class ResponseParser final : public FieldLines<ResponseParser<Scan>, Scan> {
  using Lines = FieldLines<ResponseParser<Scan>, Scan>;

 public:
  ResponseParser(std::string_view bytes, ResponseHead& out, Asked asked, const ResponseLimits& limits) noexcept
      : Lines{bytes, out, limits.total, limits.fields},
        out_{out},
        asked_{asked},
        max_line_{std::max(limits.status_line, shortest_line)} {}

  ResponseParse parse(std::size_t already_scanned) noexcept {
    const ParseResult result = this->run(already_scanned);
    switch (result.state) {
      case ParseResult::State::complete:
        return {ResponseParse::State::complete, {}, result.consumed};
      case ParseResult::State::incomplete:
        return {};
      case ParseResult::State::error:
        break;
    }
    return {ResponseParse::State::error, rule_.empty() ? rule_name(result.error) : rule_, 0};
  }

 private:
  friend Lines;
  using Lines::end_;
  using Lines::line_end;
  using Lines::size;
  using Lines::starved;
  using typename Lines::Position;

  Position fail(std::string_view rule) noexcept {
    rule_ = rule;
    return Lines::fail(ParseError::version_syntax);  // any: the rule is told by its name
  }

  Position head(Position p) noexcept {
    if (p = status_line(p); p == nullptr) return nullptr;
    if (p = this->field_lines(p); p == nullptr) return nullptr;
    frame();
    return p;
  }

  // HTTP-version SP 3DIGIT SP [reason] CRLF (RFC 9112 4). Many servers leave the second blank out where there is no reason.
  Position status_line(Position line) noexcept {
    constexpr std::string_view shape = "HTTP/d.d ddd";
    static_assert(shape.size() == shortest_line);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (line + i == end_) return starved;
      const char c = line[i];
      if (shape[i] == 'd' ? !base::is_digit(c) : c != shape[i]) {
        return fail(i > version_size ? rules::status : rules::status_line);
      }
      if (i == 5 && c != '1') return fail(rules::version);
      if (i == 9 && (c < '1' || c > '5')) return fail(rules::status);
    }
    out_.minor_version = line[7] == '0' ? 0 : 1;
    out_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    Position p = line + shape.size();
    if (p == end_) return starved;
    out_.reason = {};
    if (*p == ' ') {
      const Position begin = ++p;
      const Position room = line + std::min(size(line, end_), max_line_ + 1);
      p = begin < room ? Scan::value_end(begin, room) : begin;
      out_.reason = {begin, size(begin, p)};
      if (size(line, p) > max_line_) return fail(rules::line_too_long);
      if (p == end_) return starved;
      if (*p != '\r' && *p != '\n') return fail(rules::reason);
    } else if (*p != '\r' && *p != '\n') {
      return fail(rules::status);
    }
    return line_end(p);
  }

  ParseError message_field(KnownHeader header, std::string_view raw, std::string_view value) noexcept {
    switch (header) {
      case KnownHeader::content_length:
        return this->content_length(raw, value);
      case KnownHeader::transfer_encoding:
        return this->transfer_encoding(raw, value, out_.minor_version == 0);
      case KnownHeader::connection:
        this->connection(value);
        return ParseError::none;
      default:  // Host and Expect mean nothing here
        return ParseError::none;
    }
  }

  // RFC 9112 6.3, in its order.
  void frame() noexcept {
    const bool has_length = out_.has(KnownHeader::content_length);
    const bool has_coding = out_.has(KnownHeader::transfer_encoding);
    const bool tunnel = asked_ == Asked::connect && out_.status >= 200 && out_.status < 300;
    const bool never_has_body = out_.status < 200 || out_.status == 204 || tunnel;
    out_.content_length = this->length_;
    // Others may go by a length that must not be there (RFC 9110 8.6): no second message on such a connection.
    const bool odd = never_has_body && (has_coding || this->length_ != 0);
    out_.keep_alive = this->stays(out_.minor_version == 0) && !odd && !tunnel;
    if (never_has_body || asked_ == Asked::head || out_.status == 304) {
      out_.framing = ResponseFraming::none;
    } else if (has_coding) {
      out_.framing = ResponseFraming::chunked;
    } else if (has_length) {
      out_.framing = ResponseFraming::length;
    } else {
      out_.framing = ResponseFraming::until_close;
      out_.keep_alive = false;
    }
  }

  ResponseHead& out_;
  const Asked asked_;
  const std::size_t max_line_;
  std::string_view rule_;
};

}  // namespace

void ResponseHead::rebase(const char* from, const char* to) noexcept {
  if (reason.data() != nullptr) reason = {to + (reason.data() - from), reason.size()};
  rebase_fields(from, to);
}

ResponseParse parse_response_head(std::string_view bytes, ResponseHead& out, Asked asked, const ResponseLimits& limits,
                                  std::size_t already_scanned) noexcept {
  return ResponseParser<Blocks>{bytes, out, asked, limits}.parse(already_scanned);
}

ResponseParse scalar::parse_response_head(std::string_view bytes, ResponseHead& out, Asked asked,
                                          const ResponseLimits& limits, std::size_t already_scanned) noexcept {
  return ResponseParser<SingleBytes>{bytes, out, asked, limits}.parse(already_scanned);
}

// --- A whole answer

ResponseReader::Event ResponseReader::fail(std::string_view rule) noexcept {
  failure_ = rule;
  return {State::error, rule, 0, {}};
}

ResponseReader::Event ResponseReader::end(std::size_t consumed) noexcept {
  ended_ = true;
  return {State::ended, {}, consumed, {}};
}

ResponseReader::Event ResponseReader::content(std::string_view data) noexcept {
  received_ += data.size();
  return {State::data, {}, data.size(), data};
}

ResponseReader::Event ResponseReader::read_head(std::string_view bytes) noexcept {
  if (bytes.empty()) return {};
  begun_ = true;
  const ResponseParse parsed = parse_response_head(bytes, head_, asked_, limits_, scanned_);
  if (parsed.state == ResponseParse::State::incomplete) {
    scanned_ = bytes.size();
    return {};
  }
  if (parsed.state == ResponseParse::State::error) return fail(parsed.rule);
  scanned_ = 0;
  if (head_.interim()) {
    if (head_.status == 101) return fail(rules::switched);  // nobody has asked for another protocol
    if (++interim_ > limits_.interim) return fail(rules::interim);
    odd_ |= head_.has(KnownHeader::transfer_encoding) || head_.content_length != 0;
    return {State::interim, {}, parsed.consumed, {}};
  }
  if (head_.framing == ResponseFraming::length && head_.content_length > limits_.body) return fail(rules::body);
  in_body_ = true;
  return {State::head, {}, parsed.consumed, {}};
}

ResponseReader::Event ResponseReader::read(std::string_view bytes) noexcept {
  if (!failure_.empty()) return fail(failure_);
  if (ended_) return end(0);
  if (!in_body_) return read_head(bytes);
  switch (head_.framing) {
    case ResponseFraming::none:
      return end(0);
    case ResponseFraming::length: {
      const std::uint64_t left = head_.content_length - received_;
      if (left == 0) return end(0);
      if (bytes.empty()) return {};
      return content(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()))));
    }
    case ResponseFraming::until_close: {
      if (bytes.empty()) return {};
      const std::uint64_t left = limits_.body - received_;
      if (left == 0) return fail(rules::body);
      return content(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()))));
    }
    case ResponseFraming::chunked:
      break;
  }
  const ChunkedDecoder::Piece piece = chunks_.feed(bytes);
  switch (piece.state) {
    case ChunkedDecoder::State::data: {
      // What the chunk announces counts: a giant is refused before it comes.
      const std::uint64_t left = limits_.body - received_;
      if (piece.data.size() > left || chunks_.chunk_remaining() > left - piece.data.size()) return fail(rules::body);
      Event event = content(piece.data);
      event.consumed = piece.consumed;
      return event;
    }
    case ChunkedDecoder::State::done:
      return end(piece.consumed);
    case ChunkedDecoder::State::need_more:
      return {State::need_more, {}, piece.consumed, {}};
    case ChunkedDecoder::State::error:
      break;
  }
  return fail(rule_name(piece.error));
}

ResponseReader::Event ResponseReader::end_of_input(std::string_view unread) noexcept {
  if (!failure_.empty()) return fail(failure_);
  if (ended_) return end(0);
  if (!begun_ && unread.empty()) return fail(rules::none);
  return in_body_ && head_.framing == ResponseFraming::until_close ? end(0) : fail(rules::cut);
}

}  // namespace sallyport::http
