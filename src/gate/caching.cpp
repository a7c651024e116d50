// Tags of answers, and which answers may be kept.
#include "gate/caching.hpp"

#include <sallyport/cache.hpp>

#include "base/character_class.hpp"
#include "crypto/base64url.hpp"
#include "gate/header_merge.hpp"
#include "gate/refusal.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <stdexcept>

namespace sallyport::gate {
namespace {

constexpr std::size_t tag_bytes = 16;

// A 200 that lies in memory, and holds nothing that is good once.
bool may_be_kept(const Exchange& exchange) noexcept {
  const Answer& answer = exchange.answer;
  return (answer.status == 200 || answer.status == 206) && answer.source == BodySource::memory &&
         answer.cookies.empty() && !answer.clear_site_data && answer.nonce.empty() &&
         (exchange.head.method == http::Method::get || exchange.head_only());
}

std::string control_of(const sallyport::detail::CacheFacts& cache) {
  std::string value(cache.is_public ? "public, max-age=" : "private, max-age=");
  value += std::to_string(cache.time.count());
  if (cache.time.count() == 0) value += ", must-revalidate";
  return value;
}

}  // namespace

std::string tag_of(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return '"' + crypto::encode_base64url(std::span(digest).first<tag_bytes>()) + '"';
}

bool conditions_hold(Exchange& exchange, const http::Validators& current) {
  const auto now = std::chrono::floor<std::chrono::seconds>(exchange.loop.clock.wall()).time_since_epoch().count();
  switch (http::evaluate(exchange.head.method, http::preconditions_of(exchange.head), current, now)) {
    case http::Verdict::proceed:
      return true;
    case http::Verdict::not_modified:
      exchange.answer.status = 304;
      return false;
    case http::Verdict::failed:
      refuse(exchange, problems::precondition_failed);
      return false;
  }
  return true;
}

void allow_caching(Exchange& exchange) {
  Answer& answer = exchange.answer;
  if (!exchange.facts || !exchange.facts->cache) return;
  // Of `Bytes`, whose tag is there already, the client may have what it asks for.
  const bool kept_by_tag = answer.status == 304 && !answer.etag.empty();
  if (!kept_by_tag && !may_be_kept(exchange)) return;
  if (answer.etag.empty()) {
    const auto own = std::find_if(answer.fields.begin(), answer.fields.end(), [](const Response::Field& field) {
      return base::equal_ignoring_case(field.name, "etag");
    });
    const std::string tag = own != answer.fields.end() ? own->value : tag_of(answer.bytes());
    if (own == answer.fields.end()) answer.etag = tag;
    if (!conditions_hold(exchange, {.etag = tag}) && answer.status != 304) return;
  }
  answer.left_out |= cache_control_row;
  answer.fields.push_back({"Cache-Control", control_of(*exchange.facts->cache)});
}

}  // namespace sallyport::gate
