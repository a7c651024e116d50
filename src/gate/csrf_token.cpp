// Makes and checks CSRF tokens.
#include "gate/csrf_token.hpp"

#include "crypto/base64url.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/random.hpp"

#include <array>
#include <chrono>

namespace sallyport::gate {
namespace {

constexpr std::size_t random_length = crypto::base64_length(16);
constexpr std::size_t tag_length = crypto::base64_length(crypto::HmacSha256::tag_size);

std::int64_t day_of(base::Clock::WallTime now) noexcept {
  return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
}

}  // namespace

crypto::HmacSha256::Tag CsrfTokens::tag(std::string_view random, std::string_view binding, std::int64_t day) const {
  crypto::HmacSha256::Tag secret = key_.sign(crypto::bytes_of("day " + std::to_string(day)));
  const crypto::HmacSha256 key_of_day(secret);
  sallyport::detail::wipe(secret);
  const std::string text = std::to_string(binding.size()) + "!" + std::string(binding) + "!" +
                           std::to_string(random.size()) + "!" + std::string(random);
  return key_of_day.sign(crypto::bytes_of(text));
}

std::string CsrfTokens::issue(std::string_view binding, base::Clock::WallTime now) const {
  const std::string random = crypto::encode_base64url(crypto::random_128());
  return random + "." + crypto::encode_base64url(tag(random, binding, day_of(now)));
}

bool CsrfTokens::verify(std::string_view token, std::string_view binding, base::Clock::WallTime now) const {
  if (token.size() != random_length + 1 + tag_length || token[random_length] != '.') return false;
  const std::string_view random = token.substr(0, random_length);
  crypto::HmacSha256::Tag given;
  const auto size = crypto::decode_base64url(token.substr(random_length + 1), given);
  if (size != given.size()) return false;
  const std::int64_t today = day_of(now);
  const bool of_today = crypto::ct_equal(tag(random, binding, today), given);
  const bool of_yesterday = crypto::ct_equal(tag(random, binding, today - 1), given);
  return of_today || of_yesterday;
}

}  // namespace sallyport::gate
