// Sets OpenSSL up, chooses certificates and protocols in handshakes, and loads the files again when they change.
#include "wire/tls_context.hpp"

#include "base/character_class.hpp"
#include "net/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/tls1.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace sallyport::wire {
namespace {

// The six suites of Mozilla's intermediate guideline 6.0 for TLS 1.2; those of TLS 1.3 are all good. The client's order counts: it
// knows whether its machine has AES instructions.
constexpr const char* tls12_suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* tls13_suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// X25519MLKEM768 needs OpenSSL 3.5; without it the classical groups are offered.
constexpr const char* groups_with_ml_kem = "X25519MLKEM768:X25519:prime256v1:secp384r1";
constexpr const char* groups = "X25519:prime256v1:secp384r1";
// 112 bits at least, no SHA-1. Debian has this as its default, others do not.
constexpr int security_level = 2;

constexpr unsigned char protocols[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr unsigned int h2_size = 3;

// Tickets name what they are for; all certificates here are for one service.
constexpr unsigned char session_context[] = {'s', 'a', 'l', 'l', 'y', 'p', 'o', 'r', 't'};

std::time_t wall_seconds(const base::Clock& clock) noexcept {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

int use_ticket_keys(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                    int seal) noexcept {
  auto* const keys = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  return seal == 1 ? keys->seal(name, iv, cipher, mac) : keys->open(name, iv, cipher, mac);
}

// A key with a passphrase can't be used, because a service starts without a user; OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void*) noexcept { return -1; }

std::vector<std::string> all_files(const ops::TlsSettings& settings) {
  std::vector<std::string> files{settings.certificate, settings.key, settings.ocsp};
  files.insert(files.end(), settings.more_certificates.begin(), settings.more_certificates.end());
  files.insert(files.end(), settings.more_keys.begin(), settings.more_keys.end());
  return files;
}

}  // namespace

const base::Clock& machine_clock() noexcept {
  static const base::SystemClock clock;
  return clock;
}

// Shows whether a file was replaced (links are followed): by a new inode, other times or another size.
struct TlsContext::FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::array<std::int64_t, 4> times{};

  explicit FileStamp(const std::string& path) noexcept {
    struct stat file {};
    if (path.empty() || ::stat(path.c_str(), &file) != 0) return;
    device = file.st_dev;
    inode = file.st_ino;
    size = file.st_size;
    times = {file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_ctim.tv_sec, file.st_ctim.tv_nsec};
  }
  bool operator==(const FileStamp&) const = default;

  static std::vector<FileStamp> of(const ops::TlsSettings& settings) {
    std::vector<FileStamp> stamps;
    for (const std::string& file : all_files(settings)) stamps.emplace_back(file);
    return stamps;
  }
};

// Everything that handshakes use, loaded together, and not changed once it is served.
struct TlsContext::Offer {
  Offer(std::shared_ptr<TicketKeys> ticket_keys, const base::Clock& its_clock, bool with_http2) noexcept
      : keys(std::move(ticket_keys)), clock(its_clock), http2(with_http2) {}
  Offer(const Offer&) = delete;
  Offer& operator=(const Offer&) = delete;

  // Null, and findings, unless every certificate is good. A bad OCSP answer is a finding only.
  static std::shared_ptr<const Offer> load(const ops::TlsSettings& settings, ops::Mode mode, const std::string& host,
                                           bool http2, const base::Clock& clock, std::shared_ptr<TicketKeys> keys,
                                           ops::Findings& findings);

  SSL_CTX* add_context(ops::TlsVersion minimum);
  bool read_pair(SSL_CTX* context, const std::string& certificate, const std::string& key, const std::string& number,
                 ops::Findings& findings);
  // RFC 6125 6.4: the exact name first, then the wildcard for its first label; null when there is neither.
  [[nodiscard]] SSL_CTX* find(std::string_view name) const noexcept;

  static int choose_certificate(SSL* ssl, int* alert, void* self) noexcept;
  static int choose_protocol(SSL* ssl, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                             unsigned int in_size, void* self) noexcept;
  static int staple_answer(SSL* ssl, void* self) noexcept;

