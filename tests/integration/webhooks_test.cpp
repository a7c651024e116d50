// Webhooks over a socket: a handler sees a delivery whose bytes were signed, of now, once.
#include "support/small_service.hpp"
#include "support/text.hpp"

#include "crypto/base64url.hpp"
#include "crypto/hex.hpp"
#include "crypto/mac.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

using Pushes = GithubWebhook<"test_github">;
using Payments = StripeWebhook<"test_stripe">;
using Commands = SlackWebhook<"test_slack">;
using Messages = StandardWebhook<"test_standard">;

struct ShopWebhook {
  static constexpr WebhookScheme scheme{
      .secret = "test_shop", .signature = "X-Shop-Hmac-SHA256", .encoding = SignatureEncoding::base64};
};

constexpr std::string_view github_secret = "It's a Secret to Everybody";
constexpr std::string_view stripe_secret = "whsec_of_stripe_as_it_is";
constexpr std::string_view slack_secret = "8f742231b10e8888abcd99yyyzzz85a5";
constexpr std::string_view standard_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::int64_t start_time = 1'767'225'600;  // of the services' clock

struct Push {
  Text<1, 100> ref;
};
struct Payment {
  Text<1, 100> type;
  std::int64_t amount;
};
struct Command {
  Text<1, 100> command;
};
struct Count {
  mutable std::atomic<int> handled{0};
  mutable std::atomic<int> failures{0};  // that are still to come
};

Router webhook_routes() {
  Router router = small_routes();
  router.post("/github", signed_by<Pushes>, [](Signed<Pushes, Push> push, State<const Count> count) {
    if (count->failures > 0) {
      --count->failures;
      throw std::runtime_error("the build machine is gone");
    }
    ++count->handled;
    return small::Greeting{push.event() + " " + push.id() + " " + std::string(push->ref.view())};
  });
  router.post("/stripe", signed_by<Payments>, [](Signed<Payments> hook) {
    const Payment payment = hook.as<Payment>();
    return small::Greeting{std::string(payment.type.view()) + " " + std::to_string(payment.amount)};
  });
  router.post("/slack", signed_by<Commands>,
              [](Signed<Commands, Form<Command>> hook) { return small::Greeting{std::string(hook->command.view())}; });
  router.post("/standard", signed_by<Messages>, [](Signed<Messages> hook) -> Task<small::Greeting> {
    co_return small::Greeting{hook.id() + " " + hook.text()};
  });
  router.post("/shop", signed_by<ShopWebhook>, [](Signed<ShopWebhook> hook) { return small::Greeting{hook.text()}; });
  return router;
}

class WebhookTest : public ::testing::Test {
 protected:
  WebhookTest() {
    write("TEST_GITHUB", std::string(github_secret) + "\nthe one before it, still good\n");
    write("TEST_STRIPE", std::string(stripe_secret) + "\n");
    write("TEST_SLACK", std::string(slack_secret));
    write("TEST_STANDARD", std::string(standard_secret));
    write("TEST_SHOP", "a secret of the shop");
    service =
        std::make_unique<TestService>(webhook_routes(), std::vector<Migration>{}, std::function<void(ops::Settings&)>{},
                                      std::vector<detail::AppDefinition::Provided>{{&detail::state_key<Count>, count}});
  }

  void write(const std::string& name, const std::string& content) {
    const std::string file = folder.file(name);
    std::ofstream(file) << content;
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    ASSERT_EQ(::setenv((name + "_FILE").c_str(), file.c_str(), 1), 0);
  }

