// Any text as a stored password hash: what is read is within bounds and is written back as it was.
#include "crypto/phc.hpp"

#include <cstdlib>

using namespace sallyport::crypto;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = text_of({data, size});
  if (const auto hash = read_phc(text))
    if (!computable(hash->parameters) || write_phc(*hash) != text) std::abort();
  return 0;
}
