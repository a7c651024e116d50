// Certificates: whether one can be served, its names, its OCSP answer, and a self-signed one for development.
#pragma once

#include "net/openssl.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <ctime>
#include <string>
#include <vector>

namespace sallyport::wire {

/// Adds a finding (CFG-013) for each thing that is wrong: not valid yet, expired or within a day (production), not for `host`
/// (unless that is empty), a key or signature too weak, self-signed (production).
void judge_certificate(X509* certificate, ops::Mode mode, const std::string& host, std::time_t now,
                       const std::string& where, ops::Findings& findings);

/// The DNS names among the subject's alternative names, in lower case; wildcards as they are: "*.example.com".
[[nodiscard]] std::vector<std::string> certificate_names(X509* certificate);

/// An OCSP answer (RFC 6960) that says that a certificate was not revoked.
struct Staple {
  std::vector<unsigned char> der;  ///< empty: none
  std::time_t until = 0;           ///< its nextUpdate: invalid from then on
};

/// Reads an OCSP answer for `certificate`. Empty, and a finding, when it can't be read, is for another certificate, does not say
/// "good", or is out of date. Its signature is for the clients to check.
[[nodiscard]] Staple load_staple(const std::string& file, X509* certificate, std::time_t now, ops::Findings& findings);

/// Makes a self-signed certificate for localhost, 127.0.0.1 and ::1 and its P-256 key, valid for 30 days, unless `certificate`
/// and `key` exist and are valid for another day. For development only. False when the files can't be written.
bool make_development_certificate(const std::string& certificate, const std::string& key);

}  // namespace sallyport::wire
