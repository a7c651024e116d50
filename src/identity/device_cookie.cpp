// `device.tag`: 128 random bits, and an HMAC over them and the account.
#include "identity/device_cookie.hpp"

#include "crypto/base64url.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/random.hpp"

namespace sallyport::identity {
namespace {
constexpr std::size_t device_size = crypto::base64_length(16);
}

// The device id has one length: nothing can be moved between it and the account.
std::string DeviceCookies::tag(std::string_view device, std::string_view account) const {
  const auto tag =
      mac_.sign_joined({crypto::bytes_of("device\n"), crypto::bytes_of(device), crypto::bytes_of(account)});
  return crypto::encode_base64url(tag);
}

std::optional<std::string_view> DeviceCookies::device_of(std::string_view value, std::string_view account) const {
  if (value.size() <= device_size || value[device_size] != '.') return std::nullopt;
  const std::string_view device = value.substr(0, device_size);
  const std::string expected = tag(device, account);
  if (!crypto::ct_equal(crypto::bytes_of(value.substr(device_size + 1)), crypto::bytes_of(expected)))
    return std::nullopt;
  return device;
}

std::string DeviceCookies::issue(std::string_view account) const {
  const std::string device = crypto::encode_base64url(crypto::random_128());
  std::string field(device_cookie_name);
  field.append("=").append(device).append(".").append(tag(device, account));
  field.append("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=34560000");
  return field;
}

}  // namespace sallyport::identity
