// The text form of an Argon2id hash, read with no leniency: what is stored was written here.
#include "crypto/phc.hpp"

#include <charconv>

#include "crypto/base64url.hpp"

namespace sallyport::crypto {
namespace {

/// Reads a text from left to right; once something does not fit, nothing fits any more.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  void expect(std::string_view literal) noexcept {
    if (rest_.starts_with(literal)) {
      rest_.remove_prefix(literal.size());
    } else {
      ok_ = false;
    }
  }

  /// A decimal number without sign or leading zeros.
  std::uint32_t number() noexcept {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{} || rest_.front() == '0') {
      ok_ = false;
      return 0;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  /// Base64 up to the next '$' or the end; how many bytes there were.
  std::size_t bytes(std::span<unsigned char> out) noexcept {
    const std::string_view text = rest_.substr(0, rest_.find('$'));
    const auto size = decode_base64(text, out, Base64::unpadded);
    ok_ = ok_ && size.has_value();
    rest_.remove_prefix(text.size());
    return size.value_or(0);
  }

  [[nodiscard]] bool finished() const noexcept { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

bool computable(const Argon2Parameters& p) noexcept {
  return p.parallelism >= 1 && p.parallelism <= argon2_cap.parallelism &&  //
         p.iterations >= 1 && p.iterations <= argon2_cap.iterations &&     //
         p.memory_kib >= 8 * p.parallelism && p.memory_kib <= argon2_cap.memory_kib;
}

std::optional<Argon2Hash> read_phc(std::string_view text) noexcept {
  Argon2Hash hash;
  Reader reader{text};
  reader.expect("$argon2id$v=19$m=");
  hash.parameters.memory_kib = reader.number();
  reader.expect(",t=");
  hash.parameters.iterations = reader.number();
  reader.expect(",p=");
  hash.parameters.parallelism = reader.number();
  reader.expect("$");
  hash.salt_size = reader.bytes(hash.salt_bytes);
  reader.expect("$");
  hash.tag_size = reader.bytes(hash.tag_bytes);
  if (!reader.finished() || !computable(hash.parameters) || hash.salt_size < Argon2Hash::min_salt ||
      hash.tag_size < Argon2Hash::min_tag)
    return std::nullopt;
  return hash;
}

std::string write_phc(const Argon2Hash& hash) {
  const Argon2Parameters& p = hash.parameters;
  return "$argon2id$v=19$m=" + std::to_string(p.memory_kib) + ",t=" + std::to_string(p.iterations) +
         ",p=" + std::to_string(p.parallelism) + '$' + encode_base64(hash.salt(), Base64::unpadded) + '$' +
         encode_base64(hash.tag(), Base64::unpadded);
}

}  // namespace sallyport::crypto
