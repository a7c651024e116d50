// The TLS context for connections to other machines.
#pragma once

#include "net/openssl.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace sallyport::net {

enum class TrustProblem : std::uint8_t {
  none,
  openssl,      ///< no memory, mostly
  authorities,  ///< the system's can't be read
  file,         ///< the file given can't be read as certificates in PEM
};

/// TLS 1.2 or later, with verification by the authorities in the PEM file `ca`, or by the system's where it is empty. Null, and why.
[[nodiscard]] std::shared_ptr<SSL_CTX> make_client_tls(const std::string& ca, TrustProblem& problem);

}  // namespace sallyport::net
