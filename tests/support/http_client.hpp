// A client that sends exactly the bytes it is given, and reads responses as strictly as it can.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::testing {

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case
  std::string body;

  /// The value of the only field of that name; a test failure if there are several. Empty when absent.
  [[nodiscard]] std::string field(std::string_view lower_case_name) const;
  [[nodiscard]] std::size_t count(std::string_view lower_case_name) const;
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(std::string_view bytes);
  /// Says that nothing more will be sent.
  void finish_sending();

  /// The next response, checked for form: exactly one Content-Length where there is a body, the header set that every answer
  /// has. Nothing when the connection was closed instead. `to_head`: it answers a HEAD.
  std::optional<HttpResponse> receive(bool to_head = false);
  /// The next response's head; its body is still to be read.
  std::optional<HttpResponse> receive_head();
  /// The next chunk of a chunked body, empty for the last one. Nothing when the connection was closed instead.
  std::optional<std::string> receive_chunk();
  /// Whether the server closes the connection without another byte.
  bool closed();

 private:
  bool fill();

  int socket_ = -1;
  std::string buffer_;
};

/// One request with the fields that a browser on the service's own page sends, and its answer.
class Browser {
 public:
  Browser(std::uint16_t port, std::string authority) : port_(port), authority_(std::move(authority)) {}

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

  /// The session cookie that the last answers have set; empty when there is none.
  [[nodiscard]] const std::string& cookie() const noexcept { return cookie_; }
  void set_cookie(std::string cookie) { cookie_ = std::move(cookie); }

 private:
  HttpResponse exchange(const std::string& request, bool to_head);

  std::uint16_t port_;
  std::string authority_;
  std::string cookie_;
};

}  // namespace sallyport::testing
