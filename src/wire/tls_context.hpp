// TLS: what the listener offers (Mozilla's guideline 6.0: intermediate, or modern), with which certificates and ticket keys.
#pragma once

#include "base/clock.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"
#include "wire/ticket_keys.hpp"
#include "wire/tls_certificate.hpp"

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sallyport::wire {

/// The machine's time.
[[nodiscard]] const base::Clock& machine_clock() noexcept;

/// Serves all loops at once: every function may be called from any thread.
class TlsContext {
 public:
  /// Reads all certificates and keys and the OCSP answer. Null, and findings (CFG-013), when one can't be used: unreadable, no
  /// pair, or not good enough (see judge_certificate; only the main certificate has to be for `host`). With `http2`, ALPN offers
  /// `h2` before `http/1.1`. `clock` outlives this: its wall time checks validity, its steady time rotates the ticket
  /// keys.
  static std::unique_ptr<TlsContext> create(const ops::TlsSettings& settings, ops::Mode mode, const std::string& host,
                                            ops::Findings& findings, bool http2 = false,
                                            const base::Clock& clock = machine_clock());
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// The context for new handshakes; call it once for each. It owns everything that the handshake needs.
  [[nodiscard]] std::shared_ptr<SSL_CTX> current() const noexcept;

  enum class Reload : std::uint8_t { unchanged, loaded, refused };
  /// For a timer, every few seconds: reads everything again when one of the files is another than last time. When what is there
  /// can't be used, the old certificates stay in service, `findings` say why (once: not again until a file changes), and the
  /// answer is `refused`. `loaded` with findings: the OCSP answer was left out. Rotates the ticket keys, too.
  Reload reload_if_changed(ops::Findings& findings);
  /// The same for SIGHUP: whether or not a file seems to have changed.
  Reload reload(ops::Findings& findings);

  /// Whether X25519MLKEM768 is offered: OpenSSL 3.5 has it.
  [[nodiscard]] bool offers_ml_kem() const noexcept;

 private:
  struct Offer;
  struct FileStamp;

  TlsContext(const ops::TlsSettings& settings, ops::Mode mode, const std::string& host, bool http2,
             const base::Clock& clock);
  Reload load(std::vector<FileStamp> stamps, ops::Findings& findings);

  const ops::TlsSettings settings_;
  const ops::Mode mode_;
  const std::string host_;
  const bool http2_;
  const base::Clock& clock_;
  const std::shared_ptr<TicketKeys> keys_;  // not renewed with the certificates: sessions go on
  std::mutex reloading_;
  std::vector<FileStamp> stamps_;  // of the last attempt
  mutable std::mutex mutex_;       // offer_
  std::shared_ptr<const Offer> offer_;
};

}  // namespace sallyport::wire
