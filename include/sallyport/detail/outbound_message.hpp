// A request to another service, and what came of it, as values: between the words of handlers, the client, and what tests put in its place.
#pragma once

#include <sallyport/outbound_error.hpp>
#include <sallyport/task.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::detail {

struct OutboundField {
  std::string name;
  std::string value;
};

/// Whoever makes one has checked it: `method` is a token, `target` a path of URI characters, names of fields are tokens that the client does not
/// write itself, their values hold no control characters.
struct OutboundRequest {
  std::string_view method = "GET";
  std::string target = "/";
  std::vector<OutboundField> fields;
  std::string body;
  std::string_view content_type;                             ///< empty: there is no body
  std::chrono::nanoseconds time = std::chrono::seconds(10);  ///< for all of it
  std::size_t most_bytes = std::size_t{1} << 20;             ///< of the answer's content
};

struct OutboundReply {
  OutboundFailure failure = OutboundFailure::none;
  std::string_view reason;  ///< a static text, with a failure
  int status = 0;
  std::vector<OutboundField> fields;
  std::string body;
};

/// What is called instead of other services: by tests, which answer themselves. Called on the event loops' threads.
class OutboundTransport {
 public:
  OutboundTransport() = default;
  OutboundTransport(const OutboundTransport&) = delete;
  OutboundTransport& operator=(const OutboundTransport&) = delete;
  virtual ~OutboundTransport() = default;

  /// `origin` as the handler's signature names it, or of a `PublicUrl`; it lives until the answer is there.
  [[nodiscard]] virtual Task<OutboundReply> send(std::string_view origin, OutboundRequest request) = 0;
};

}  // namespace sallyport::detail