  std::shared_ptr<TicketKeys> keys;
  const base::Clock& clock;
  bool http2;
  bool ml_kem = false;
  std::vector<net::SslContext> contexts;  // the main certificate's first
  std::map<std::string, SSL_CTX*, std::less<>> by_name;
  Staple staple;
};

SSL_CTX* TlsContext::Offer::add_context(ops::TlsVersion minimum) {
  SSL_CTX* const context = contexts.emplace_back(SSL_CTX_new(TLS_server_method())).get();
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_security_level(context, security_level);
  SSL_CTX_set_min_proto_version(context, minimum == ops::TlsVersion::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, tls12_suites);
  SSL_CTX_set_ciphersuites(context, tls13_suites);
  ml_kem = SSL_CTX_set1_groups_list(context, groups_with_ml_kem) == 1;
  if (!ml_kem) SSL_CTX_set1_groups_list(context, groups);
  // Many peers close without close_notify, which is harmless: HTTP messages have a known end.
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_ENABLE_KTLS | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);      // a record's head and body with one system call
  SSL_CTX_set_max_early_data(context, 0);  // replayable
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_session_cache_mode(context,
                                 SSL_SESS_CACHE_OFF);  // tickets only: no memory that grows with the number of visitors
  SSL_CTX_set_session_id_context(context, session_context, sizeof session_context);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, use_ticket_keys);
  SSL_CTX_set_app_data(context, keys.get());  // the ticket callback has no argument of its own
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, this);
  SSL_CTX_set_tlsext_servername_callback(context, choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(context, this);
  return context;
}

bool TlsContext::Offer::read_pair(SSL_CTX* context, const std::string& certificate, const std::string& key,
                                  const std::string& number, ops::Findings& findings) {
  const auto unusable = [&](const char* setting, const char* reason) {
    const std::string where = number.empty() ? "tls." : "tls.more_";
    findings.add("CFG-013", where + setting + number, reason,
                 "name files in PEM form: --tls.certificate=cert.pem --tls.key=key.pem");
    return false;
  };
  const char* const certificate_setting = number.empty() ? "certificate" : "certificates";
  const char* const key_setting = number.empty() ? "key" : "keys";
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return unusable(certificate_setting, "the certificate can't be read");
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unusable(key_setting, "the private key can't be read, or is not that of the certificate");
  return SSL_CTX_check_private_key(context) == 1 ||
         unusable(key_setting, "the private key is not that of the certificate");
}

std::shared_ptr<const TlsContext::Offer> TlsContext::Offer::load(const ops::TlsSettings& settings, ops::Mode mode,
                                                                 const std::string& host, bool http2,
                                                                 const base::Clock& clock,
                                                                 std::shared_ptr<TicketKeys> keys,
                                                                 ops::Findings& findings) {
  const std::size_t before = findings.list().size();
  const std::time_t now = wall_seconds(clock);
  const auto offer = std::make_shared<Offer>(std::move(keys), clock, http2);
  const auto add = [&](const std::string& certificate, const std::string& key, const std::string& number) {
    SSL_CTX* const context = offer->add_context(settings.minimum);
    if (!offer->read_pair(context, certificate, key, number, findings)) return;
    X509* const its = SSL_CTX_get0_certificate(context);
    judge_certificate(its, mode, number.empty() ? host : std::string(), now,
                      number.empty() ? "tls.certificate" : "tls.more_certificates" + number, findings);
    for (std::string& name : certificate_names(its)) offer->by_name.emplace(std::move(name), context);
  };
  add(settings.certificate, settings.key, "");
  if (settings.more_certificates.size() == settings.more_keys.size()) {
    for (std::size_t i = 0; i < settings.more_keys.size(); ++i) {
      add(settings.more_certificates[i], settings.more_keys[i], " #" + std::to_string(i + 1));
    }
  } else {
    findings.add("CFG-013", "tls.more_keys", "there is not one key for each of tls.more_certificates",
                 "name as many keys as certificates, in the same order");
  }
  ERR_clear_error();
  if (findings.list().size() != before) return nullptr;

  SSL_CTX* const main = offer->contexts.front().get();
  if (!settings.ocsp.empty()) {
    offer->staple = load_staple(settings.ocsp, SSL_CTX_get0_certificate(main), now, findings);
    ERR_clear_error();
  }
  if (!offer->staple.der.empty()) {
    SSL_CTX_set_tlsext_status_cb(main, staple_answer);
    SSL_CTX_set_tlsext_status_arg(main, offer.get());
  }
  return offer;
}

