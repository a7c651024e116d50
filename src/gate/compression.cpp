// Which answers are compressed. The length of a compressed answer tells how well the client's input matches the rest of the
// answer. With a secret in the same answer, an attacker can guess the secret byte by byte (BREACH, CVE-2013-3587). So only answers
// without a secret are compressed.
#include "gate/compression.hpp"

#include "base/character_class.hpp"
#include "gate/rules.hpp"
#include "http/content_coding.hpp"

#include <algorithm>

namespace sallyport::gate {
namespace {

constexpr std::size_t worth_it = 1024;  // below, an answer fits the packet that goes anyhow

bool is_text(std::string_view type) noexcept {
  return type.starts_with("text/html") || type.starts_with("text/plain") || type.starts_with("application/json");
}

// The request carries no credentials, and the answer holds nothing that is for one client only.
bool without_secrets(const Exchange& exchange) noexcept {
  const http::RequestHead& head = exchange.head;
  return !exchange.user && exchange.answer.cookies.empty() && !head.has(http::KnownHeader::cookie) &&
         !head.has(http::KnownHeader::authorization);
}

}  // namespace

void compress(Exchange& exchange) {
  Answer& answer = exchange.answer;
  const std::string_view body = answer.bytes();
  if (body.size() < worth_it || body.size() > exchange.rules.compress_bytes) return;
  if (answer.source != BodySource::memory || !answer.content_coding.empty() || answer.status != 200) return;
  // An ETag, of a file or set by the handler, names exactly these bytes.
  const bool tagged = std::any_of(answer.fields.begin(), answer.fields.end(), [](const Response::Field& field) {
    return base::equal_ignoring_case(field.name, "etag");
  });
  if (!answer.etag.empty() || tagged) return;
  if (!is_text(answer.content_type) || !without_secrets(exchange)) return;
  answer.varies_by_coding = answer.kind != ResponseClass::asset;
  const auto accepted = http::AcceptEncoding::of(exchange.head);
  const auto coding = accepted.best({.br = true, .gzip = true});
  if (!coding || *coding == http::Coding::identity) return;
  std::string shorter;
  if (!http::compress(*coding, body, shorter)) return;
  answer.body = std::move(shorter);
  answer.fixed_body = {};
  answer.content_coding = http::coding_name(*coding);
}

}  // namespace sallyport::gate
