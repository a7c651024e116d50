// What the tests of TLS share: certificates of every kind, and an OpenSSL client at the other end of a socket pair.
#pragma once

#include "net/openssl.hpp"
#include "net/tls_stream.hpp"
#include "wire/tls_context.hpp"

#include "support/temporary_folder.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::wire::testing {

inline constexpr long day = 24L * 60 * 60;

class Folder : public sallyport::testing::TemporaryFolder {
 public:
  // Moved into place, as ACME clients do: another inode.
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(file(name + ".new"), std::ios::binary) << content;
    std::filesystem::rename(file(name + ".new"), file(name));
    return file(name);
  }
};

struct Identity {
  net::Certificate certificate;
  net::PrivateKey key;
};

struct Wish {
  std::string names = "DNS:localhost";
  long from = -60;  // seconds from now
  long until = 30 * day;
  unsigned rsa_bits = 0;  // 0: P-256
  const EVP_MD* digest = EVP_sha256();
  const Identity* issuer = nullptr;  // null: itself
  bool authority = false;            // may sign others
  std::string common_name = {};      // empty: one that no other has
};

inline Identity make_identity(const Wish& wish) {
  static long serial = 0;
  Identity made{net::Certificate(X509_new()),
                net::PrivateKey(wish.rsa_bits ? EVP_RSA_gen(wish.rsa_bits) : EVP_EC_gen("P-256"))};
  X509* const x = made.certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), wish.from);
  X509_gmtime_adj(X509_getm_notAfter(x), wish.until);
  X509_set_pubkey(x, made.key.get());
  const std::string name = wish.common_name.empty() ? "test " + std::to_string(serial) : wish.common_name;
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  const Identity& issuer = wish.issuer ? *wish.issuer : made;
  X509_set_issuer_name(x, X509_get_subject_name(issuer.certificate.get()));
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer.certificate.get(), x, nullptr, nullptr, 0);
  const net::Owned<X509_EXTENSION, X509_EXTENSION_free> names(
      X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, wish.names.c_str()));
  X509_add_ext(x, names.get(), -1);
  if (wish.authority) {
    const net::Owned<X509_EXTENSION, X509_EXTENSION_free> authority(
        X509V3_EXT_conf_nid(nullptr, &context, NID_basic_constraints, "critical,CA:TRUE"));
    X509_add_ext(x, authority.get(), -1);
  }
  if (X509_sign(x, issuer.key.get(), wish.digest) == 0) throw std::runtime_error("X509_sign");
  return made;
}

inline std::string bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}
inline std::string pem(X509* certificate) {
  const net::Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return bytes_of(bio.get());
}
inline std::string pem(EVP_PKEY* key, const char* passphrase = nullptr) {
  const net::Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, passphrase ? EVP_aes_256_cbc() : nullptr, nullptr, 0, nullptr,
                           const_cast<char*>(passphrase));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return bytes_of(bio.get());
}

// An OCSP answer in DER for a certificate that signed itself.
inline std::string ocsp_answer(const Identity& about, int status, long from, long until) {
  X509* const x = about.certificate.get();
  const net::Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const net::Owned<OCSP_CERTID, OCSP_CERTID_free> id(OCSP_cert_to_id(EVP_sha1(), x, x));
  const net::Owned<ASN1_TIME, ASN1_TIME_free> begin(X509_gmtime_adj(nullptr, from));
  const net::Owned<ASN1_TIME, ASN1_TIME_free> end(X509_gmtime_adj(nullptr, until));
  OCSP_basic_add1_status(basic.get(), id.get(), status, OCSP_REVOKED_STATUS_NOSTATUS, begin.get(), begin.get(),
                         end.get());
  OCSP_basic_sign(basic.get(), x, about.key.get(), EVP_sha256(), nullptr, OCSP_NOCERTS);
  const net::Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  const net::Bio bio(BIO_new(BIO_s_mem()));
  i2d_OCSP_RESPONSE_bio(bio.get(), response.get());
  return bytes_of(bio.get());
}

using Session = net::Owned<SSL_SESSION, SSL_SESSION_free>;

// A server's TlsStream and a client's SSL, both non-blocking, driven by turns on one thread.
class Pair {
 public:
  explicit Pair(const TlsContext& context, const std::function<void(SSL*)>& adjust = {})
      : server(context.current(), server_socket()) {
    SSL_CTX_set_security_level(client_context_.get(), 0);  // to offer what the server is to refuse
    client.reset(SSL_new(client_context_.get()));
    SSL_set_fd(client.get(), sockets_[1]);
    SSL_set_connect_state(client.get());
    if (adjust) adjust(client.get());
  }
  ~Pair() {
    if (sockets_[1] >= 0) ::close(sockets_[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  // True when both sides say that it is done.
  bool shake() {
    bool client_done = false;
    net::IoResult result;
    for (int turn = 0; turn < 20; ++turn) {
      if (!client_done) client_done = step_client();
      if (result.state != net::IoState::done) result = server.handshake();
      if (result.state == net::IoState::failed || result.state == net::IoState::closed) break;
      if (client_done && result.state == net::IoState::done) break;
    }
    step_client();  // the alert
    server_state = result.state;
    return client_done && result.state == net::IoState::done && client_error == 0;
  }

  // One message each way; the client takes its tickets on the way.
  bool talk() {
    std::array<char, 64> space{};
    int got = 0;
    return SSL_write(client.get(), "ping", 4) == 4 && server.read(space).bytes == 4 &&
           server.write("pong").bytes == 4 && (got = SSL_read(client.get(), space.data(), 64)) == 4 &&
           std::string_view(space.data(), 4) == "pong";
  }

  [[nodiscard]] int client_socket() const noexcept { return sockets_[1]; }
  void close_client() { ::close(std::exchange(sockets_[1], -1)); }
  void send_raw(std::string_view bytes) const {
    if (::send(sockets_[1], bytes.data(), bytes.size(), 0) < 0) throw std::runtime_error("send");
  }
  // The certificate that the client got.
  [[nodiscard]] std::string certificate() const {
    X509* const x = SSL_get0_peer_certificate(client.get());
    return x ? pem(x) : "";
  }
  [[nodiscard]] std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(client.get(), &name, &size);
    return {name, name + size};
  }

 private:
  net::Socket server_socket() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets_.data()) != 0)
      throw std::runtime_error("socketpair");
    return net::Socket(loop_.get_executor(), net::asio::ip::tcp::v4(), sockets_[0]);
  }
  bool step_client() {
    ERR_clear_error();
    const int result = SSL_do_handshake(client.get());
    if (result == 1) {
      // With TLS 1.3 the client is done first, and learns of a refusal when it reads.
      char byte = 0;
      const int peeked = SSL_peek(client.get(), &byte, 1);
      if (peeked <= 0 && SSL_get_error(client.get(), peeked) == SSL_ERROR_SSL) client_error = ERR_peek_last_error();
      return true;
    }
    const int why = SSL_get_error(client.get(), result);
    if (why == SSL_ERROR_SSL && client_error == 0) client_error = ERR_peek_last_error();
    return false;
  }

  std::array<int, 2> sockets_{-1, -1};
  net::asio::io_context loop_;
  net::SslContext client_context_{SSL_CTX_new(TLS_client_method())};

 public:
  net::TlsStream server;
  net::Ssl client;
  net::IoState server_state = net::IoState::failed;
  unsigned long client_error = 0;
};

}  // namespace sallyport::wire::testing
