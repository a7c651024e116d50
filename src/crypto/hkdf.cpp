// HKDF-SHA-256: extract, then expand.
#include "crypto/hkdf.hpp"

#include <algorithm>

#include "crypto/mac.hpp"

namespace sallyport::crypto {
namespace {

struct WipedTag {
  HmacSha256::Tag bytes{};
  ~WipedTag() { detail::wipe(bytes); }
};

}  // namespace

bool hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<unsigned char> out) {
  if (out.size() > hkdf_sha256_max) return false;
  WipedTag extracted;
  extracted.bytes = HmacSha256{salt}.sign(key);  // RFC 5869 §2.2; HMAC pads "no salt" to the zeros it asks for
  const HmacSha256 expand{extracted.bytes};

  WipedTag block;
  std::size_t block_size = 0;  // T(0) is empty
  for (unsigned char counter = 1; !out.empty(); ++counter) {
    block.bytes = expand.sign_joined({ByteView{block.bytes}.first(block_size), info, {&counter, 1}});
    block_size = block.bytes.size();
    const std::size_t taken = std::min(out.size(), block_size);
    std::copy_n(block.bytes.begin(), taken, out.begin());
    out = out.subspan(taken);
  }
  return true;
}

}  // namespace sallyport::crypto
