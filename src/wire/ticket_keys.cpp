// Making, rotating and using the keys of session tickets: AES-256-CBC and HMAC-SHA-256 (RFC 5077 4).
#include "wire/ticket_keys.hpp"

#include "crypto/random.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <span>

namespace sallyport::wire {
namespace {

bool set_mac_key(EVP_MAC_CTX* mac, std::span<unsigned char> key) noexcept {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

}  // namespace

TicketKeys::Key::Key(base::Clock::SteadyTime now) noexcept : born(now) {
  crypto::random_bytes(name);
  crypto::random_bytes(encryption);
  crypto::random_bytes(authentication);
}

TicketKeys::Key::~Key() {
  OPENSSL_cleanse(encryption.data(), encryption.size());
  OPENSSL_cleanse(authentication.data(), authentication.size());
}

void TicketKeys::turn() noexcept {
  const std::lock_guard lock(mutex_);
  turn_locked();
}

void TicketKeys::turn_locked() noexcept {
  const auto now = clock_.now();
  const auto age = [now](const Key& key) { return now - key.born; };
  if (current_ && age(*current_) >= seals_for) {
    previous_ = current_;
    current_.reset();
  }
  if (previous_ && age(*previous_) >= lives_for) previous_.reset();
  if (!current_) current_.emplace(now);
}

int TicketKeys::seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) noexcept {
  const std::lock_guard lock(mutex_);
  turn_locked();
  std::copy(current_->name.begin(), current_->name.end(), name);
  crypto::random_bytes({iv, static_cast<std::size_t>(EVP_CIPHER_get_iv_length(EVP_aes_256_cbc()))});
  const bool ready = EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, current_->encryption.data(), iv) == 1 &&
                     set_mac_key(mac, current_->authentication);
  return ready ? 1 : -1;
}

int TicketKeys::open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) noexcept {
  const std::lock_guard lock(mutex_);
  turn_locked();
  const auto is_named = [name](const auto& key) { return key && std::equal(key->name.begin(), key->name.end(), name); };
  const bool is_current = is_named(current_);
  if (!is_current && !is_named(previous_)) return 0;
  Key& key = is_current ? *current_ : *previous_;
  const bool ready = EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.encryption.data(), iv) == 1 &&
                     set_mac_key(mac, key.authentication);
  return !ready ? -1 : is_current ? 1 : 2;
}

}  // namespace sallyport::wire
