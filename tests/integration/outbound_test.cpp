// Handlers that call another service: what it gets, what becomes of its answer, and what a client sees when there is none.
#include <sallyport/outbound.hpp>
#include <sallyport/sallyport.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "start/policy_report.hpp"
#include "support/http_client.hpp"
#include "support/peer.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"
#include "support/text.hpp"
#include "support/tls_pair.hpp"

namespace outbound_test {

struct Charge {
  sallyport::Int<1, 1'000'000> cents;
};
// What the bank answers: bounds as of a client's input.
struct Receipt {
  sallyport::Line<1, 40> number;
  sallyport::Int<0, 1'000'000> cents;
};
struct Paid {
  std::string number;
};
struct Hook {
  sallyport::PublicUrl url;
};

}  // namespace outbound_test

template <>
struct sallyport::view<outbound_test::Paid> {
  using show = fields<&outbound_test::Paid::number>;
};

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;
using ::outbound_test::Charge;
using ::outbound_test::Hook;
using ::outbound_test::Paid;
using ::outbound_test::Receipt;

using Bank = Outbound<"https://bank.example">;

Router shop() {
  const anyone everybody("for the tests of calls of other services");
  Router router;
  router.post("/pay", everybody, [](Body<Charge> in, Bank bank) -> Task<Paid> {
    const OutboundAnswer answer =
        co_await bank.post("/v1/charges").json(small::Greeting{std::to_string(in->cents.value())});
    const Receipt receipt = answer.json<Receipt>();
    co_return Paid{std::string(receipt.number.view())};
  });
  router.get("/receipts/:number", everybody, [](Path<"number", Line<1, 40>> number, Bank bank) -> Task<Paid> {
    const OutboundAnswer answer = co_await bank.get(local_url<"/v1/receipts/{}?full={}">(*number, 1))
                                      .header("X-Api-Version", "7")
                                      .within(300ms)
                                      .at_most(1000);
    if (answer.status() == 404) throw Problem(404, "No such receipt");
    co_return Paid{std::string(answer.json<Receipt>().number.view())};
  });
  router.get("/asks", everybody, [](Bank bank) -> Task<Paid> {
    std::string seen;
    try {
      const OutboundAnswer answer = co_await bank.get("/v1/state");
      seen = answer.field("x-state").value_or("none");
    } catch (const OutboundError& error) {
      seen = failure_name(error.kind());
    }
    co_return Paid{seen};
  });
  router.post("/hooks", everybody, [](Body<Hook> hook, OutboundAny internet) -> Task<Paid> {
    const OutboundAnswer answer = co_await internet.post(hook->url).json(small::Greeting{"ping"}).within(2s);
    co_return Paid{std::to_string(answer.status())};
  });
  return router;
}

// Keeps the last request, and answers with what it is told to.
class BankServer {
 public:
  explicit BankServer(std::shared_ptr<SSL_CTX> tls = {})
      : peer_([this](PeerConnection& c) { serve(c); }, std::move(tls)) {}
  void answers(std::string bytes) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(bytes);
  }
  void answers(int status, const std::string& json) {
    answers("HTTP/1.1 " + std::to_string(status) + " \r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(json.size()) + "\r\n\r\n" + json);
  }
  [[nodiscard]] std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  [[nodiscard]] std::string port() const { return std::to_string(peer_.port()); }
  [[nodiscard]] int connections() const { return peer_.connections(); }

 private:
  void serve(PeerConnection& connection) {
    for (;;) {
      std::string request;
      while (!whole(request)) {
        const std::string more = connection.hear();
        if (more.empty()) return;
        request += more;
      }
      std::string answer;
      {
        const std::lock_guard lock(mutex_);
        heard_ = request;
        answer = answer_;
      }
      if (answer.empty()) return connection.wait_for_end();  // hangs
      connection.say(answer);
    }
  }
  static bool whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    if (end == request.npos) return false;
    const std::size_t length = request.find("Content-Length: ");
    return length == request.npos || request.size() - end - 4 == std::stoul(request.substr(length + 16));
  }

  mutable std::mutex mutex_;
  std::string answer_;
  std::string heard_;
  Peer peer_;  // its thread uses the others
};

class Calls : public ::testing::Test {
 protected:
  Browser browser() { return Browser(service_.port(), service_.authority()); }
  HttpResponse pay() { return browser().post_json("/pay", R"({"cents":250})"); }
  std::string log() { return service_.log(); }

  BankServer bank_;
  TestService service_{shop(), {}, [this](ops::Settings& settings) {
                         settings.outbound.instead = {"https://bank.example=http://127.0.0.1:" + bank_.port()};
                       }};
};

