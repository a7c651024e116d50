// Reading e-mail addresses whose domain may be in any script (IDNA 2008, by libidn2).
#include <sallyport/text.hpp>

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sallyport {
namespace {

// The domain as the DNS knows it: a label that is not ASCII becomes `xn--…`. Nothing where IDNA 2008 has no such domain.
std::optional<std::string> in_ascii(std::string_view domain) {
  std::string text(domain);
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return text;
  char* made = nullptr;
  const int code = idn2_to_ascii_8z(text.c_str(), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, void (*)(void*)> owner(made, idn2_free);
  if (code != IDN2_OK) return std::nullopt;
  return std::string(made);
}

}  // namespace

Parsed<Email> Email::parse(std::string_view text) {
  if (text.size() > max_length) return InputError::too_long;
  const std::size_t at = text.rfind('@');
  const auto domain = at == text.npos ? std::nullopt : in_ascii(text.substr(at + 1));
  if (!domain) return InputError::format;
  const std::string address = std::string(text.substr(0, at + 1)) + *domain;
  if (address.size() > max_length) return InputError::too_long;
  auto email = from_storage(address);
  if (!email) return InputError::format;
  return std::move(*email);
}

}  // namespace sallyport
