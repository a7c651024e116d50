// HTTP/1.1 as a client sees it: connections, bodies, methods, limits and deadlines, over real sockets.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* json_type = "Content-Type: application/json\r\n";

TEST(Http1, KeepsTheConnection) {
  SmallService service;
  HttpClient client(service.port());
  for (int i = 0; i < 5; ++i) {
    client.send(service.head("GET /"));
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, R"({"message":"hello"})");
    EXPECT_EQ(answer->field("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(answer->count("connection"), 0U);
  }
}

TEST(Http1, EndsTheConnectionWhenAsked) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("GET /", "Connection: close\r\n"));
  EXPECT_EQ(client.receive()->field("connection"), "close");
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST(Http1, Http10) {
  SmallService service;
  HttpClient client(service.port());
  client.send("GET / HTTP/1.0\r\nHost: " + service.authority() + "\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "keep-alive");
  client.send("GET / HTTP/1.0\r\nHost: " + service.authority() + "\r\n\r\n");
  EXPECT_EQ(client.receive()->field("connection"), "close");
}

TEST(Http1, Pipelining) {
  SmallService service;
  HttpClient client(service.port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += service.head("GET /users/u" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.receive()->body, R"({"message":"u)" + std::to_string(i) + R"("})");
}

TEST(Http1, EveryByteOnItsOwn) {
  SmallService service;
  HttpClient client(service.port());
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: " + service.authority() + "\r\n" + json_type +
      "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"title\r\n12\r\n\":\"drip\",\"body\":\"\"\r\n1\r\n}\r\n0\r\nX-Trailer: "
      "x\r\n\r\n";
  for (const char byte : request) client.send({&byte, 1});
  EXPECT_EQ(client.receive()->body, R"({"message":"drip"})");
  client.send(service.head("GET /"));
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(Http1, BodiesOfEverySize) {
  SmallService service;
  HttpClient client(service.port());
  for (const std::size_t size : {0U, 1U, 63U, 64U, 4000U, 4096U, 9999U}) {
    const std::string body = R"({"title":"t","body":")" + std::string(size, 'b') + "\"}";
    client.send(service.head("POST /echo", json_type + ("Content-Length: " + std::to_string(body.size())) + "\r\n") +
                body);
    EXPECT_EQ(client.receive()->status, 200) << size;
  }
}

TEST(Http1, HeadIsGetWithoutTheBody) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("HEAD /") + service.head("GET /"));
  const auto head = client.receive(true);
  const auto get = client.receive();
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->field("content-length"), get->field("content-length"));
}

TEST(Http1, Methods) {
  SmallService service;
  Browser browser = service.browser();
  const auto wrong = browser.send("DELETE", "/echo", "", "");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.field("allow"), "OPTIONS, POST");
  const auto options = browser.send("OPTIONS", "/users/me", "", "");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.field("allow"), "OPTIONS, GET, HEAD, PUT");
  EXPECT_EQ(browser.send("TRACE", "/", "", "").status, 405);
  EXPECT_EQ(browser.send("BREW", "/", "", "").status, 501) << "no method of ours";
  EXPECT_EQ(browser.send("get", "/nothing", "", "").status, 501) << "methods are told apart by case";
  EXPECT_EQ(browser.get("/nowhere").status, 404);
  EXPECT_EQ(browser.send("BREW", "/nowhere", "", "").status, 501) << "wherever it is sent";
  EXPECT_EQ(browser.send("TRACE", "/nowhere", "", "").status, 404);
}

TEST(Http1, PathsAndParameters) {
  SmallService service;
  Browser browser = service.browser();
  EXPECT_EQ(browser.get("/users/me").body, R"({"message":"me!"})") << "a fixed segment wins";
  EXPECT_EQ(browser.get("/users/caf%C3%A9").body, "{\"message\":\"caf\xc3\xa9\"}");
  EXPECT_EQ(browser.get("/files/a/b/c.txt").body, R"({"message":"a/b/c.txt"})");
  EXPECT_EQ(browser.get("/numbers/7").body, R"({"message":"7"})");
  EXPECT_EQ(browser.get("/numbers/10").status, 404);
  EXPECT_EQ(browser.get("/numbers/x").status, 404);
  EXPECT_EQ(browser.get("/users/").status, 404);
  EXPECT_EQ(browser.get("/USERS/me").status, 404);
}