TEST_F(Calls, BringATypedAnswer) {
  bank_.answers(201, R"({"number":"A-7","cents":250,"added_later":{"by":["the bank"]}})");
  const HttpResponse paid = pay();
  EXPECT_EQ(paid.status, 200);
  EXPECT_EQ(paid.body, R"({"number":"A-7"})");
  const std::string heard = bank_.heard();
  EXPECT_TRUE(heard.starts_with("POST /v1/charges HTTP/1.1\r\nHost: 127.0.0.1:" + bank_.port() + "\r\n")) << heard;
  EXPECT_TRUE(heard.ends_with("Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"message\":\"250\"}"))
      << heard;
  EXPECT_EQ(pay().status, 200);
  EXPECT_EQ(bank_.connections(), 1) << "the connection is kept";
}

TEST_F(Calls, EncodeWhatAClientChose) {
  bank_.answers(200, R"({"number":"A-7","cents":0})");
  EXPECT_EQ(browser().get("/receipts/a%20%26x=1%3F%23").status, 200);
  EXPECT_TRUE(bank_.heard().starts_with("GET /v1/receipts/a%20%26x%3D1%3F%23?full=1 HTTP/1.1\r\n")) << bank_.heard();
  EXPECT_NE(bank_.heard().find("X-Api-Version: 7\r\n"), std::string::npos);
}

TEST_F(Calls, GoOnWithTheTraceOfTheRequest) {
  bank_.answers(200, R"({"number":"A-7","cents":0})");
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto sent = [&](const std::string& fields) {
    HttpClient client(service_.port());
    client.send("GET /receipts/a HTTP/1.1\r\nHost: " + service_.authority() + "\r\n" + fields + "\r\n");
    EXPECT_EQ(client.receive()->status, 200);
    const std::string heard = bank_.heard();
    return heard.substr(heard.find("traceparent: ") + 13, 55);
  };
  const std::string gone_on = sent("traceparent: 00-" + trace + "-00f067aa0ba902b7-01\r\ntracestate: a=b\r\n");
  EXPECT_EQ(gone_on.substr(0, 36), "00-" + trace + "-");
  EXPECT_NE(gone_on.substr(36, 16), "00f067aa0ba902b7") << "a span of its own";
  EXPECT_EQ(gone_on.substr(52), "-01");
  EXPECT_NE(bank_.heard().find("tracestate: a=b\r\n"), std::string::npos);
  const std::string begun = sent("traceparent: 00-" + trace + "-00f067aa0ba902b7-01-evil\r\ntracestate: a=b\r\n");
  EXPECT_EQ(begun.find(trace), std::string::npos);
  EXPECT_EQ(begun.find_first_not_of("0123456789abcdef-"), std::string::npos);
  EXPECT_EQ(bank_.heard().find("tracestate"), std::string::npos);
}

// The bank is no better than a client.
TEST_F(Calls, CheckTheAnswerAsAnInput) {
  const struct {
    int status;
    const char* json;
  } answers[] = {{200, R"({"number":"A-7"})"},
                 {200, R"({"number":"A-7","cents":-1})"},
                 {200, R"({"number":"A-7","cents":"250"})"},
                 {200, R"({"number":"A\n7","cents":1})"},
                 {200, R"({"number":"A-7","cents":1)"},
                 {200, "not JSON"},
                 {200, ""},
                 {500, R"({"number":"A-7","cents":250})"},
                 {302, R"({"number":"A-7","cents":250})"}};
  for (const auto& each : answers) {
    bank_.answers(each.status, each.json);
    const HttpResponse answer = pay();
    EXPECT_EQ(answer.status, 502) << each.json;
    EXPECT_EQ(answer.body.find("bank"), std::string::npos) << answer.body;
  }
  const std::string lines = log();
  EXPECT_EQ(occurrences(lines, "https://bank.example: unexpected_body"), 7U) << lines;
  EXPECT_EQ(occurrences(lines, "https://bank.example: unexpected_status: the status is no 2xx (500)"), 1U) << lines;
}

