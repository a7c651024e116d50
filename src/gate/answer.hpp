// Answer: what will be sent for a request, before it is bytes.
#pragma once

#include <sallyport/response.hpp>

#include "base/descriptor.hpp"
#include "http/http1_parser.hpp"
#include "limits/connection_counter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::gate {

/// Decides the header set (see headers.cpp).
enum class ResponseClass : std::uint8_t {
  document,
  document_with_scripts,
  document_file,  ///< a page in a folder: without scripts, and revalidated each time
  api,
  asset,            ///< a public file, revalidated each time (`no-cache`)
  immutable_asset,  ///< a public file whose name changes with its content
  private_asset,    ///< a file that a policy guards
  error_page,       ///< the framework's own page for an error, with its style and nothing else
};
inline constexpr std::size_t response_classes = 8;

/// Where a body comes from that does not lie in memory.
enum class BodySource : std::uint8_t {
  memory,  ///< `Answer::bytes()`
  file,    ///< `Answer::file`
  pieces,  ///< `Site::next_piece` makes one after the other
};

/// A part of an open file.
struct FilePart {
  FilePart() = default;
  FilePart(base::Descriptor file, limits::ConnectionCounter::Permit place, std::uint64_t first,
           std::uint64_t bytes) noexcept
      : descriptor(std::move(file)), permit(std::move(place)), offset(first), size(bytes) {}

  base::Descriptor descriptor;
  limits::ConnectionCounter::Permit permit;
  std::uint64_t offset = 0;  ///< of the next byte to send
  std::uint64_t size = 0;    ///< bytes still to send
};

/// A set of rows of `merge_table` (header_merge.hpp), a bit for each.
using MergeRows = std::uint64_t;

/// What an answer is, but for what owns memory. Forgotten as a whole when the next request comes.
struct AnswerFacts {
  int status = 0;  ///< 0: none yet
  ResponseClass kind = ResponseClass::api;
  std::string_view content_type;  ///< empty: no body
  std::string_view fixed_body;    ///< instead of `Answer::body`: bytes that outlive the service
  BodySource source = BodySource::memory;
  bool events = false;  ///< of `pieces`: they are server-sent events, and the next one may come much later
  /// Of `pieces` together, where it is known: sent as Content-Length. An answer that ends before it or would go beyond it is cut.
  /// Event streams have none.
  std::optional<std::uint64_t> length;
  std::string_view content_coding;  ///< of the body as it stands here: `br`, `gzip`; empty for none
  bool accepts_ranges = false;
  bool varies_by_coding = false;   ///< another client may get this answer under another coding
  std::string_view allow;          ///< of 405 and OPTIONS
  std::int64_t last_modified = 0;  ///< seconds since the epoch; 0: not sent
  std::uint32_t retry_after = 0;   ///< seconds; 0: not sent
  bool clear_site_data = false;
  bool close = false;  ///< the connection ends after this answer
  MergeRows left_out =
      0;  ///< our own fields that are not sent, because the upstream's are, or others stand in their place
};

struct Answer : AnswerFacts {
  // What owns memory: forgotten in `reset`, one by one.
  std::string body;  ///< keeps its memory between requests
  FilePart file;
  std::string content_range;  ///< of 206 and 416
  std::string location;
  std::vector<std::string> cookies;  ///< whole values of Set-Cookie
  std::string etag;                  ///< quoted
  std::string nonce;                 ///< of documents with scripts
  std::vector<Response::Field> fields;
  std::vector<http::HeaderField> forwarded;  ///< of an upstream's answer: views of bytes that its site keeps

  [[nodiscard]] std::string_view bytes() const noexcept {
    return fixed_body.data() ? fixed_body : std::string_view(body);
  }
  /// The size of the body; not meaningful when `open_ended` is true.
  [[nodiscard]] std::uint64_t body_size() const noexcept {
    if (source == BodySource::pieces) return length.value_or(0);
    return source == BodySource::file ? file.size : bytes().size();
  }
  /// The length of the body is not known before it has been sent.
  [[nodiscard]] bool open_ended() const noexcept { return source == BodySource::pieces && !length; }
  /// 204 and 304 have neither body nor framing (RFC 9110 8.6, 15.4.5).
  [[nodiscard]] bool bodiless() const noexcept { return status == 204 || status == 304; }
  void reset() noexcept;
};

}  // namespace sallyport::gate
