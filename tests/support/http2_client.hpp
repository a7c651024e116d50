// A client of HTTP/2: nghttp2's client side over a blocking socket, one call per request, or several requests at once.
#pragma once

#include "support/http_client.hpp"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::testing {

class Http2Client {
 public:
  /// With a certificate to trust: over TLS, where the service has to choose h2. Without: in clear, with prior knowledge.
  explicit Http2Client(std::uint16_t port, const std::string& certificate = {});

  /// What the checker of responses needs to know besides HTTP/2.
  void expect(ResponseContext context);

  /// Sends a request and waits for its response, which has passed check_response(). Names of extra fields in lower case, any of them
  /// several times; nothing is added to them. Nothing that came: status 0, and the test fails.
  HttpResponse request(const std::string& method, const std::string& path, const std::string& authority,
                       const ResponseFields& extra = {}, std::string_view body = {});
  HttpResponse get(const std::string& path, const std::string& authority, const ResponseFields& extra = {}) {
    return request("GET", path, authority, extra);
  }

  /// Sends a request and does not wait: several go on at once. Returns its stream.
  std::int32_t start(const std::string& method, const std::string& path, const std::string& authority,
                     const ResponseFields& extra = {}, std::string_view body = {});
  /// Waits for the end of a stream's response.
  HttpResponse finish(std::int32_t stream);
  /// Waits for the head of a stream's response only; its body may never end.
  HttpResponse head(std::int32_t stream);
  /// Whether the service has said that it takes no more requests.
  [[nodiscard]] bool going_away() const noexcept { return going_away_; }

 private:
  struct Stream {
    HttpResponse response;
    std::string body;  // still to be sent
    bool head = false;
    bool ended = false;
    bool to_head = false;
    std::uint32_t error = 0;
  };
  struct Callbacks;
  struct Free {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };
  bool turn();  // writes what is to be written, then reads once
  void flush();

  ClientSocket socket_;
  std::string scheme_;
  ResponseContext context_;
  std::unique_ptr<nghttp2_session, Free> session_;
  std::map<std::int32_t, Stream> streams_;
  bool going_away_ = false;
};

}  // namespace sallyport::testing
