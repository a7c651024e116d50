// A client that sends exactly the bytes it is given, and reads responses as strictly as it can.
#pragma once

#include "support/response_invariants.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::testing {

/// A connection to a port of the loopback, in clear or, with the file of a certificate to trust, over TLS. Every wait ends after 30
/// seconds, so that a hanging server fails a test instead of hanging it.
class ClientSocket {
 public:
  explicit ClientSocket(std::uint16_t port, const std::string& certificate = {},
                        const std::string& protocol = "http/1.1");
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  /// All of it, or what the server takes before it closes: what it said first is still to be read.
  void send(std::string_view bytes);
  void finish_sending();
  /// How many bytes came; 0 at the end, negative when the connection was reset or nothing came.
  std::ptrdiff_t receive(std::span<char> out);

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, Free> tls_context_;
  std::unique_ptr<SSL, Free> tls_;
};

struct HttpResponse {
  int status = 0;
  ResponseFields fields;
  std::string body;

  /// The value of the only field of that name; a test failure if there are several. Empty when absent.
  [[nodiscard]] std::string field(std::string_view lower_case_name) const;
  [[nodiscard]] std::size_t count(std::string_view lower_case_name) const;
  /// The values of all fields of that name, in their order.
  [[nodiscard]] std::vector<std::string> fields_named(std::string_view lower_case_name) const;
};

class HttpClient {
 public:
  /// With a certificate to trust: over TLS.
  explicit HttpClient(std::uint16_t port, const std::string& certificate = {});

  /// What the checker of responses needs to know; as a service in development has it unless told.
  void expect(ResponseContext context) { context_ = std::move(context); }

  void send(std::string_view bytes) { socket_.send(bytes); }
  /// Says that nothing more will be sent.
  void finish_sending() { socket_.finish_sending(); }

  /// The next response, having passed check_response() unless it is a 100 Continue. Nothing when the connection was closed instead.
  /// `to_head`: it answers a HEAD.
  std::optional<HttpResponse> receive(bool to_head = false);
  /// The next response's head; its body is still to be read.
  std::optional<HttpResponse> receive_head();
  /// The next chunk of a chunked body, empty for the last one. Nothing when the connection was closed instead.
  std::optional<std::string> receive_chunk();
  /// Whether the server closes the connection without another byte.
  bool closed();

 private:
  bool fill();

  ClientSocket socket_;
  ResponseContext context_;
  std::string buffer_;
};

/// One request with the fields that a browser on the service's own page sends, and its answer.
class Browser {
 public:
  Browser(std::uint16_t port, std::string authority, std::string certificate = {})
      : port_(port), authority_(std::move(authority)), certificate_(std::move(certificate)) {
    context_.tls = !certificate_.empty();
  }

  /// What the checker of responses needs to know: see HttpClient.
  void expect(ResponseContext context) { context_ = std::move(context); }

  HttpResponse get(const std::string& target, const std::string& extra = {});
  HttpResponse post_json(const std::string& target, const std::string& json) {
    return send("POST", target, "application/json", json);
  }
  HttpResponse put_json(const std::string& target, const std::string& json) {
    return send("PUT", target, "application/json", json);
  }
  HttpResponse post_form(const std::string& target, const std::string& form) {
    return send("POST", target, "application/x-www-form-urlencoded", form);
  }
  HttpResponse del(const std::string& target) { return send("DELETE", target, "", ""); }
  HttpResponse send(const std::string& method, const std::string& target, const std::string& type,
                    const std::string& body, const std::string& fetch_fields = "Sec-Fetch-Site: same-origin\r\n");

  /// The cookies that the answers have set, as a Cookie field has them: the session's, mostly. Empty when there are none.
  [[nodiscard]] const std::string& cookie() const noexcept { return cookie_; }
  void set_cookie(std::string cookie) { cookie_ = std::move(cookie); }

 private:
  HttpResponse exchange(const std::string& request, bool to_head);
  void keep_cookie(const std::string& set);

  std::uint16_t port_;
  std::string authority_;
  std::string certificate_;
  ResponseContext context_;
  std::string cookie_;
};

}  // namespace sallyport::testing
