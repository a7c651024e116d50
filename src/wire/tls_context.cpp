// Sets OpenSSL up, and judges the certificate it is given.
#include "wire/tls_context.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

namespace sallyport::wire {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

// The six suites of Mozilla's intermediate guideline 6.0 for TLS 1.2; those of TLS 1.3 are all good.
constexpr const char* tls12_suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-"
    "SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* tls13_suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// X25519MLKEM768 needs OpenSSL 3.5; without it the classical groups are offered.
constexpr const char* groups_with_mlkem = "X25519MLKEM768:X25519:prime256v1:secp384r1";
constexpr const char* groups = "X25519:prime256v1:secp384r1";

constexpr unsigned char http1_only[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, http1_only, sizeof http1_only, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 3.2: nothing in common is fatal, against cross-protocol attacks
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

constexpr std::time_t day = std::time_t{24} * 60 * 60;

void judge(X509* certificate, ops::Mode mode, const std::string& host, const std::string& where,
           ops::Findings& findings) {
  const auto bad = [&](const char* reason, const char* fix) { findings.add("CFG-013", where, reason, fix); };
  std::time_t soon = std::time(nullptr) + (mode == ops::Mode::production ? day : 0);
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
    bad("the certificate is not valid yet", "check the clock, or renew it");
  if (X509_cmp_time(X509_get0_notAfter(certificate), &soon) < 0) {
    bad("the certificate has expired, or does within 24 hours", "renew it");
  }
  if (!host.empty() && X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) != 1 &&
      X509_check_ip_asc(certificate, host.c_str(), 0) != 1) {
    bad("the certificate is not for the origin's host", "get one whose subject alternative names include it");
  }
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < 2048) {
    bad("the certificate's RSA key is shorter than 2048 bits", "make a new key: P-256, or RSA with 2048 bits or more");
  }
  int digest = 0;
  if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1 &&
      (digest == NID_sha1 || digest == NID_md5)) {
    bad("the certificate is signed with SHA-1 or MD5", "get a new one");
  }
  if (mode == ops::Mode::production && X509_self_signed(certificate, 0) == 1) {
    bad("the certificate is self-signed: no browser will trust it", "get one from a certificate authority (ACME)");
  }
}

bool write_pem(const std::string& path, auto&& write) {
  // Written beside, then moved: nobody reads half a file, and the key is private from its first byte.
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  std::FILE* stream = ::fdopen(file, "w");
  if (!stream) {
    ::close(file);
    return false;
  }
  const bool written = write(stream);
  const bool closed = std::fclose(stream) == 0;
  return written && closed && ::rename(beside.c_str(), path.c_str()) == 0;
}

bool still_valid(const std::string& certificate, const std::string& key) {
  if (::access(key.c_str(), R_OK) != 0) return false;
  const Bio file(BIO_new_file(certificate.c_str(), "r"));
  if (!file) return false;
  const Certificate existing(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  std::time_t tomorrow = std::time(nullptr) + day;
  return existing && X509_cmp_time(X509_get0_notAfter(existing.get()), &tomorrow) > 0;
}

bool add_extension(X509* certificate, int name, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, name, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

}  // namespace

TlsContext::TlsContext() : context_(boost::asio::ssl::context::tls_server) {}

std::unique_ptr<TlsContext> TlsContext::create(const ops::TlsSettings& settings, ops::Mode mode,
                                               const std::string& host, ops::Findings& findings) {
  std::unique_ptr<TlsContext> made(new TlsContext);
  SSL_CTX* const context = made->context_.native_handle();
  SSL_CTX_set_min_proto_version(context, settings.minimum == ops::TlsVersion::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, tls12_suites);
  SSL_CTX_set_ciphersuites(context, tls13_suites);
  if (SSL_CTX_set1_groups_list(context, groups_with_mlkem) != 1) SSL_CTX_set1_groups_list(context, groups);
  // The client's order: it knows whether its machine has AES instructions.
  SSL_CTX_clear_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_max_early_data(context, 0);  // replayable
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);

  const auto unusable = [&](const std::string& where, const char* reason) {
    findings.add("CFG-013", where, reason, "name files in PEM form: [tls] certificate, key");
    return std::unique_ptr<TlsContext>();
  };
  if (SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) != 1) {
    return unusable("tls.certificate", "the certificate can't be read");
  }
  if (SSL_CTX_use_PrivateKey_file(context, settings.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return unusable("tls.key", "the private key can't be read, or is not that of the certificate");
  }
  if (SSL_CTX_check_private_key(context) != 1)
    return unusable("tls.key", "the private key is not that of the certificate");
  const std::size_t before = findings.list().size();
  judge(SSL_CTX_get0_certificate(context), mode, host, "tls.certificate", findings);
  return findings.list().size() == before ? std::move(made) : nullptr;
}

bool make_development_certificate(const std::string& certificate_path, const std::string& key_path) {
  if (still_valid(certificate_path, key_path)) return true;
  const PrivateKey key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (!key || !certificate) return false;
  X509* const x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> serial(BN_new());
  BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x));
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 30 * day);
  X509_set_pubkey(x, key.get());
  X509_NAME* const name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("Sallyport development"),
                             -1, -1, 0);
  X509_set_issuer_name(x, name);
  if (!add_extension(x, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") ||
      !add_extension(x, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(x, NID_ext_key_usage, "serverAuth") || X509_sign(x, key.get(), EVP_sha256()) == 0) {
    return false;
  }
  return write_pem(key_path,
                   [&](std::FILE* file) {
                     return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
                   }) &&
         write_pem(certificate_path, [&](std::FILE* file) { return PEM_write_X509(file, x) == 1; });
}

}  // namespace sallyport::wire
