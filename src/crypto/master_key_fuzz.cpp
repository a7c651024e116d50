// Any bytes as the content of a key file or as a new password: an answer, never a crash.
#include "crypto/master_key.hpp"

#include <cstdlib>

#include "crypto/password_policy.hpp"

using namespace sallyport::crypto;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  KeyFinding finding{};
  const auto key = MasterKey::parse({data, size}, finding);
  if (key.has_value() != (finding == KeyFinding::none)) std::abort();

  sallyport::PasswordFlaw flaw{};
  const auto password = sallyport::detail::PasswordReader::new_password(text_of({data, size}), flaw);
  if (password.has_value() != (flaw == sallyport::PasswordFlaw::none)) std::abort();
  if (password) (void)own_data_flaw(*password, text_of({data, size / 2}), text_of({data, size}));
  return 0;
}
