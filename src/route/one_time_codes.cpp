// Draws one-time codes, makes the digest that is kept of one, and compares what somebody has typed with it.
#include <sallyport/one_time_code.hpp>

#include "crypto/base64url.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "gate/security_event.hpp"
#include "identity/principal.hpp"
#include "route/call.hpp"
#include "route/service.hpp"
#include "route/this_request.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace sallyport {

namespace detail {

CodeDigits::CodeDigits(std::string_view digits) : VerifiedSecret(crypto::bytes_of(digits)) {}

CodeDigits CodeDigits::drawn(std::size_t count) {
  std::array<char, 16> digits{};
  for (std::size_t i = 0; i < count;) {
    std::array<unsigned char, 32> bytes{};
    crypto::random_bytes(bytes);
    for (std::size_t k = 0; k < bytes.size() && i < count; ++k) {
      if (bytes[k] < 250) digits[i++] = static_cast<char>('0' + bytes[k] % 10);  // the rest would favour 0 to 5
    }
    wipe(bytes);
  }
  CodeDigits code(std::string_view(digits.data(), count));
  code.ours_ = true;
  wipe({reinterpret_cast<unsigned char*>(digits.data()), digits.size()});
  return code;
}

bool CodeDigits::are_digits(std::string_view text, std::size_t count) noexcept {
  if (text.size() != count) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

CodeDigits CodeDigits::copy() const {
  CodeDigits other;
  Secret::expose([&](std::span<const unsigned char> bytes) {
    other = CodeDigits(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  });
  return other;
}

std::string CodeDigits::to_send() const {
  if (!ours_)
    throw std::logic_error("a code that a client has sent is not sent on: make one with OneTimeCode::random()");
  std::string text;
  Secret::expose([&](std::span<const unsigned char> bytes) {
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    note_taken(bytes, Taken::to_send);
  });
  return text;
}

}  // namespace detail

namespace {

using crypto::HmacSha256;

constexpr std::size_t tag_length = crypto::base64_length(HmacSha256::tag_size);

std::array<unsigned char, 8> big_endian(std::uint64_t number) noexcept {
  std::array<unsigned char, 8> bytes{};
  for (std::size_t i = 8; i > 0; number >>= 8) bytes[--i] = static_cast<unsigned char>(number & 0xff);
  return bytes;
}

// Every part with its length in front, so that no two of them run into each other.
HmacSha256::Tag tag_of(const HmacSha256& key, std::span<const unsigned char> digits, std::string_view account,
                       std::string_view purpose, std::uint64_t ends) {
  return key.sign_joined({big_endian(ends), big_endian(purpose.size()), crypto::bytes_of(purpose),
                          big_endian(account.size()), crypto::bytes_of(account), big_endian(digits.size()), digits});
}

std::uint64_t seconds_of(base::Clock::WallTime time) noexcept {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

const HmacSha256& key_of(const gate::Exchange& exchange) {
  const auto& key = route::call_of(exchange).service.codes;
  if (!key) throw std::logic_error("one-time codes need the service's key");
  return *key;
}

}  // namespace

std::string Codes::account_of(const SignedIn& me) { return identity::account_key(me.email); }

std::string Codes::digest_of(const detail::CodeDigits& code, const std::string& account, const CodePurpose& purpose,
                             std::chrono::seconds lifetime) const {
  if (lifetime < std::chrono::minutes(1) || lifetime > std::chrono::hours(24))
    throw std::invalid_argument("a one-time code lives for 1 minute to 24 hours");
  auto& exchange = static_cast<gate::Exchange&>(request_.get());
  const std::uint64_t ends = seconds_of(exchange.loop.clock.wall()) + static_cast<std::uint64_t>(lifetime.count());
  HmacSha256::Tag tag{};
  static_cast<const detail::Secret&>(code).expose([&](std::span<const unsigned char> digits) {
    tag = tag_of(key_of(exchange), digits, account, purpose.view(), ends);
  });
  return crypto::encode_base64url(tag) + '.' + std::to_string(ends);
}

Task<CodeMatch> CodeAttempt::compare(detail::HeldRequest request, detail::CodeDigits typed, std::string kept,
                                     CodePurpose purpose) {
  gate::Exchange& exchange = co_await route::ThisRequest(request);
  route::AttemptState& tried = route::call_of(exchange).attempt();
  if (std::exchange(tried.attempted, true))
    detail::misused("one request is one attempt: a second code in it would not be counted; ask for one");

  // What can't be read is compared as well, with a tag that nothing has.
  HmacSha256::Tag stored{};
  std::uint64_t ends = 0;
  bool readable = kept.size() > tag_length + 1 && kept[tag_length] == '.';
  if (readable) {
    const std::string_view text(kept);
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + tag_length + 1, end, ends);
    readable = number.ec == std::errc() && number.ptr == end &&
               crypto::decode_base64url(text.substr(0, tag_length), stored) == stored.size();
  }
  HmacSha256::Tag tag{};
  static_cast<const detail::Secret&>(typed).expose([&](std::span<const unsigned char> digits) {
    tag = tag_of(key_of(exchange), digits, tried.account, purpose.view(), ends);
  });
  const bool equal = crypto::ct_equal(tag, stored);
  const std::uint64_t now = seconds_of(exchange.loop.clock.wall());
  bool right = readable && equal && now < ends;
  if (right) {
    right = co_await gate::use_once(exchange, gate::AttemptLimit::code, crypto::text_of(tag),
                                    std::chrono::seconds(ends - now));
  }
  tried.refused = !right;
  tried.counted.state = right ? gate::Attempt::State::succeeded : gate::Attempt::State::failed;
  if (!right) gate::account_event(exchange, "authn_login_fail", "wrong code", tried.account);
  co_return CodeMatch(right);
}

}  // namespace sallyport
