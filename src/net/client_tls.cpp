// OpenSSL's defaults trust no authority and verify nothing: both are set here.
#include "net/client_tls.hpp"

#include <openssl/err.h>

namespace sallyport::net {

std::shared_ptr<SSL_CTX> make_client_tls(const std::string& ca, TrustProblem& problem) {
  problem = TrustProblem::none;
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    problem = TrustProblem::openssl;
  } else {
    SSL_CTX_set_security_level(context.get(), 2);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    const int loaded = ca.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                  : SSL_CTX_load_verify_file(context.get(), ca.c_str());
    if (loaded != 1) problem = ca.empty() ? TrustProblem::authorities : TrustProblem::file;
  }
  ERR_clear_error();
  return problem == TrustProblem::none ? std::shared_ptr<SSL_CTX>(std::move(context)) : nullptr;
}

}  // namespace sallyport::net