class OddPath : public ::testing::TestWithParam<const char*> {};
TEST_P(OddPath, IsRefusedNotRepaired) {
  SmallService service;
  EXPECT_EQ(service.browser().get(GetParam()).status, 400) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(All, OddPath,
                         ::testing::Values("/files//a", "/files/../users/me", "/files/./a", "/files/%2e%2e/x",
                                           "/files/%2E/x", "/files/a%2fb", "/files/a%5cb", "/files/a\\b", "/files/a;b",
                                           "/files/a%3bb", "/files/%00", "/files/%2541", "/files/%zz", "/files/%4",
                                           "/files/%0a", "/files/%7f", "/files/%c0%ae", "/files/%ff",
                                           "/files/%ed%a0%80", "/files/%c2%85"));

TEST(Http1, ContinueIsSentWhenTheBodyIsWanted) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", json_type + std::string("Content-Length: 24\r\nExpect: 100-continue\r\n")));
  EXPECT_EQ(client.receive()->status, 100);
  client.send(R"({"title":"t","body":"b"})");
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(Http1, ContinueIsNotSentWhenTheAnswerIsKnown) {
  SmallService service;
  HttpClient client(service.port());
  client.send(
      service.head("POST /nowhere", json_type + std::string("Content-Length: 1000000\r\nExpect: 100-continue\r\n")));
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->field("connection"), "close");
}

TEST(Http1, BodyLimits) {
  SmallService service([](ops::Settings& settings) { settings.limits.json = 1000; });
  HttpClient too_long(service.port());
  too_long.send(service.head("POST /echo", json_type + std::string("Content-Length: 1001\r\n")));
  EXPECT_EQ(too_long.receive()->status, 413) << "from its length alone";
  HttpClient chunked(service.port());
  chunked.send(service.head("POST /echo", json_type + std::string("Transfer-Encoding: chunked\r\n")) + "3e9\r\n");
  EXPECT_EQ(chunked.receive()->status, 413) << "from its chunk's size alone";
  HttpClient many(service.port());
  std::string chunks;
  for (int i = 0; i < 501; ++i) chunks += "2\r\n  \r\n";
  many.send(service.head("POST /echo", json_type + std::string("Transfer-Encoding: chunked\r\n")) + chunks);
  EXPECT_EQ(many.receive()->status, 413) << "from the sum of its chunks";
}

TEST(Http1, HeadLimits) {
  SmallService service;
  HttpClient line(service.port());
  line.send("GET /" + std::string(9000, 'a'));
  EXPECT_EQ(line.receive()->status, 414);
  HttpClient fields(service.port());
  std::string many;
  for (int i = 0; i < 65; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  fields.send(service.head("GET /", many));
  EXPECT_EQ(fields.receive()->status, 431);
  HttpClient large(service.port());
  large.send(service.head("GET /", "X-Large: " + std::string(17000, 'x') + "\r\n"));
  EXPECT_EQ(large.receive()->status, 431);
  HttpClient fits(service.port());
  fits.send(service.head("GET /", "X-Large: " + std::string(12000, 'x') + "\r\n"));
  EXPECT_EQ(fits.receive()->status, 200);
}

TEST(Http1, HostMustBeOurs) {
  SmallService service;
  for (const char* host : {"evil.example", "localhost", "localhost:1", "127.0.0.1.evil.example"}) {
    HttpClient client(service.port());
    client.send(std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 421) << host;
  }
  HttpClient none(service.port());
  none.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(none.receive()->status, 400);
  HttpClient upper(service.port());
  upper.send("GET / HTTP/1.1\r\nHost: LOCALHOST:" + std::to_string(service.port()) + "\r\n\r\n");
  EXPECT_EQ(upper.receive()->status, 200);
}

TEST(Http1, IdleConnectionIsClosed) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("GET /"));
  EXPECT_EQ(client.receive()->status, 200);
  service.advance(16s);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST(Http1, SlowHeadIsCut) {
  SmallService service;
  HttpClient client(service.port());
  client.send("GET / HTTP/1.1\r\nX-Slow: ");
  client.send(service.head("GET /").substr(0, 0));
  // Wait until the service has seen the first bytes: another connection's answer is proof enough that its loop has turned.
  service.browser().get("/");
  service.advance(11s);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
}

