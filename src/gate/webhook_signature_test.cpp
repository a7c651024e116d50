// Signatures of webhooks: the vectors that senders publish, and what is not taken for a signature.
#include "gate/webhook_signature.hpp"

#include "crypto/base64url.hpp"
#include "crypto/hex.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::gate {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct OneField {
  static constexpr WebhookScheme scheme{.secret = "one",
                                        .signature = "X-Signature",
                                        .encoding = SignatureEncoding::base64,
                                        .signs = "{body}|{id}",
                                        .id = "X-Id"};
};

std::string key_bytes(const WebhookScheme& scheme, std::string secret) {
  if (!scheme.secret_in_base64) return secret;
  secret.erase(0, 6);
  std::string bytes(64, '\0');
  const std::span<unsigned char> out(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
  bytes.resize(crypto::decode_base64(secret, out, crypto::Base64::padded).value_or(0));
  return bytes;
}

SignatureFault head_of(const WebhookScheme& scheme, const Fields& fields, std::int64_t now, SignedHead& head) {
  std::vector<http::HeaderField> views;
  views.reserve(fields.size());
  for (const auto& [name, value] : fields) views.push_back({name, value});
  return read_signed_head(scheme, views, now, head);
}

SignatureFault check(const WebhookScheme& scheme, const std::vector<std::string>& secrets, const Fields& fields,
                     std::string_view body, std::int64_t now) {
  SignedHead head;
  const SignatureFault fault = head_of(scheme, fields, now, head);
  if (fault != SignatureFault::none) return fault;
  std::vector<crypto::HmacSha256> keys;
  keys.reserve(secrets.size());
  for (const std::string& secret : secrets) keys.emplace_back(crypto::bytes_of(key_bytes(scheme, secret)));
  crypto::HmacSha256::Tag first{};
  return verify_signature(scheme, keys, head, body, first) ? SignatureFault::none : SignatureFault::wrong;
}

// docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
TEST(WebhookSignature, VectorOfGithub) {
  const auto& scheme = GithubWebhook<"github">::scheme;
  const Fields fields{
      {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
      {"x-hub-signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}};
  EXPECT_EQ(check(scheme, {"It's a Secret to Everybody"}, fields, "Hello, World!", 0), SignatureFault::none);
  EXPECT_EQ(check(scheme, {"It's a Secret to Everybody"}, fields, "Hello, World?", 0), SignatureFault::wrong);
  EXPECT_EQ(check(scheme, {"It's a secret to everybody"}, fields, "Hello, World!", 0), SignatureFault::wrong);
  EXPECT_EQ(check(scheme, {"the new one, not used yet", "It's a Secret to Everybody"}, fields, "Hello, World!", 0),
            SignatureFault::none);
}

// The tests of stripe-dotnet: EventUtilityTest.cs with event_test_signature.json; those of async-stripe have the same.
constexpr std::string_view stripe_event = R"({
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "ii_123",
      "object": "invoiceitem",
      "amount": 1000,
      "currency": "usd",
      "customer": "cus_123",
      "date": 1533204620,
      "description": "Test Invoice Item",
      "discountable": false,
      "invoice": "in_123",
      "livemode": false,
      "metadata": {},
      "period": {
        "start": 1533204620,
        "end": 1533204620
      },
      "plan": null,
      "proration": false,
      "quantity": null,
      "subscription": null
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "invoiceitem.created"
}
)";

TEST(WebhookSignature, VectorOfStripe) {
  const auto& scheme = StripeWebhook<"stripe">::scheme;
  const Fields fields{{"Stripe-Signature",
                       "t=1533204620,v1=f0bdba6d4eacbd8ad8a3bbadd7248e633ec1477f7899c124c51b39405fa36613,"
                       "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"}};
  const auto at = [&](std::int64_t now) { return check(scheme, {"webhook_secret"}, fields, stripe_event, now); };
  EXPECT_EQ(at(1533204620), SignatureFault::none);
  EXPECT_EQ(at(1533204620 + 300), SignatureFault::none);
  EXPECT_EQ(at(1533204620 - 300), SignatureFault::none);
  EXPECT_EQ(at(1533204620 + 301), SignatureFault::old);
  EXPECT_EQ(at(1533204620 - 301), SignatureFault::early);
  EXPECT_EQ(check(scheme, {"webhook_secre2"}, fields, stripe_event, 1533204620), SignatureFault::wrong);
}

// api.slack.com, "Verifying requests from Slack".
TEST(WebhookSignature, VectorOfSlack) {
  const auto& scheme = SlackWebhook<"slack">::scheme;
  const std::string body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
      "foobar&"
      "user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack."
      "com%"
      "2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  Fields fields{{"X-Slack-Request-Timestamp", "1531420618"},
                {"X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}};
  const std::vector<std::string> secrets{"8f742231b10e8888abcd99yyyzzz85a5"};
  EXPECT_EQ(check(scheme, secrets, fields, body, 1531420618), SignatureFault::none);
  EXPECT_EQ(check(scheme, secrets, fields, body + "&", 1531420618), SignatureFault::wrong);
  fields[0].second = "1531420619";
  EXPECT_EQ(check(scheme, secrets, fields, body, 1531420618), SignatureFault::wrong);
}

// docs.svix.com, "Verifying webhooks manually"; the libraries of standard-webhooks test with the same.
TEST(WebhookSignature, VectorOfStandardWebhooks) {
  const auto& scheme = StandardWebhook<"standard">::scheme;
  const std::vector<std::string> secrets{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const std::string right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const auto with = [&](const std::string& signature, const std::string& id = "msg_p5jXN8AQM9LWM0D4loKWxJek") {
    const Fields fields{{"webhook-id", id}, {"webhook-timestamp", "1614265330"}, {"webhook-signature", signature}};
    return check(scheme, secrets, fields, R"({"test": 2432232314})", 1614265330);
  };
  EXPECT_EQ(with(right), SignatureFault::none);
  // While the sender changes its secret, and beside other versions.
  EXPECT_EQ(with("v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= " + right), SignatureFault::none);
  EXPECT_EQ(
      with("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== " + right),
      SignatureFault::none);
  EXPECT_EQ(with("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="),
            SignatureFault::missing);
  EXPECT_EQ(with("v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="), SignatureFault::wrong);
  EXPECT_EQ(with(right, "msg_p5jXN8AQM9LWM0D4loKWxJel"), SignatureFault::wrong);
  EXPECT_EQ(with(right, "msg p5"), SignatureFault::malformed);
  EXPECT_EQ(with(right, std::string(257, 'a')), SignatureFault::malformed);
}

TEST(WebhookSignature, HasOneSpelling) {
  const auto& scheme = GithubWebhook<"github">::scheme;
  const std::string digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const auto with = [&](Fields fields) {
    fields.emplace_back("X-GitHub-Delivery", "1");
    return check(scheme, {"It's a Secret to Everybody"}, fields, "Hello, World!", 0);
  };
  const auto signed_as = [&](const std::string& value) { return with({{"X-Hub-Signature-256", value}}); };
  EXPECT_EQ(signed_as("sha256=" + digits), SignatureFault::none);
  EXPECT_EQ(signed_as(""), SignatureFault::missing);
  EXPECT_EQ(with({}), SignatureFault::missing);
  for (const std::string& value :
       {digits, "SHA256=" + digits, "sha1=" + digits, "sha256=" + digits.substr(1), "sha256=" + digits + "0",
        "sha256= " + digits, "sha256=" + digits + ",sha256=" + digits, "sha256=" + std::string(64, 'g'),
        std::string("sha256=")})
    EXPECT_EQ(signed_as(value), SignatureFault::malformed) << value;
  EXPECT_EQ(with({{"X-Hub-Signature-256", "sha256=" + digits}, {"x-hub-signature-256", "sha256=" + digits}}),
            SignatureFault::malformed);
  EXPECT_EQ(
      check(scheme, {"It's a Secret to Everybody"}, {{"X-Hub-Signature-256", "sha256=" + digits}}, "Hello, World!", 0),
      SignatureFault::missing)
      << "no id";
}

TEST(WebhookSignature, PairsAreReadStrictly) {
  const auto& scheme = StripeWebhook<"stripe">::scheme;
  const std::string v1 = "v1=" + std::string(64, 'a');
  const auto with = [&](const std::string& value) {
    SignedHead head;
    return head_of(scheme, {{"Stripe-Signature", value}}, 1000, head);
  };
  EXPECT_EQ(with("t=1000," + v1), SignatureFault::none);
  EXPECT_EQ(with("t=1000, " + v1 + "," + v1 + ",scheme=x"), SignatureFault::none);
  EXPECT_EQ(with(v1), SignatureFault::missing);
  EXPECT_EQ(with("t=1000"), SignatureFault::missing);
  EXPECT_EQ(with("t=," + v1), SignatureFault::missing);
  for (const std::string& value : std::vector<std::string>{
           "t=1000,t=1001," + v1, "t=1000," + v1 + ",v1=b", "t=1000 ," + v1, "t=-1000," + v1, "t=1e3," + v1,
           "t=+1000," + v1, "t=9999999999999," + v1, "t=1000," + v1 + ",,", std::string("t=1000,v1")})
    EXPECT_EQ(with(value), SignatureFault::malformed) << value;
  std::string many = "t=1000";
  for (int i = 0; i < 8; ++i) many += "," + v1;
  EXPECT_EQ(with(many), SignatureFault::none);
  EXPECT_EQ(with(many + "," + v1), SignatureFault::malformed);
}

TEST(WebhookSignature, SignsWhatTheSchemeSays) {
  const crypto::HmacSha256 key(crypto::bytes_of("a secret of sixteen bytes"));
  const std::string signature = crypto::encode_base64(key.sign(crypto::bytes_of("body|7")), crypto::Base64::padded);
  EXPECT_EQ(
      check(OneField::scheme, {"a secret of sixteen bytes"}, {{"X-Signature", signature}, {"X-Id", "7"}}, "body", 0),
      SignatureFault::none);
  EXPECT_EQ(
      check(OneField::scheme, {"a secret of sixteen bytes"}, {{"X-Signature", signature}, {"X-Id", "8"}}, "body", 0),
      SignatureFault::wrong);
}

// What is remembered of a delivery does not depend on which of its signatures a client sends again.
TEST(WebhookSignature, NamesADeliveryByItsBytes) {
  const std::vector<crypto::HmacSha256> keys = [] {
    std::vector<crypto::HmacSha256> made;
    made.emplace_back(crypto::bytes_of("the first secret"));
    made.emplace_back(crypto::bytes_of("the second secret"));
    return made;
  }();
  const auto first_of = [&](std::size_t signed_with) {
    const std::string text = "sha256=" + crypto::encode_hex(keys[signed_with].sign(crypto::bytes_of("body")));
    SignedHead head;
    EXPECT_EQ(
        head_of(GithubWebhook<"github">::scheme, {{"X-Hub-Signature-256", text}, {"X-GitHub-Delivery", "1"}}, 0, head),
        SignatureFault::none);
    crypto::HmacSha256::Tag first{};
    EXPECT_TRUE(verify_signature(GithubWebhook<"github">::scheme, keys, head, "body", first));
    return first;
  };
  EXPECT_EQ(first_of(0), first_of(1));
}

}  // namespace
}  // namespace sallyport::gate
