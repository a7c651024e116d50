// TLS on a non-blocking socket: OpenSSL reads and writes the descriptor itself, the caller waits.
#pragma once

#include "net/asio.hpp"
#include "net/io_result.hpp"
#include "net/openssl.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::net {

/// Either side of a TLS connection. No function waits. Used by one thread at a time. The process ignores SIGPIPE.
class TlsStream {
 public:
  /// The server's side. Takes the socket over and makes it non-blocking. Without memory every call answers `failed`.
  TlsStream(std::shared_ptr<SSL_CTX> context, Socket socket) noexcept;
  /// The client's side, with a context of make_client_tls(): the certificate has to be for `host`, a name or an IP address. `alpn`: the
  /// protocols to offer, each with its length in front, or none.
  TlsStream(std::shared_ptr<SSL_CTX> context, Socket socket, const std::string& host, std::string_view alpn) noexcept;

  /// Call until it is `done`.
  IoResult handshake() noexcept;

  /// At most one record (16 KiB). More may have been read from the socket than was asked for, so wait for the socket only after
  /// `wants_read`.
  IoResult read(std::span<char> space) noexcept;
  /// At most one record (16 KiB). After `wants_write` the next write must begin with the same bytes and have as many at least, at
  /// whatever address: a part may be encrypted already.
  IoResult write(std::string_view bytes) noexcept;

  /// Whether the kernel encrypts (kTLS), so that send_file() works. Known once the handshake is done.
  [[nodiscard]] bool can_send_file() const noexcept;
  /// Sends from an open file without a copy. `done` with 0 bytes: the file ends before `offset`.
  IoResult send_file(int file, std::int64_t offset, std::size_t count) noexcept;

  /// Sends close_notify, once; does not wait for the peer's. Not for the middle of a handshake or of a write that wants more.
  /// Closing the socket stays with the caller.
  IoResult shutdown() noexcept;

  /// ALPN chose `h2`; if not, this is HTTP/1.1.
  [[nodiscard]] bool chose_http2() const noexcept;
  /// What ALPN chose; empty: nothing.
  [[nodiscard]] std::string_view protocol() const noexcept;
  /// The name the client asked for (SNI); empty when it named none.
  [[nodiscard]] std::string_view server_name() const noexcept;
  /// The handshake failed because the client speaks HTTP without TLS. Nothing has been sent: a 400 in clear will be understood.
  [[nodiscard]] bool plain_http() const noexcept { return plain_http_; }
  /// Why it failed, for a log: OpenSSL's static text, "no shared cipher". Empty unless `failed`.
  [[nodiscard]] std::string_view last_error() const noexcept { return last_error_; }

  /// Why the peer's certificate was refused, in OpenSSL's static text; empty when it was not.
  [[nodiscard]] std::string_view certificate_error() const noexcept;

  [[nodiscard]] Socket& socket() noexcept { return socket_; }

 private:
  [[nodiscard]] bool set_up() noexcept;
  template <class Operation>
  IoResult run(Operation operation) noexcept;
  IoResult explain(int result) noexcept;
  [[nodiscard]] IoResult look_at_first_byte() noexcept;

  Socket socket_;
  std::shared_ptr<SSL_CTX> context_;  // used by callbacks of ssl_
  Ssl ssl_;
  std::string_view last_error_;
  bool plain_http_ = false;
  bool begun_ = false;  // the client's first byte has been looked at
  bool failed_ = false;
};

}  // namespace sallyport::net
