// Answers of other servers over HTTP/1.1: their heads, and where their bodies end. For the client, and for whatever passes answers on.
#pragma once

#include "http/chunked_decoder.hpp"
#include "http/header_fields.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace sallyport::http {

/// What was asked, as far as it decides how the answer ends (RFC 9112 6.3).
enum class Asked : std::uint8_t { other, head, connect };

/// Where the body of an answer ends. `until_close`: with the connection.
enum class ResponseFraming : std::uint8_t { none, length, chunked, until_close };

/// A head that passed every rule. All views point into the bytes given to `parse_response_head` and die with them.
class ResponseHead : public HeaderFields {
 public:
  int status = 0;                  ///< 100 to 599
  std::uint8_t minor_version = 1;  ///< 0 or 1: HTTP/1.0 or HTTP/1.1 (or a later 1.x)
  ResponseFraming framing = ResponseFraming::none;
  bool keep_alive = false;           ///< RFC 9112 9.3, and nothing about the answer is odd
  std::uint64_t content_length = 0;  ///< bytes, below 10^18; with HEAD and 304 those of the answer to a GET
  std::string_view reason;           ///< may hold bytes >= 0x80: as opaque as a field's value

  /// User-provided on purpose: see HeaderFields.
  ResponseHead() noexcept {}  // NOLINT(modernize-use-equals-default)

  /// 1xx: another head follows.
  [[nodiscard]] bool interim() const noexcept { return status < 200; }
  /// Moves every view from the bytes at `from` to a copy of them at `to`.
  void rebase(const char* from, const char* to) noexcept;
};

/// Caps, each tested at n (accepted) and n + 1 (refused).
struct ResponseLimits {
  std::size_t status_line = 1024;  ///< bytes without CRLF
  std::size_t total = 32'768;      ///< bytes of one whole head
  std::size_t fields = 100;        ///< field lines, at most `HeaderFields::max_fields`
  std::size_t interim = 8;         ///< heads of 1xx before the answer's own
  std::uint64_t body =
      std::numeric_limits<std::uint64_t>::max();  ///< bytes of content; a length announced beyond it is refused at once
};

/// `rule` is a static text, empty unless it is an error.
struct ResponseParse {
  enum class State : std::uint8_t { complete, incomplete, error };
  State state = State::incomplete;
  std::string_view rule;
  std::size_t consumed = 0;  ///< with `State::complete`: the size of the head

  friend bool operator==(const ResponseParse&, const ResponseParse&) = default;
};

/// Reads one head from the start of `bytes`.
///
/// Pure, does not allocate, does not read past the view, linear in its size. `out` is meaningful only after `complete`. `already_scanned`: as
/// for `parse_request_head`.
///
/// Field lines have the rules of requests: CRLF only, no obs-fold, no blank before a colon, no repeated Content-Length (not even an
/// equal one), no Transfer-Encoding but one `chunked`, none in HTTP/1.0, none beside a Content-Length. No empty line goes before a status
/// line. HTTP/1.2 to 1.9 are read as 1.1; other protocols and majors are refused. The blank before an empty reason may be missing.
[[nodiscard]] ResponseParse parse_response_head(std::string_view bytes, ResponseHead& out, Asked asked = Asked::other,
                                                const ResponseLimits& limits = {},
                                                std::size_t already_scanned = 0) noexcept;

namespace scalar {
/// The same function one byte at a time: the reference that tests and fuzzing compare the fast one with.
[[nodiscard]] ResponseParse parse_response_head(std::string_view bytes, ResponseHead& out, Asked asked = Asked::other,
                                                const ResponseLimits& limits = {},
                                                std::size_t already_scanned = 0) noexcept;
}  // namespace scalar

/// One answer as a row of events, however its bytes are cut:
///
///     for (;;) {
///       const auto event = reader.read(unread);          // all that was received and not consumed yet
///       if (event.state == State::need_more) …           // receive more behind it; at its end: reader.end_of_input(unread)
///       …                                                // a head's views are good until the bytes move
///       unread.remove_prefix(event.consumed);
///     }
///
/// Does not allocate. After `ended` or `error` it is used no more: the next answer has a reader of its own.
class ResponseReader {
 public:
  enum class State : std::uint8_t {
    need_more,  ///< the answer goes on; what was not consumed has to be there again
    interim,    ///< the head of a 1xx
    head,       ///< the answer's own head
    data,       ///< `data` (not empty, a view into the input) is content
    ended,      ///< the answer is whole; what follows is not of it
    error,      ///< final: the connection can't be used any more
  };
  struct Event {
    State state = State::need_more;
    std::string_view rule;  ///< a static text, with `error`
    std::size_t consumed = 0;
    std::string_view data;
  };

  explicit ResponseReader(Asked asked = Asked::other, const ResponseLimits& limits = {}) noexcept
      : asked_(asked), limits_(limits) {}

  [[nodiscard]] Event read(std::string_view bytes) noexcept;
  /// The peer has closed the connection in the proper way, and `unread` is what `read` has left: `ended` where that ends the answer, else
  /// `error`.
  [[nodiscard]] Event end_of_input(std::string_view unread) noexcept;

  /// From `head` on.
  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }
  /// Any byte of an answer was there, of a 1xx too.
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// After `ended`: another request may be sent on the connection, provided that nothing is unread.
  [[nodiscard]] bool reusable() const noexcept { return ended_ && head_.keep_alive && !odd_; }

 private:
  [[nodiscard]] Event read_head(std::string_view bytes) noexcept;
  [[nodiscard]] Event fail(std::string_view rule) noexcept;
  [[nodiscard]] Event end(std::size_t consumed) noexcept;
  [[nodiscard]] Event content(std::string_view data) noexcept;

  const Asked asked_;
  const ResponseLimits limits_;
  ResponseHead head_;
  ChunkedDecoder chunks_;
  std::size_t scanned_ = 0;
  std::size_t interim_ = 0;
  std::uint64_t received_ = 0;  // bytes of content
  std::string_view failure_;
  bool begun_ = false;
  bool in_body_ = false;
  bool ended_ = false;
  bool odd_ = false;  // a 1xx announced a body
};

}  // namespace sallyport::http