  HttpResponse post(const std::string& path, const std::string& fields, const std::string& body,
                    const std::string& type = "application/json") {
    HttpClient client(service->port());
    client.send("POST " + path + " HTTP/1.1\r\nHost: " + service->authority() + "\r\nContent-Type: " + type +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
    return client.receive().value();
  }

  static std::string hex(std::string_view secret, const std::string& content) {
    return crypto::encode_hex(crypto::HmacSha256(crypto::bytes_of(secret)).sign(crypto::bytes_of(content)));
  }
  HttpResponse push(const std::string& body, const std::string& id, std::string_view secret = github_secret) {
    return post("/github",
                "X-GitHub-Event: push\r\nX-GitHub-Delivery: " + id +
                    "\r\nX-Hub-Signature-256: sha256=" + hex(secret, body) + "\r\n",
                body);
  }
  HttpResponse pay(const std::string& body, std::int64_t at) {
    const std::string time = std::to_string(at);
    return post("/stripe", "Stripe-Signature: t=" + time + ",v1=" + hex(stripe_secret, time + "." + body) + "\r\n",
                body);
  }
  static std::string standard_fields(const std::string& id, std::int64_t at, const std::string& body) {
    std::array<unsigned char, 24> key{};
    EXPECT_EQ(crypto::decode_base64(standard_secret.substr(6), key, crypto::Base64::padded), key.size());
    const std::string content = id + "." + std::to_string(at) + "." + body;
    return "webhook-id: " + id + "\r\nwebhook-timestamp: " + std::to_string(at) + "\r\nwebhook-signature: v1," +
           crypto::encode_base64(crypto::HmacSha256(key).sign(crypto::bytes_of(content)), crypto::Base64::padded) +
           "\r\n";
  }

  TemporaryFolder folder;
  std::shared_ptr<Count> count = std::make_shared<Count>();
  std::unique_ptr<TestService> service;
};

const std::string push_body = R"({"ref": "refs/heads/main", "repository": {"id": 35129377, "private": false},
  "pusher": {"name": "ada"}, "size": 18446744073709551615, "a member of next year": [null, 1.5e300]})";

TEST_F(WebhookTest, HandsOverWhatWasSignedAndPassesOverWhatIsNotRead) {
  const HttpResponse answer = push(push_body, "1");
  EXPECT_EQ(answer.status, 200) << answer.body << service->log();
  EXPECT_EQ(answer.body, R"({"message":"push 1 refs/heads/main"})");
}

TEST_F(WebhookTest, TakesEachScheme) {
  EXPECT_EQ(pay(R"({"id":"evt_1","type":"paid","amount":-5,"data":{}})", start_time).body, R"({"message":"paid -5"})");
  const std::string command = "token=x&command=%2Fdeploy&text=&new_field=1";
  const std::string time = std::to_string(start_time);
  EXPECT_EQ(post("/slack",
                 "X-Slack-Request-Timestamp: " + time +
                     "\r\nX-Slack-Signature: v0=" + hex(slack_secret, "v0:" + time + ":" + command) + "\r\n",
                 command, "application/x-www-form-urlencoded")
                .body,
            R"({"message":"/deploy"})");
  EXPECT_EQ(post("/standard", standard_fields("msg_1", start_time, "{}"), "{}").body, R"({"message":"msg_1 {}"})");
  const std::string shop = crypto::encode_base64(
      crypto::HmacSha256(crypto::bytes_of("a secret of the shop")).sign(crypto::bytes_of("<order/>")),
      crypto::Base64::padded);
  EXPECT_EQ(post("/shop", "X-Shop-Hmac-SHA256: " + shop + "\r\n", "<order/>", "application/xml").body,
            R"({"message":"\u003corder/\u003e"})");
}

TEST_F(WebhookTest, RefusesAWrongSecretAnotherBodyAndNone) {
  EXPECT_EQ(push(push_body, "1", "It's a secret to everybody").status, 401);
  const std::string signature = "X-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=" + hex(github_secret, push_body);
  // The same value, written anew by a program in between: other bytes.
  EXPECT_EQ(post("/github", signature + "\r\n", R"({"ref":"refs/heads/main"})").status, 401);
  EXPECT_EQ(post("/github", "X-GitHub-Delivery: 1\r\n", push_body).status, 401);
  EXPECT_EQ(post("/github", signature.substr(0, signature.size() - 1) + "\r\n", push_body).status, 400);
  EXPECT_EQ(post("/github", signature + "\r\n" + signature + "\r\n", push_body).status, 400);
  EXPECT_EQ(count->handled, 0);
  const std::string log = service->log();
  EXPECT_EQ(occurrences(log, "authn_signature_fail"), 5U);
  EXPECT_EQ(log.find("Everybody"), log.npos);
  EXPECT_EQ(log.find(hex(github_secret, push_body)), log.npos) << "a signature is no text for a log";
  EXPECT_EQ(push(push_body, "1").status, 200) << "what was refused is not remembered";
}

TEST_F(WebhookTest, KeepsASecretThatIsBeingChanged) {
  EXPECT_EQ(push(push_body, "1", "the one before it, still good").status, 200);
  EXPECT_EQ(push(R"({"ref":"b"})", "2").status, 200);
}

TEST_F(WebhookTest, RefusesWhatWasSentTooLongAgoOrLater) {
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time - 300).status, 200);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time - 301).status, 401);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 300).status, 200);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 301).status, 401);
}

