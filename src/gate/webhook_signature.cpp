// Reads what a scheme describes, strictly: one text per signature, so that a delivery has no second spelling.
#include "gate/webhook_signature.hpp"

#include "base/character_class.hpp"
#include "crypto/base64url.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hex.hpp"

#include <string>

namespace sallyport::gate {
namespace {

constexpr std::size_t longest_time = 12;  // digits

enum class Found : std::uint8_t { no, once, twice };

Found field_of(std::span<const http::HeaderField> fields, std::string_view name, std::string_view& value) noexcept {
  Found found = Found::no;
  for (const http::HeaderField& field : fields) {
    if (!base::equal_ignoring_case(field.name, name)) continue;
    if (found != Found::no) return Found::twice;
    found = Found::once;
    value = field.value;
  }
  return found;
}

SignatureFault fault_of(Found found, std::string_view value) noexcept {
  if (found == Found::twice) return SignatureFault::malformed;
  return found == Found::no || value.empty() ? SignatureFault::missing : SignatureFault::none;
}

bool add_signature(SignatureEncoding encoding, std::string_view text, SignedHead& out) noexcept {
  if (out.signature_count == SignedHead::most_signatures) return false;
  crypto::HmacSha256::Tag& tag = out.signatures[out.signature_count];
  const bool good = encoding == SignatureEncoding::hex
                        ? crypto::decode_hex(text, tag)
                        : text.size() == crypto::base64_length(tag.size(), crypto::Base64::padded) &&
                              crypto::decode_base64(text, tag, crypto::Base64::padded) == tag.size();
  if (good) ++out.signature_count;
  return good;
}

// Without those of other versions.
SignatureFault read_spaced(const WebhookScheme& scheme, std::string_view value, SignedHead& out) noexcept {
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(' '));
    value.remove_prefix(one.size() == value.size() ? one.size() : one.size() + 1);
    if (!one.starts_with(scheme.prefix)) continue;
    if (!add_signature(scheme.encoding, one.substr(scheme.prefix.size()), out)) return SignatureFault::malformed;
  }
  return out.signature_count == 0 ? SignatureFault::missing : SignatureFault::none;
}

SignatureFault read_pairs(const WebhookScheme& scheme, std::string_view value, SignedHead& out) noexcept {
  while (!value.empty()) {
    std::string_view pair = value.substr(0, value.find(','));
    value.remove_prefix(pair.size() == value.size() ? pair.size() : pair.size() + 1);
    if (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) return SignatureFault::malformed;
    const std::string_view name = pair.substr(0, equals);
    const std::string_view content = pair.substr(equals + 1);
    if (!scheme.timestamp.empty() && name == scheme.timestamp) {
      if (!out.timestamp.empty()) return SignatureFault::malformed;
      out.timestamp = content;
    } else if (name == scheme.prefix && !add_signature(scheme.encoding, content, out)) {
      return SignatureFault::malformed;
    }
  }
  return out.signature_count == 0 ? SignatureFault::missing : SignatureFault::none;
}

SignatureFault read_signatures(const WebhookScheme& scheme, std::string_view value, SignedHead& out) noexcept {
  switch (scheme.form) {
    case SignatureForm::spaced:
      return read_spaced(scheme, value, out);
    case SignatureForm::pairs:
      return read_pairs(scheme, value, out);
    case SignatureForm::one:
      break;
  }
  if (!value.starts_with(scheme.prefix)) return SignatureFault::malformed;
  const bool good = add_signature(scheme.encoding, value.substr(scheme.prefix.size()), out);
  return good ? SignatureFault::none : SignatureFault::malformed;
}

SignatureFault read_time(const WebhookScheme& scheme, std::string_view text, std::int64_t now) noexcept {
  if (text.empty()) return SignatureFault::missing;
  if (text.size() > longest_time) return SignatureFault::malformed;
  std::int64_t sent = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return SignatureFault::malformed;
    sent = sent * 10 + (c - '0');
  }
  const std::int64_t tolerance = scheme.tolerance.count();
  if (sent < now - tolerance) return SignatureFault::old;
  return sent > now + tolerance ? SignatureFault::early : SignatureFault::none;
}

// It goes into what is signed, beside the separators of the scheme.
bool is_id(std::string_view id) noexcept {
  if (id.size() > SignedHead::longest_id) return false;
  for (const char c : id) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

// What stands before and behind the body in what is signed.
struct Around {
  std::string before;
  std::string behind;
};
Around around_body(const WebhookScheme& scheme, const SignedHead& head) {
  Around around;
  std::string* out = &around.before;
  for (std::string_view rest = scheme.signs; !rest.empty();) {
    const std::size_t open = rest.find('{');
    out->append(rest.substr(0, open));
    if (open == rest.npos) break;
    rest.remove_prefix(open + 1);
    const std::string_view name = rest.substr(0, rest.find('}'));
    rest.remove_prefix(name.size() + 1);
    if (name == "body") {
      out = &around.behind;
    } else {
      out->append(name == "timestamp" ? head.timestamp : head.id);
    }
  }
  return around;
}

}  // namespace

SignatureFault read_signed_head(const WebhookScheme& scheme, std::span<const http::HeaderField> fields,
                                std::int64_t now, SignedHead& out) noexcept {
  out.signature_count = 0;
  out.timestamp = out.id = {};
  std::string_view value;
  SignatureFault fault = fault_of(field_of(fields, scheme.signature, value), value);
  if (fault == SignatureFault::none) fault = read_signatures(scheme, value, out);
  if (fault != SignatureFault::none) return fault;
  if (!scheme.timestamp.empty()) {
    if (scheme.form != SignatureForm::pairs) {
      fault = fault_of(field_of(fields, scheme.timestamp, out.timestamp), out.timestamp);
      if (fault != SignatureFault::none) return fault;
    }
    fault = read_time(scheme, out.timestamp, now);
    if (fault != SignatureFault::none) return fault;
  }
  if (!scheme.id.empty()) {
    fault = fault_of(field_of(fields, scheme.id, out.id), out.id);
    if (fault != SignatureFault::none) return fault;
    if (!is_id(out.id)) return SignatureFault::malformed;
  }
  return SignatureFault::none;
}

bool verify_signature(const WebhookScheme& scheme, std::span<const crypto::HmacSha256> keys, const SignedHead& head,
                      std::string_view body, crypto::HmacSha256::Tag& first) {
  const Around around = around_body(scheme, head);
  unsigned right = 0;
  for (std::size_t key = 0; key < keys.size(); ++key) {
    const crypto::HmacSha256::Tag tag = keys[key].sign_joined(
        {crypto::bytes_of(around.before), crypto::bytes_of(body), crypto::bytes_of(around.behind)});
    if (key == 0) first = tag;
    for (std::size_t i = 0; i < head.signature_count; ++i)
      right |= static_cast<unsigned>(crypto::ct_equal(tag, head.signatures[i]));
  }
  return right != 0;
}

}  // namespace sallyport::gate
