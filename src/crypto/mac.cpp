// HMAC-SHA-256 over prepared hash states.
#include "crypto/mac.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

#include "crypto/constant_time.hpp"

namespace sallyport::crypto {
namespace {

constexpr std::size_t sha256_block = 64;

/// An EVP call fails only for want of memory here: every argument is fixed or checked.
void need(int ok) {
  if (ok != 1) throw std::bad_alloc{};
}

/// Fetched once: a fetch per message costs more than the message. Lives as long as the process, like OpenSSL itself.
const EVP_MD* sha256() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (digest == nullptr) throw std::bad_alloc{};
  return digest;
}

}  // namespace

void HmacSha256::FreeDigest::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

HmacSha256::Digest HmacSha256::new_digest() {
  Digest digest{EVP_MD_CTX_new()};
  if (!digest) throw std::bad_alloc{};
  return digest;
}

void HmacSha256::prepare(ByteView key) {
  struct Block {
    std::array<unsigned char, sha256_block> bytes{};
    ~Block() { detail::wipe(bytes); }
  } block;
  if (key.size() > block.bytes.size()) {  // RFC 2104 §2: a key longer than a block is hashed first
    need(EVP_Digest(key.data(), key.size(), block.bytes.data(), nullptr, sha256(), nullptr));
  } else {
    std::copy(key.begin(), key.end(), block.bytes.begin());
  }
  const auto start = [&](Digest& digest, unsigned char flip) {
    for (unsigned char& byte : block.bytes) byte ^= flip;
    need(EVP_DigestInit_ex2(digest.get(), sha256(), nullptr));
    need(EVP_DigestUpdate(digest.get(), block.bytes.data(), block.bytes.size()));
  };
  start(inner_, 0x36);
  start(outer_, 0x36 ^ 0x5C);  // undoes the first flip
}

HmacSha256::HmacSha256(ByteView key) : inner_(new_digest()), outer_(new_digest()) { prepare(key); }

HmacSha256::HmacSha256(const detail::Secret& key) : inner_(new_digest()), outer_(new_digest()) {
  key.expose([this](ByteView bytes) { prepare(bytes); });
}

HmacSha256::Tag HmacSha256::sign_joined(std::initializer_list<ByteView> parts) const {
  thread_local const Digest working = new_digest();
  Tag tag;
  need(EVP_MD_CTX_copy_ex(working.get(), inner_.get()));
  for (const ByteView part : parts) need(EVP_DigestUpdate(working.get(), part.data(), part.size()));
  need(EVP_DigestFinal_ex(working.get(), tag.data(), nullptr));
  need(EVP_MD_CTX_copy_ex(working.get(), outer_.get()));
  need(EVP_DigestUpdate(working.get(), tag.data(), tag.size()));
  need(EVP_DigestFinal_ex(working.get(), tag.data(), nullptr));
  return tag;
}

bool HmacSha256::verify(ByteView message, ByteView tag) const { return ct_equal(sign(message), tag); }

}  // namespace sallyport::crypto