TEST_F(Calls, EndInTheDeclaredErrorWhateverTheBankDoes) {
  bank_.answers("HTTP/1.1 200 \r\nContent-Length: 1073741824\r\n\r\n");
  EXPECT_EQ(browser().get("/receipts/a").status, 502);
  bank_.answers("HTTP/1.1 200 \r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(browser().get("/receipts/a").status, 502);
  bank_.answers("SMTP ready\r\n");
  EXPECT_EQ(browser().get("/asks").body, R"({"number":"malformed"})");
  bank_.answers("HTTP/1.1 200 \r\nX-State: open\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(browser().get("/asks").body, R"({"number":"open"})");
  bank_.answers(404, "{}");
  EXPECT_EQ(browser().get("/receipts/a").status, 404);
  const std::string lines = log();
  EXPECT_EQ(occurrences(lines, "https://bank.example: too_large: limit/body"), 1U) << lines;
  EXPECT_EQ(occurrences(lines, "https://bank.example: malformed: framing/te_and_cl"), 1U) << lines;
}

TEST_F(Calls, OneThatHangsIs504AtItsDeadline) {
  HttpClient client(service_.port());
  client.send("GET /receipts/a HTTP/1.1\r\nHost: " + service_.authority() + "\r\n\r\n");
  while (bank_.heard().empty()) std::this_thread::yield();
  service_.advance(1s);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 504);
  EXPECT_EQ(occurrences(log(), "https://bank.example: timed_out"), 1U);
}

TEST_F(Calls, GoNowhereElse) {
  bank_.answers(
      "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(browser().get("/receipts/a").status, 502);
  EXPECT_EQ(bank_.connections(), 1);
}

// --- TLS: without `instead`, nothing else than the real host is called; here it is called another port of this machine.

std::shared_ptr<SSL_CTX> server_tls(const wire::testing::Identity& identity) {
  std::shared_ptr<SSL_CTX> context(net::SslContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return context;
}

TEST(CallsOverTls, TrustOnlyWhoTheyName) {
  using wire::testing::make_identity;
  const auto authority = make_identity({.names = "DNS:authority", .authority = true});
  const auto right = make_identity({.names = "DNS:localhost", .issuer = &authority});
  const auto other = make_identity({.names = "DNS:elsewhere.test", .issuer = &authority});
  const auto of_nobody = make_identity({.names = "DNS:localhost"});
  wire::testing::Folder folder;
  const std::string trusted = folder.write("ca.pem", wire::testing::pem(authority.certificate.get()));
  const struct {
    const wire::testing::Identity& identity;
    const char* seen;
  } cases[] = {{right, "open"}, {other, "not_trusted"}, {of_nobody, "not_trusted"}};
  for (const auto& each : cases) {
    BankServer bank(server_tls(each.identity));
    bank.answers("HTTP/1.1 200 \r\nX-State: open\r\nContent-Length: 0\r\n\r\n");
    TestService service(shop(), {}, [&](ops::Settings& settings) {
      settings.outbound.ca = trusted;
      settings.outbound.instead = {"https://bank.example=https://localhost:" + bank.port()};
    });
    Browser browser(service.port(), service.authority());
    EXPECT_EQ(browser.get("/asks").body, "{\"number\":\"" + std::string(each.seen) + "\"}");
    EXPECT_EQ(bank.heard().empty(), each.seen != std::string_view("open")) << "nothing is said to a stranger";
  }
}

// --- What a test kit and a reviewer see

class Transport final : public detail::OutboundTransport {
 public:
  Task<detail::OutboundReply> send(std::string_view origin, detail::OutboundRequest request) override {
    const std::lock_guard lock(mutex_);
    asked.push_back(std::string(request.method).append(" ").append(origin).append(request.target));
    detail::OutboundReply reply;
    reply.status = 200;
    reply.body = R"({"number":"T-1","cents":1})";
    co_return reply;
  }
  std::vector<std::string> asked;

 private:
  std::mutex mutex_;
};

TEST(CallsInTests, AreAnsweredByTheTest) {
  const auto transport = std::make_shared<Transport>();
  TestService service(shop());
  service.definition().outbound = transport;
  Browser browser(service.port(), service.authority());
  EXPECT_EQ(browser.get("/receipts/a").body, R"({"number":"T-1"})");
  EXPECT_EQ(transport->asked, std::vector<std::string>{"GET https://bank.example/v1/receipts/a?full=1"});
}

TEST(CallsOfPublicAddresses, TakeNoOtherFromAClient) {
  const auto transport = std::make_shared<Transport>();
  TestService service(shop());
  service.definition().outbound = transport;
  Browser browser(service.port(), service.authority());
  const auto hook = [&](const std::string& url) { return browser.post_json("/hooks", "{\"url\":\"" + url + "\"}"); };
  EXPECT_EQ(hook("https://hooks.example.org/in?x=1").body, R"({"number":"200"})");
  EXPECT_EQ(transport->asked, std::vector<std::string>{"POST https://hooks.example.org/in?x=1"});
  for (const char* const inside : {"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/"}) {
    const HttpResponse refused = hook(inside);
    EXPECT_EQ(refused.status, 400) << inside;
    EXPECT_NE(refused.body.find(R"("pointer":"/url","code":"not_allowed")"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(hook("http://2130706433/").status, 400);
  EXPECT_EQ(transport->asked.size(), 1U);
}

TEST(CallsInTheReport, NameEveryWayOut) {
  ops::Findings findings;
  const route::RouteTable table(shop(), {}, findings);
  const auto report = start::policy_report(table, ops::Settings(), {});
  EXPECT_NE(start::policy_table(report).find("        calls https://bank.example\n"), std::string::npos);
  EXPECT_NE(start::policy_json(report).find(R"("calls":["https://bank.example"])"), std::string::npos);
  EXPECT_NE(start::policy_table(report).find("        calls any public address\n"), std::string::npos);
  const std::string lock = start::policy_lock(report);
  EXPECT_NE(lock.find("relaxation POST /pay calls https://bank.example\n"), std::string::npos) << lock;
  const auto difference = start::compare_lock("", lock);
  EXPECT_NE(std::find(difference.relaxations.begin(), difference.relaxations.end(),
                      "+ relaxation POST /pay calls https://bank.example"),
            difference.relaxations.end())
      << "a new way out stops a start that has a lock";
}

}  // namespace
}  // namespace sallyport::testing