SSL_CTX* TlsContext::Offer::find(std::string_view name) const noexcept {
  std::array<char, TLSEXT_MAXLEN_host_name> lower;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  if (name.size() > lower.size()) return nullptr;
  std::transform(name.begin(), name.end(), lower.begin(), base::to_lower);
  const std::string_view exact(lower.data(), name.size());
  if (const auto found = by_name.find(exact); found != by_name.end()) return found->second;
  const std::size_t dot = exact.find('.');
  if (dot == std::string_view::npos || dot == 0) return nullptr;
  lower[dot - 1] = '*';
  const auto found = by_name.find(exact.substr(dot - 1));
  return found != by_name.end() ? found->second : nullptr;
}

// A name that no certificate has gets the main one, not the alert unrecognized_name (RFC 6066 3 allows both): health checks and
// clients that connect by address send none or another. Refusing hosts is left to the host check, which every HTTP request
// passes.
int TlsContext::Offer::choose_certificate(SSL* ssl, int*, void* self) noexcept {
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  SSL_CTX* const context = name ? static_cast<const Offer*>(self)->find(name) : nullptr;
  if (!context) return SSL_TLSEXT_ERR_NOACK;
  return SSL_set_SSL_CTX(ssl, context) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Called only for clients that name protocols; the others are served HTTP/1.1.
int TlsContext::Offer::choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                                       const unsigned char* in, unsigned int in_size, void* self) noexcept {
  const unsigned int skipped = static_cast<const Offer*>(self)->http2 ? 0 : h2_size;
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, protocols + skipped, sizeof protocols - skipped, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 3.2: nothing in common is fatal, against cross-protocol attacks
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

int TlsContext::Offer::staple_answer(SSL* ssl, void* self) noexcept {
  const auto* const offer = static_cast<const Offer*>(self);
  if (wall_seconds(offer->clock) >= offer->staple.until) return SSL_TLSEXT_ERR_NOACK;
  const auto& der = offer->staple.der;
  void* const copy = OPENSSL_memdup(der.data(), der.size());  // owned by the connection from here on
  if (!copy) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(der.size()));
  return SSL_TLSEXT_ERR_OK;
}

TlsContext::TlsContext(const ops::TlsSettings& settings, ops::Mode mode, const std::string& host, bool http2,
                       const base::Clock& clock)
    : settings_(settings),
      mode_(mode),
      host_(host),
      http2_(http2),
      clock_(clock),
      keys_(std::make_shared<TicketKeys>(clock)) {}

TlsContext::~TlsContext() = default;

std::unique_ptr<TlsContext> TlsContext::create(const ops::TlsSettings& settings, ops::Mode mode,
                                               const std::string& host, ops::Findings& findings, bool http2,
                                               const base::Clock& clock) {
  std::unique_ptr<TlsContext> made(new TlsContext(settings, mode, host, http2, clock));
  const std::size_t before = findings.list().size();
  return made->reload(findings) == Reload::loaded && findings.list().size() == before ? std::move(made) : nullptr;
}

std::shared_ptr<SSL_CTX> TlsContext::current() const noexcept {
  const std::lock_guard lock(mutex_);
  return {offer_, offer_->contexts.front().get()};
}

bool TlsContext::offers_ml_kem() const noexcept {
  const std::lock_guard lock(mutex_);
  return offer_->ml_kem;
}

TlsContext::Reload TlsContext::reload_if_changed(ops::Findings& findings) {
  keys_->turn();
  const std::lock_guard lock(reloading_);
  auto stamps = FileStamp::of(settings_);  // before reading: a change in the meantime is noticed by the next check
  return stamps == stamps_ ? Reload::unchanged : load(std::move(stamps), findings);
}

TlsContext::Reload TlsContext::reload(ops::Findings& findings) {
  const std::lock_guard lock(reloading_);
  return load(FileStamp::of(settings_), findings);
}

TlsContext::Reload TlsContext::load(std::vector<FileStamp> stamps, ops::Findings& findings) {
  stamps_ = std::move(stamps);
  auto offer = Offer::load(settings_, mode_, host_, http2_, clock_, keys_, findings);
  if (!offer) return Reload::refused;
  const std::lock_guard lock(mutex_);
  offer_.swap(offer);  // the old one goes when its last connection has
  return Reload::loaded;
}

}  // namespace sallyport::wire