TEST_F(WebhookTest, TakesADeliveryOnce) {
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 300).status, 200);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 300).status, 409);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 299).status, 200) << "sent once more by its sender";
  service->advance(599s);
  EXPECT_EQ(pay(R"({"type":"a","amount":1})", start_time + 300).status, 409) << "still within the tolerance";
  EXPECT_EQ(occurrences(service->log(), "authn_token_reuse"), 2U);

  const std::int64_t now = start_time + 599;
  EXPECT_EQ(post("/standard", standard_fields("msg_1", now, "{}"), "{}").status, 200);
  EXPECT_EQ(post("/standard", standard_fields("msg_1", now + 1, "{}"), "{}").status, 409) << "the id is signed";
  EXPECT_EQ(post("/standard", standard_fields("msg_2", now, "{}"), "{}").status, 200);
}

TEST_F(WebhookTest, TakesADeliveryOfGithubOnceWhateverIdItIsSentUnder) {
  EXPECT_EQ(push(push_body, "1").status, 200);
  EXPECT_EQ(push(push_body, "1").status, 409);
  EXPECT_EQ(push(push_body, "2").status, 409) << "the id is not signed";
  EXPECT_EQ(push(R"({"ref":"b"})", "1").status, 409) << "and is not used twice";
  EXPECT_EQ(push(R"({"ref":"b"})", "2").status, 200) << "the refused one has not used it up";
  EXPECT_EQ(count->handled, 2);
}

TEST_F(WebhookTest, TakesADeliveryAgainAfterAnError) {
  count->failures = 1;
  EXPECT_EQ(push(push_body, "1").status, 500);
  EXPECT_EQ(push(push_body, "1").status, 200);
  EXPECT_EQ(push(push_body, "1").status, 409);
  const std::string unreadable = R"({"no_ref": 1})";
  EXPECT_EQ(push(unreadable, "2").status, 400);
  EXPECT_EQ(push(unreadable, "2").status, 400);
  EXPECT_EQ(pay("{}", start_time).status, 400) << "read by as<T>";
}

TEST_F(WebhookTest, IsNoFormOfABrowser) {
  const std::string signature =
      "X-GitHub-Event: push\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=" + hex(github_secret, push_body) +
      "\r\n";
  EXPECT_EQ(post("/github", signature + "Cookie: __Host-Http-session=x\r\n", push_body).status, 200)
      << "exempt from the check against cross-site requests, which looks for cookies";
  EXPECT_EQ(post("/github", "Cookie: __Host-Http-session=x\r\nOrigin: https://evil.example\r\n", push_body).status, 403)
      << "a page of another site is refused before its signature is looked for";
}

TEST_F(WebhookTest, BoundsTheBodyBeforeAnythingIsRead) {
  const std::string large(300'000, ' ');
  EXPECT_EQ(push(large, "1").status, 413);
  EXPECT_EQ(post("/github", "X-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=" + std::string(64, '0') + "\r\n",
                 "{}", "text/plain")
                .status,
            415);
  // Without a signature the body is not waited for.
  HttpClient client(service->port());
  client.send("POST /github HTTP/1.1\r\nHost: " + service->authority() +
              "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_EQ(client.receive().value().status, 401);
}

TEST(WebhookSecrets, RefusesTheStartWithoutAGoodSecret) {
  TemporaryFolder folder;
  const auto start = [&](const std::string& content) -> std::string {
    const std::string file = folder.file("secret");
    if (!content.empty()) {
      std::ofstream(file) << content;
      if (::chmod(file.c_str(), 0600) != 0) return "chmod";
    }
    ::setenv("TEST_ALONE_FILE", file.c_str(), 1);
    Router router;
    router.post("/", signed_by<StandardWebhook<"test_alone">>,
                [](Signed<StandardWebhook<"test_alone">>) { return NoContent{}; });
    try {
      const TestService service(router);
      return {};
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  EXPECT_NE(start("").find("CFG-006"), std::string::npos);
  EXPECT_NE(start("whsec_c2hvcnQ=").find("CFG-006"), std::string::npos);
  const std::string message = start("whsec_this is no base64 at all, and long");
  EXPECT_NE(message.find("CFG-006"), std::string::npos);
  EXPECT_EQ(message.find("no base64"), std::string::npos) << "a secret is no text for a terminal";
  EXPECT_EQ(start(std::string(standard_secret) + "\r\n\n" + std::string(standard_secret) + "\n"), "");
}

}  // namespace
}  // namespace sallyport::testing
