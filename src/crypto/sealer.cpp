// AES-256-GCM of OpenSSL, with a key for each text.
#include "crypto/sealer.hpp"

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace sallyport::crypto {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Cipher new_cipher() {
  Cipher cipher(EVP_CIPHER_CTX_new());
  if (!cipher) throw std::bad_alloc();
  return cipher;
}

int size_of(std::size_t size) noexcept { return static_cast<int>(size); }

// A key is used once: its nonce is always the same.
constexpr std::array<unsigned char, 12> nonce{};

bool start(EVP_CIPHER_CTX* cipher, std::span<const unsigned char> key, std::string_view place, bool seals) {
  const ByteView bytes = bytes_of(place);
  int written = 0;
  return EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), nullptr, key.data(), nonce.data(), seals ? 1 : 0) == 1 &&
         EVP_CipherUpdate(cipher, nullptr, &written, bytes.data(), size_of(bytes.size())) == 1;
}

}  // namespace

std::string Sealer::seal(std::string_view text, std::string_view place) const {
  std::vector<unsigned char> out(salt_size + text.size() + tag_size);
  const std::span<unsigned char> salt = std::span(out).first(salt_size);
  random_bytes(salt);
  HmacSha256::Tag key = keys_.sign(salt);
  const Cipher cipher = new_cipher();
  const ByteView plain = bytes_of(text);
  unsigned char* const sealed = out.data() + salt_size;
  int written = 0;
  int rest = 0;
  const bool done =
      start(cipher.get(), key, place, true) &&
      EVP_CipherUpdate(cipher.get(), sealed, &written, plain.data(), size_of(plain.size())) == 1 &&
      EVP_CipherFinal_ex(cipher.get(), sealed + written, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, size_of(tag_size), sealed + plain.size()) == 1;
  sallyport::detail::wipe(key);
  if (!done) throw std::bad_alloc();  // nothing else fails: the sizes are bounded and the algorithm is built in
  return encode_base64url(out);
}

std::optional<std::string> Sealer::open(std::string_view sealed, std::string_view place) const {
  if (sealed.size() > max_sealed || sealed.size() < base64_length(salt_size + tag_size)) return std::nullopt;
  std::vector<unsigned char> bytes(sealed.size());
  const auto size = decode_base64url(sealed, bytes);
  if (!size || *size < salt_size + tag_size) return std::nullopt;
  bytes.resize(*size);
  HmacSha256::Tag key = keys_.sign(std::span(bytes).first(salt_size));
  const Cipher cipher = new_cipher();
  const std::size_t length = bytes.size() - salt_size - tag_size;
  std::vector<unsigned char> plain(length + 1);  // so that its address is one, of an empty text too
  int written = 0;
  int rest = 0;
  const bool opened =
      start(cipher.get(), key, place, false) &&
      EVP_CipherUpdate(cipher.get(), plain.data(), &written, bytes.data() + salt_size, size_of(length)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, size_of(tag_size), bytes.data() + salt_size + length) ==
          1 &&
      EVP_CipherFinal_ex(cipher.get(), plain.data() + written, &rest) == 1;
  sallyport::detail::wipe(key);
  if (!opened) {
    sallyport::detail::wipe(plain);
    return std::nullopt;
  }
  return std::string(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(length));
}

}  // namespace sallyport::crypto