TEST(Http1, SlowBodyIsCut) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", json_type + std::string("Content-Length: 10000\r\n")) + "{");
  service.browser().get("/");
  service.advance(6s);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
}

TEST(Http1, GeneralLimit) {
  SmallService service([](ops::Settings& settings) {
    settings.limits.general_per_second = 10;
    settings.limits.general_burst = 5;
  });
  Browser browser = service.browser();
  for (int i = 4; i >= 0; --i) {
    const auto answer = browser.get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("ratelimit"), "\"general\";r=" + std::to_string(i) + ";t=1");
    EXPECT_EQ(answer.field("ratelimit-policy"), "\"general\";q=5;w=1");
  }
  const auto refused = browser.get("/");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_EQ(browser.get("/nowhere").status, 429) << "unknown paths count too";
  EXPECT_EQ(browser.get("/app.js").status, 200) << "assets do not";
  service.advance(100ms);
  EXPECT_EQ(browser.get("/").status, 200);
  EXPECT_EQ(browser.get("/").status, 429);
}

TEST(Http1, ConnectionsPerClient) {
  SmallService service([](ops::Settings& settings) { settings.limits.connections_per_client = 3; });
  HttpClient first(service.port());
  HttpClient second(service.port());
  HttpClient third(service.port());
  for (HttpClient* client : {&first, &second, &third}) {
    client->send(service.head("GET /"));
    EXPECT_EQ(client->receive()->status, 200);
  }
  HttpClient fourth(service.port());
  EXPECT_EQ(fourth.receive()->status, 503);
  EXPECT_TRUE(fourth.closed());
  first.send(service.head("GET /"));
  EXPECT_EQ(first.receive()->status, 200) << "existing connections live";
}

TEST(Http1, ARequestBehindABodyThatNobodyReadsIsServed) {
  SmallService service([](ops::Settings& settings) { settings.limits.pipelined = 1; });
  HttpClient client(service.port());
  client.send(service.head("POST /nowhere", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
  EXPECT_GE(client.receive()->status, 400);
  client.send("0\r\n\r\n" + service.head("GET /"));
  const auto next = client.receive();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 200);
}

TEST(Http1, AssetsAreCachedByTag) {
  SmallService service;
  Browser browser = service.browser();
  const auto fresh = browser.get("/app.js");
  EXPECT_EQ(fresh.status, 200);
  EXPECT_EQ(fresh.field("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(fresh.field("cache-control"), "no-cache");
  const auto known = browser.get("/app.js", "If-None-Match: " + fresh.field("etag") + "\r\n");
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.field("etag"), fresh.field("etag"));
  EXPECT_EQ(browser.get("/app.js", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST(Http1, RandomBytesNeverHang) {
  SmallService service;
  std::uint64_t state = 42;
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      bytes.push_back(static_cast<char>(state >> 56));
    }
    HttpClient client(service.port());
    client.send(round % 2 == 0 ? bytes : "GET / HTTP/1.1\r\n" + bytes);
    client.finish_sending();
    if (const auto answer = client.receive()) {
      EXPECT_GE(answer->status, 400);
    }
  }
  EXPECT_EQ(service.browser().get("/").status, 200);
}

}  // namespace
}  // namespace sallyport::testing
