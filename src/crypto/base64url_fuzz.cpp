// Any text as base64: what is decoded is encoded back to the same text, and nothing is written beyond its size.
#include "crypto/base64url.hpp"

#include <cstdlib>
#include <vector>

using namespace sallyport::crypto;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text = text_of({data, size});
  for (const Base64 form : {Base64::url, Base64::padded, Base64::unpadded}) {
    const auto expected = base64_decoded_size(text, form);
    if (!expected) continue;
    std::vector<unsigned char> bytes(*expected);
    const auto decoded = decode_base64(text, bytes, form);
    if (decoded && (*decoded != *expected || encode_base64(bytes, form) != text)) std::abort();
  }
  return 0;
}
