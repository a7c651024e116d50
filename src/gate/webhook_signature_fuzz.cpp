// Any text as the field of a signature, in each form: what is read is inside the text and within bounds.
#include "gate/webhook_signature.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace sallyport;

void read(const WebhookScheme& scheme, std::string_view text, const std::vector<http::HeaderField>& others) {
  std::vector<http::HeaderField> fields = others;
  fields.push_back({scheme.signature, text});
  gate::SignedHead head;
  if (gate::read_signed_head(scheme, fields, 1000, head) != gate::SignatureFault::none) return;
  if (head.signature_count == 0 || head.signature_count > gate::SignedHead::most_signatures) std::abort();
  if (head.id.size() > gate::SignedHead::longest_id || head.timestamp.size() > 12) std::abort();
  const std::vector<crypto::HmacSha256> none;
  crypto::HmacSha256::Tag first{};
  if (gate::verify_signature(scheme, none, head, text, first)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(GithubWebhook<"a">::scheme, text, {{"X-GitHub-Delivery", text}});
  read(StripeWebhook<"a">::scheme, text, {});
  read(SlackWebhook<"a">::scheme, text, {{"X-Slack-Request-Timestamp", "1000"}});
  read(StandardWebhook<"a">::scheme, text, {{"webhook-timestamp", "1000"}, {"webhook-id", "msg_1"}});
  return 0;
}
