// Calls OpenSSL, and translates its results.
#include "net/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace sallyport::net {

TlsStream::TlsStream(std::shared_ptr<SSL_CTX> context, Socket socket) noexcept
    : socket_(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(context_.get())) {
  if (set_up()) SSL_set_accept_state(ssl_.get());
}

TlsStream::TlsStream(std::shared_ptr<SSL_CTX> context, Socket socket, const std::string& host,
                     std::string_view alpn) noexcept
    : TlsStream(std::move(context), std::move(socket)) {
  if (failed_) return;
  SSL_set_connect_state(ssl_.get());
  X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) != 1) {  // no address, so it is a name
    // The common name is text for people, not the name of a host (RFC 9525 2).
    X509_VERIFY_PARAM_set_hostflags(expected,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    failed_ = host.empty() || X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) != 1 ||
              SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1;
  }
  // 0 is success here.
  failed_ =
      failed_ || (!alpn.empty() && SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                                                       static_cast<unsigned>(alpn.size())) != 0);
  if (failed_) last_error_ = "can't set up TLS";
  ERR_clear_error();
}

bool TlsStream::set_up() noexcept {
  error_code error;
  if (!socket_.non_blocking()) socket_.non_blocking(true, error);
  failed_ = error || !ssl_ || SSL_set_fd(ssl_.get(), socket_.native_handle()) != 1;
  if (failed_) last_error_ = "can't set up TLS";
  ERR_clear_error();
  return !failed_;
}

template <class Operation>
IoResult TlsStream::run(Operation operation) noexcept {
  if (failed_) return {IoState::failed, 0};  // SSL_get_error(3): no further calls after a fatal error
  ERR_clear_error();                         // or an earlier error would be taken for this call's
  std::size_t bytes = 0;
  const int result = operation(ssl_.get(), bytes);
  return result > 0 ? IoResult{IoState::done, bytes} : explain(result);
}

IoResult TlsStream::explain(int result) noexcept {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {IoState::wants_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {IoState::wants_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::closed, 0};
    default:
      break;
  }
  const unsigned long error = ERR_peek_last_error();
  const char* const words = error != 0 ? ERR_reason_error_string(error) : nullptr;
  last_error_ = words ? words : "connection lost";
  failed_ = true;
  ERR_clear_error();
  return {IoState::failed, 0};
}

// OpenSSL recognises four methods; what begins with another it reads as a record of a wrong version. No record begins with a letter
// (RFC 8446 5.1), all methods do.
IoResult TlsStream::look_at_first_byte() noexcept {
  char first = 0;
  const ssize_t size = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {IoState::wants_read, 0};
  begun_ = true;
  if (size != 1 || !((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z'))) return {IoState::done, 0};
  plain_http_ = failed_ = true;
  last_error_ = "http request";
  return {IoState::failed, 0};
}

IoResult TlsStream::handshake() noexcept {
  if (!begun_ && !failed_ && SSL_is_server(ssl_.get()) == 1) {
    if (const IoResult look = look_at_first_byte(); look.state != IoState::done) return look;
  }
  return run([](SSL* ssl, std::size_t&) { return SSL_do_handshake(ssl); });
}

IoResult TlsStream::read(std::span<char> space) noexcept {
  if (space.empty()) return {failed_ ? IoState::failed : IoState::done, 0};  // to OpenSSL this would look like an end
  return run([space](SSL* ssl, std::size_t& bytes) { return SSL_read_ex(ssl, space.data(), space.size(), &bytes); });
}

IoResult TlsStream::write(std::string_view bytes) noexcept {
  if (bytes.empty()) return {failed_ ? IoState::failed : IoState::done, 0};
  return run(
      [bytes](SSL* ssl, std::size_t& written) { return SSL_write_ex(ssl, bytes.data(), bytes.size(), &written); });
}

bool TlsStream::can_send_file() const noexcept { return !failed_ && BIO_get_ktls_send(SSL_get_wbio(ssl_.get())); }

IoResult TlsStream::send_file(int file, std::int64_t offset, std::size_t count) noexcept {
  return run([&](SSL* ssl, std::size_t& bytes) {
    const ossl_ssize_t sent = SSL_sendfile(ssl, file, offset, count, 0);
    if (sent < 0) return -1;
    bytes = static_cast<std::size_t>(sent);
    return 1;
  });
}

IoResult TlsStream::shutdown() noexcept {
  return run([](SSL* ssl, std::size_t&) {
    const int result = SSL_shutdown(ssl);
    return result == 0 ? 1 : result;  // 0: sent, the peer's has not arrived yet
  });
}

bool TlsStream::chose_http2() const noexcept { return protocol() == "h2"; }

std::string_view TlsStream::protocol() const noexcept {
  if (!ssl_) return {};
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string_view TlsStream::certificate_error() const noexcept {
  const long verdict = ssl_ ? SSL_get_verify_result(ssl_.get()) : X509_V_OK;
  return verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
}

std::string_view TlsStream::server_name() const noexcept {
  const char* const name = ssl_ ? SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name) : nullptr;
  return name ? name : "";
}

}  // namespace sallyport::net
