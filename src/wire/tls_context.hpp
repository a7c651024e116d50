// TLS: what the listener offers (Mozilla's intermediate guideline 6.0), and a certificate for development.
#pragma once

#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace sallyport::wire {

class TlsContext {
 public:
  /// Reads certificate and key. Null, and findings (CFG-013), when they can't be used: unreadable, no pair, expired or about to, not for
  /// `host`, a key or signature too weak; in production also when self-signed.
  static std::unique_ptr<TlsContext> create(const ops::TlsSettings& settings, ops::Mode mode, const std::string& host,
                                            ops::Findings& findings);

  [[nodiscard]] boost::asio::ssl::context& context() noexcept { return context_; }

 private:
  TlsContext();
  boost::asio::ssl::context context_;
};

/// Makes a self-signed certificate for localhost, 127.0.0.1 and ::1 and its P-256 key, valid for 30 days, unless `certificate` and `key` exist and
/// are valid for another day. For development only. False when the files can't be written.
bool make_development_certificate(const std::string& certificate, const std::string& key);

}  // namespace sallyport::wire
