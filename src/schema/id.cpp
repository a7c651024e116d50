// Ids: drawn from the system's random generator, written as base64url.
#include <sallyport/id.hpp>

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"

namespace sallyport::detail {

static_assert(crypto::base64_length(sizeof(IdBytes)) == id_text_length);

IdBytes random_id() noexcept { return crypto::random_128(); }

std::optional<IdBytes> parse_id(std::string_view text) noexcept {
  IdBytes bytes{};
  if (text.size() != id_text_length || !crypto::decode_base64url(text, bytes)) return std::nullopt;
  return bytes;
}

void write_id(const IdBytes& bytes, char* out) noexcept { crypto::encode_base64(bytes, out, crypto::Base64::url); }

}  // namespace sallyport::detail
