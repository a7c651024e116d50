// Where messages end and how long they may take, as a client meets it: what the parser's own tests know is refused here over a socket, with the
// documented status, one line in the log, and nothing after it. The classic smuggling variants are in smuggling_test.cpp.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

const std::string json = "Content-Type: application/json\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";

std::string length(std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; }

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

// What the log says of malformed messages and cut connections, in order.
std::vector<std::string> logged_reasons(TestService& service) {
  const std::string log = service.log();
  std::vector<std::string> reasons;
  constexpr std::string_view key = "\"reason\":\"";
  for (std::size_t at = 0; (at = log.find(key, at)) != log.npos;) {
    at += key.size();
    reasons.push_back(log.substr(at, log.find('"', at) - at));
  }
  return reasons;
}

using Reasons = std::vector<std::string>;

// Lets the service see what has been sent.
void let_it_read(TestService& service) {
  for (int i = 0; i < 20; ++i) service.advance(0ns);
}

// ---- Malformed messages

struct Malformed {
  const char* name;
  std::string bytes;  // $HOST is the service's authority; its next request follows on the same connection
  int status;
  const char* rule;
};

void PrintTo(const Malformed& malformed, std::ostream* out) { *out << malformed.name; }

std::string name_of(const ::testing::TestParamInfo<Malformed>& malformed) { return malformed.param.name; }

class Framing : public ::testing::TestWithParam<Malformed> {};

TEST_P(Framing, IsRefusedLoggedAndLast) {
  SmallService service;
  std::string bytes = GetParam().bytes;
  if (const std::size_t at = bytes.find("$HOST"); at != bytes.npos) bytes.replace(at, 5, service.authority());
  HttpClient client(service.port());
  client.send(bytes + service.head("GET /users/smuggled"));
  const auto answer = client.receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, GetParam().status);
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_EQ(answer->field("content-type"), "application/problem+json");
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
  EXPECT_EQ(logged_reasons(service), Reasons{GetParam().rule});
}

Malformed line(const char* name, std::string request_line, int status, const char* rule) {
  return {name, std::move(request_line) + "\r\nHost: $HOST\r\n\r\n", status, rule};
}
Malformed field(const char* name, const std::string& fields, int status, const char* rule) {
  return {name, "GET / HTTP/1.1\r\nHost: $HOST\r\n" + fields + "\r\n", status, rule};
}
Malformed host(const char* name, const std::string& fields, int status, const char* rule) {
  return {name, "GET / HTTP/1.1\r\n" + fields + "\r\n", status, rule};
}
Malformed body(const char* name, const std::string& bytes, int status, const char* rule) {
  return {name, "POST /echo HTTP/1.1\r\nHost: $HOST\r\n" + json + chunked + "\r\n" + bytes, status, rule};
}

INSTANTIATE_TEST_SUITE_P(
    RequestLine, Framing,
    ::testing::Values(line("http09", "GET /", 400, "request/http09"),
                      line("version_2_0", "GET / HTTP/2.0", 505, "request/version"),
                      line("version_3_0", "GET / HTTP/3.0", 505, "request/version"),
                      line("version_lower_case", "GET / http/1.1", 400, "request/version_syntax"),
                      line("two_spaces", "GET  / HTTP/1.1", 400, "request/extra_space"),
                      line("space_after_version", "GET / HTTP/1.1 ", 400, "request/extra_space"),
                      line("method_not_a_token", "G(T / HTTP/1.1", 400, "request/method_syntax"),
                      line("method_of_33", std::string(33, 'M') + " / HTTP/1.1", 501, "request/method_too_long"),
                      line("connect", "CONNECT a.example:443 HTTP/1.1", 501, "request/connect"),
                      line("target_nul", std::string("GET /a\0 HTTP/1.1", 16), 400, "request/target_byte"),
                      line("target_not_ascii", "GET /caf\xC3\xA9 HTTP/1.1", 400, "request/target_byte"),
                      line("target_no_uri", "GET /a?q=\"<x>\" HTTP/1.1", 400, "request/target_byte"),
                      line("raw_brace_in_the_path", "GET /{a}?q HTTP/1.1", 400, "request/target_byte"),
                      line("fragment", "GET /a#b HTTP/1.1", 400, "request/fragment"),
                      line("relative_target", "GET a HTTP/1.1", 400, "request/target_form"),
                      line("authority_form", "GET x:80 HTTP/1.1", 400, "request/target_form"),
                      line("absolute_form_of_another_host", "GET http://evil.example/ HTTP/1.1", 400, "host/mismatch"),
                      Malformed{"tls_hello", "\x16\x03\x01\x02", 400, "tls/on_plain_port"},
                      Malformed{"bare_lf_ends_the_line", "GET / HTTP/1.1\nHost: $HOST\r\n\r\n", 400,
                                "framing/bare_lf"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Fields, Framing,
    ::testing::Values(field("no_colon", "foo\r\n", 400, "field/no_colon"),
                      field("empty_name", ": x\r\n", 400, "field/name_empty"),
                      field("name_not_a_token", "fo(o: x\r\n", 400, "field/name_byte"),
                      field("nul_in_name", std::string("fo\0o: x\r\n", 9), 400, "field/name_byte"),
                      field("nul_in_value", std::string("foo: a\0b\r\n", 10), 400, "field/value_byte"),
                      field("escape_in_value", "foo: \x1B[31m\r\n", 400, "field/value_byte"),
                      field("delete_in_value", "foo: \x7F\r\n", 400, "field/value_byte"),
                      field("cr_cr_lf", "foo: x\r\r\n", 400, "framing/bare_cr"),
                      field("bare_lf_at_the_end", "foo: x\r\n\n", 400, "framing/bare_lf"),
                      field("obs_fold_of_te", "Transfer-Encoding: chunked\r\n\tx\r\n", 400, "framing/obs_fold"),
                      field("tab_before_colon", "Content-Length\t: 5\r\n", 400, "framing/sp_colon"),
                      field("expect_twice", "Expect: 100-continue\r\nExpect: 100-continue\r\n", 417, "expect/unknown")),
    name_of);

INSTANTIATE_TEST_SUITE_P(Host, Framing,
                         ::testing::Values(host("none", "", 400, "host/missing"),
                                           host("empty", "Host:\r\n", 400, "host/syntax"),
                                           host("list", "Host: $HOST, evil.example\r\n", 400, "host/syntax"),
                                           host("twice_the_same", "Host: x\r\nHost: x\r\n", 400, "host/repeated"),
                                           host("userinfo", "Host: evil.example@$HOST\r\n", 400, "host/syntax"),
                                           host("path", "Host: $HOST/x\r\n", 400, "host/syntax"),
                                           host("not_ascii", "Host: caf\xC3\xA9.example\r\n", 400, "host/syntax")),
                         name_of);

INSTANTIATE_TEST_SUITE_P(
    Body, Framing,
    ::testing::Values(
        Malformed{"te_in_http10", "POST /echo HTTP/1.0\r\nHost: $HOST\r\n" + json + chunked + "\r\n0\r\n\r\n", 400,
                  "framing/te_http10"},
        field("te_twice", chunked + chunked, 400, "framing/dup_te"),
        field("te_and_cl_in_a_get", "Content-Length: 0\r\n" + chunked, 400, "framing/te_and_cl"),
        field("te_chunked_chunked", "Transfer-Encoding: chunked, chunked\r\n", 400, "framing/te_not_chunked"),
        field("te_parameter", "Transfer-Encoding: chunked;q=1\r\n", 400, "framing/te_not_chunked"),
        field("te_vertical_tab",
              "Transfer-Encoding: \x0B"
              "chunked\r\n",
              400, "field/value_byte"),
        field("te_empty", "Transfer-Encoding:\r\n", 400, "framing/te_not_chunked"),
        field("cl_empty", "Content-Length:\r\n", 400, "framing/cl_syntax"),
        field("cl_of_19_digits", "Content-Length: 0000000000000000002\r\n", 400, "framing/cl_syntax"),
        field("cl_fraction", "Content-Length: 2.0\r\n", 400, "framing/cl_syntax"),
        field("cl_inner_space", "Content-Length: 1 0\r\n", 400, "framing/cl_syntax"),
        body("chunk_size_missing", "\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_size"),
        body("chunk_size_negative", "-2\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_size"),
        body("chunk_size_then_space", "2 \r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_size"),
        body("chunk_size_of_17_digits", "00000000000000002\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_overflow"),
        body("chunk_bare_cr", "2\r{}\r\n0\r\n\r\n", 400, "framing/chunk_bare_cr"),
        body("chunk_ends_in_lf", "2\r\n{}\n0\r\n\r\n", 400, "framing/chunk_bare_lf"),
        body("last_chunk_bare_lf", "2\r\n{}\r\n0\r\n\n", 400, "framing/chunk_bare_lf"),
        body("chunk_ext_control", "2;a=\x01\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_ext"),
        body("chunk_ext_empty", "2;\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_ext_syntax"),
        body("chunk_ext_open_quote", "2;a=\"b\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_ext_syntax"),
        Malformed{"broken_body_that_nobody_reads",
                  "GET / HTTP/1.1\r\nHost: $HOST\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n", 400,
                  "framing/chunk_data_end"},
        body("chunk_ext_quoted_lf", "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_bare_lf"),
        body("chunk_ext_of_257", "2;" + std::string(256, 'x') + "\r\n{}\r\n0\r\n\r\n", 400, "limit/chunk_ext"),
        body("chunks_that_are_all_framing", repeat("1;" + std::string(255, 'x') + "\r\n \r\n", 80), 400,
             "limit/chunk_framing"),
        body("trailer_without_colon", "0\r\nfoo\r\n\r\n", 400, "framing/trailer"),
        body("trailer_folded", "0\r\na: b\r\n c\r\n\r\n", 400, "framing/trailer"),
        body("trailer_of_65_fields", "0\r\n" + repeat("a:b\r\n", 65) + "\r\n", 431, "limit/trailer_count"),
        body("trailer_over_8_kib", "0\r\na:" + std::string(8192, 'x') + "\r\n\r\n", 431, "limit/trailer_bytes")),
    name_of);

// ---- Limits, at their value and one beyond

TEST(FramingLimits, RequestLine) {
  SmallService service([](ops::Settings& settings) { settings.limits.request_line = 1024; });
  const auto status = [&](std::size_t size) {  // of the line without its end
    HttpClient client(service.port());
    client.send(service.head("GET /files/" + std::string(size - 20, 'a')));
    return client.receive()->status;
  };
  EXPECT_EQ(std::string("GET /files/ HTTP/1.1").size(), 20U);
  EXPECT_NE(status(1024), 414);
  EXPECT_EQ(status(1025), 414);
  EXPECT_EQ(logged_reasons(service).back(), "limit/request_line");
}

TEST(FramingLimits, HeadBytes) {
  SmallService service([](ops::Settings& settings) { settings.limits.header_bytes = 2048; });
  const std::size_t rest = service.head("GET /", "X-A: \r\n").size();
  for (const std::size_t size : {2048U, 2049U}) {
    HttpClient client(service.port());
    client.send(service.head("GET /", "X-A: " + std::string(size - rest, 'x') + "\r\n"));
    EXPECT_EQ(client.receive()->status, size == 2048 ? 200 : 431);
  }
  EXPECT_EQ(logged_reasons(service), Reasons{"limit/head"});
}

TEST(FramingLimits, Fields) {
  SmallService service;
  for (const std::size_t count : {64U, 65U}) {
    HttpClient client(service.port());
    client.send(service.head("GET /", repeat("X-A: b\r\n", count - 1)));  // and Host
    EXPECT_EQ(client.receive()->status, count == 64 ? 200 : 431);
  }
  EXPECT_EQ(logged_reasons(service), Reasons{"limit/field_count"});
}

TEST(FramingLimits, Query) {
  SmallService service;
  Browser browser = service.browser();
  EXPECT_EQ(browser.get("/?" + std::string(4096, 'q')).status, 200);
  EXPECT_GE(browser.get("/?" + std::string(4097, 'q')).status, 400);
}

TEST(FramingLimits, BodyOfKnownLength) {
  SmallService service([](ops::Settings& settings) { settings.limits.json = 1000; });
  std::string text = R"({"title":"t","body":""})";
  text += std::string(1000 - text.size(), ' ');
  HttpClient client(service.port());
  client.send(service.head("POST /echo", json + length(1000)) + text);
  EXPECT_EQ(client.receive()->status, 200);
  client.send(service.head("POST /echo", json + length(1001)) + text + ' ');
  EXPECT_EQ(client.receive()->status, 413);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST(FramingLimits, BodyInChunks) {
  SmallService service([](ops::Settings& settings) { settings.limits.json = 1000; });
  std::string text = R"({"title":"t","body":""})";
  text += std::string(1000 - text.size(), ' ');
  HttpClient client(service.port());
  client.send(service.head("POST /echo", json + chunked) + "3e8\r\n" + text + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200) << "all in one";
  std::string drips;
  for (const char c : text) drips += std::string("1\r\n") + c + "\r\n";
  client.send(service.head("POST /echo", json + chunked) + drips + "0\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200) << "a byte a chunk";
  client.send(service.head("POST /echo", json + chunked) + drips + "1\r\n \r\n0\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 413);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(logged_reasons(service), Reasons{"limit/body"});
}

TEST(FramingLimits, ChunkExtensionAndTrailersAtTheirLimit) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /form", "Content-Type: application/x-www-form-urlencoded\r\n" + chunked) + "3;" +
              std::string(255, 'x') + "\r\na=b\r\n0\r\n" + repeat("a:b\r\n", 64) + "\r\n" + service.head("GET /"));
  EXPECT_EQ(client.receive()->body, R"({"message":"b"})");
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})") << "trailers are dropped";
}

TEST(FramingLimits, RequestsOfAConnection) {
  SmallService service([](ops::Settings& settings) { settings.limits.keep_alive_requests = 3; });
  HttpClient client(service.port());
  client.send(repeat(service.head("GET /"), 4));
  EXPECT_EQ(client.receive()->count("connection"), 0U);
  EXPECT_EQ(client.receive()->count("connection"), 0U);
  EXPECT_EQ(client.receive()->field("connection"), "close");
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

// ---- Bodies that no handler reads

constexpr std::size_t budget = 65'536;  // limits.drain_bytes
const std::string plain = "Content-Type: text/plain\r\n";

TEST(UndrainedBody, WithinTheBudgetIsDropped) {
  SmallService service;
  HttpClient client(service.port());
  for (const std::size_t size : {std::size_t{1}, std::size_t{5000}, budget}) {
    client.send(service.head("POST /echo", plain + length(size)));
    const auto refused = client.receive();
    EXPECT_EQ(refused->status, 415) << "before the body";
    EXPECT_EQ(refused->count("connection"), 0U);
    client.send(std::string(size, 'x') + service.head("GET /"));
    EXPECT_EQ(client.receive()->body, R"({"message":"hello"})") << size;
  }
}

TEST(UndrainedBody, BeyondTheBudgetEndsTheConnection) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", plain + length(budget + 1)));
  EXPECT_EQ(client.receive()->field("connection"), "close");
  client.send(service.head("GET /users/smuggled"));
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST(UndrainedBody, WithoutABudgetEndsTheConnection) {
  SmallService service([](ops::Settings& settings) { settings.limits.drain_bytes = 0; });
  HttpClient client(service.port());
  const std::string inner = service.head("GET /users/smuggled");
  client.send(service.head("POST /echo", plain + length(inner.size())) + inner + service.head("GET /"));
  const auto refused = client.receive();
  EXPECT_EQ(refused->status, 415);
  EXPECT_EQ(refused->field("connection"), "close");
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

TEST(UndrainedBody, ChunkedWithinTheBudgetIsDropped) {
  SmallService service;
  HttpClient client(service.port());
  const std::string inner = service.head("GET /users/smuggled");
  client.send(service.head("POST /echo", plain + chunked));
  EXPECT_EQ(client.receive()->status, 415);
  client.send("400;" + std::string(200, 'e') + "\r\n" + inner + std::string(0x400 - inner.size(), 'x') +
              "\r\n0\r\nX-Trailer: y\r\n\r\n" + service.head("GET /"));
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})");
}

TEST(UndrainedBody, ChunkedBeyondTheBudgetEndsTheConnection) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", plain + chunked));
  EXPECT_EQ(client.receive()->status, 415);
  client.send(repeat("1000\r\n" + std::string(0x1000, 'x') + "\r\n", 17) + "0\r\n\r\n" + service.head("GET /"));
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
  EXPECT_EQ(logged_reasons(service), Reasons{"limit/drain"});
}

TEST(UndrainedBody, MalformedWhileItIsDroppedEndsTheConnection) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", plain + chunked));
  EXPECT_EQ(client.receive()->status, 415);
  client.send("+1\r\nx\r\n0\r\n\r\n" + service.head("GET /users/smuggled"));
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
  EXPECT_EQ(logged_reasons(service), Reasons{"framing/chunk_size"});
}

// It would be answered, and logged, as a request that was whole.
TEST(UndrainedBody, OfAGetIsReadBeforeItIsServed) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("GET /", chunked) + "5\r\nab");
  let_it_read(service);
  client.send("cde\r\n0\r\n\r\n" + service.head("GET /users/next"));
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})");
  EXPECT_EQ(client.receive()->status, 200) << "the next request begins where it begins";
  client.send(service.head("GET /", chunked) + "5\r\nab");
  let_it_read(service);
  client.send("cde0\r\n\r\n" + service.head("GET /users/smuggled"));
  EXPECT_EQ(client.receive()->status, 400);
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
  EXPECT_EQ(logged_reasons(service), Reasons{"framing/chunk_data_end"});
  const std::string log = service.log();
  const std::size_t last = log.rfind("\"http_access\"");
  ASSERT_NE(last, log.npos);
  EXPECT_NE(log.find("\"status\":400", last), log.npos);
}

TEST(UndrainedBody, OfAGetHasALimitAndATime) {
  SmallService service;
  HttpClient large(service.port());
  large.send(service.head("GET /", chunked));
  large.send(repeat("1000\r\n" + std::string(0x1000, 'x') + "\r\n", 17));
  EXPECT_EQ(large.receive()->status, 413);
  HttpClient slow(service.port());
  slow.send(service.head("GET /", chunked) + "5\r\nab");
  let_it_read(service);
  service.advance(31s);
  EXPECT_EQ(slow.receive()->status, 408);
  EXPECT_EQ(logged_reasons(service), (Reasons{"limit/drain", "deadline/body"}));
}

TEST(UndrainedBody, NotForEver) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", plain + length(1000)) + "x");
  EXPECT_EQ(client.receive()->status, 415);
  service.advance(29s);
  client.send("x");
  let_it_read(service);
  service.advance(2s);
  client.send(std::string(998, 'x') + service.head("GET /users/smuggled"));
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/drain"});
}

TEST(UndrainedBody, ThatWaitsForContinueIsNotGuessedAt) {
  SmallService service;
  for (const std::string& framing : {length(100), chunked}) {
    HttpClient client(service.port());
    client.send(service.head("POST /echo", plain + framing + "Expect: 100-continue\r\n"));
    const auto answer = client.receive();
    EXPECT_EQ(answer->status, 415) << "not 100: the answer is known";
    EXPECT_EQ(answer->field("connection"), "close");
    client.send(service.head("GET /users/smuggled"));  // is it the body, or the next request?
    client.finish_sending();
    EXPECT_TRUE(client.closed());
  }
}

// ---- Answers that need no body come before it

TEST(EarlyAnswer, ComesBeforeTheBody) {
  Router router = small_routes();
  router.post("/members", signed_in, [](Body<small::NewNote>) { return NoContent{}; });
  TestService service(router);
  const auto status = [&](const std::string& target, const std::string& fields) {
    HttpClient client(service.port());
    client.send("POST " + target + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n" + fields + "\r\n");
    const auto answer = client.receive();
    EXPECT_EQ(answer->field("connection"), "close") << target;
    client.finish_sending();
    EXPECT_TRUE(client.closed());
    return answer->status;
  };
  const std::string large = length(1'000'000'000'000);
  EXPECT_EQ(status("/echo", json + large), 413);
  EXPECT_EQ(status("/echo", plain + large), 415);
  EXPECT_EQ(status("/echo", json + "Content-Encoding: gzip\r\n" + large), 415);
  EXPECT_EQ(status("/echo", json + "Cookie: a=b\r\nSec-Fetch-Site: cross-site\r\n" + large), 403);
  EXPECT_EQ(status("/members", json + large), 401);
  EXPECT_EQ(status("/nowhere", json + large), 404);
  EXPECT_EQ(status("/users/me", json + large), 405);
  EXPECT_EQ(status("/echo/../echo", json + large), 400);
}

// ---- Time

TEST(BodyDeadline, TwoHundredAndFortyBytesASecondAreEnough) {
  SmallService service;
  HttpClient client(service.port());
  const std::string text = R"({"title":"t","body":")" + std::string(4778, 'b') + R"("})";
  ASSERT_EQ(text.size(), 4801U);
  client.send(service.head("POST /echo", json + length(text.size())) + text.substr(0, 1));
  for (std::size_t at = 1; at < text.size(); at += 480) {
    let_it_read(service);
    service.advance(2s);
    client.send(std::string_view(text).substr(at, 480));
  }
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(BodyDeadline, FewerAreNot) {
  for (const std::string& framing : {length(9000), chunked}) {
    SmallService service;
    HttpClient client(service.port());
    client.send(service.head("POST /echo", json + framing));
    for (int i = 0; i < 8; ++i) {
      client.send(framing == chunked ? "1\r\n \r\n" : " ");
      let_it_read(service);
      service.advance(1s);
    }
    EXPECT_EQ(client.receive()->status, 408);
    client.finish_sending();
    EXPECT_TRUE(client.closed());
    EXPECT_EQ(logged_reasons(service), Reasons{"deadline/body"});
  }
}

TEST(BodyDeadline, ThirtySecondsAreEnoughForAnyBodyInMemory) {
  SmallService service;
  HttpClient client(service.port());
  client.send(service.head("POST /echo", json + length(200'000)));
  for (int i = 0; i < 31; ++i) {
    client.send(std::string(1000, ' '));  // four times what the pace asks for
    let_it_read(service);
    service.advance(1s);
  }
  EXPECT_EQ(client.receive()->status, 408);
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/body"});
}

TEST(HeadDeadline, IsAbsolute) {
  SmallService service;
  HttpClient client(service.port());
  const std::string head = service.head("GET /", "X-A: " + std::string(100, 'x') + "\r\n");
  for (std::size_t i = 0; i < 12; ++i) {  // a byte a second earns nothing
    client.send(head.substr(i, 1));
    let_it_read(service);
    service.advance(1s);
  }
  EXPECT_EQ(client.receive()->status, 408);
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/head"});
}

// A client that takes next to nothing of what it is sent.
class SlowReader {
 public:
  explicit SlowReader(TestService& service)
      : service_(service), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int small = 1;  // the kernel makes the least of it that it can
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    const timeval limit{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(service.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~SlowReader() { ::close(socket_); }
  SlowReader(const SlowReader&) = delete;
  SlowReader& operator=(const SlowReader&) = delete;

  void send(const std::string& bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    let_it_read(service_);
  }
  // Takes what there is, up to so many bytes. 0 at the end of the connection.
  std::size_t take(std::size_t most) {
    std::string bytes(most, '\0');
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }

 private:
  TestService& service_;
  int socket_;
};

TEST(WriteDeadline, ThePaceIsKeptOrTheConnectionIsCut) {
  SmallService service([](ops::Settings& settings) { settings.limits.keep_alive_requests = 1'000'000; });
  SlowReader client(service);
  // More answers than the sockets' buffers hold; the service stops reading when its output is not taken.
  const std::string some = repeat(service.head("GET /plain-page"), 100);
  for (int i = 0; i < 80; ++i) client.send(some);
  service.advance(39s);
  EXPECT_EQ(logged_reasons(service), Reasons{});
  service.advance(10s);
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/write"});
  while (client.take(65'536) > 0) {
  }
}

TEST(WriteDeadline, AFileIsCutToo) {
  TemporaryFolder folder;
  std::ofstream(folder.file("large.txt")) << std::string(16'000'000, 'x');
  std::filesystem::create_directory(folder.file("public"));
  std::filesystem::rename(folder.file("large.txt"), folder.file("public/large.txt"));
  Router router;
  router.files("/public", anyone("for the tests of slow readers"), folder.file("public"));
  TestService service(router);
  SlowReader client(service);
  client.send("GET /public/large.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  service.advance(39s);
  EXPECT_EQ(logged_reasons(service), Reasons{});
  service.advance(10s);
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/write"});
  std::size_t taken = 0;
  while (const std::size_t some = client.take(65'536)) taken += some;
  EXPECT_LT(taken, 16'000'000U) << "the end was not made to look whole";
}

// The service's own buffers hold megabytes: for a minute at a time they take nothing from a client that reads 4 kB a second. What tells it from
// one that reads nothing is what its system has acknowledged.
TEST(WriteDeadline, ASlowReaderKeepsItsDownload) {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("public"));
  std::ofstream(folder.file("public/large.txt")) << std::string(16'000'000, 'x');
  Router router;
  router.files("/public", anyone("for the tests of slow readers"), folder.file("public"));
  TestService service(router);
  SlowReader client(service);
  client.send("GET /public/large.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  for (int i = 0; i < 60; ++i) {
    for (std::size_t taken = 0; taken < 40'000;) taken += client.take(40'000 - taken);
    service.advance(10s);
  }
  EXPECT_EQ(logged_reasons(service), Reasons{});
  service.advance(30s);
  EXPECT_EQ(logged_reasons(service), Reasons{}) << "a pause of one that has been reading";
  service.advance(301s);
  EXPECT_EQ(logged_reasons(service), Reasons{"deadline/write"}) << "one that has stopped";
}

// RFC 9112 9.6: closing with the rest of the body unread would reset the connection, and with it the answer.
TEST(LingeringClose, ARefusedUploadIsReadToItsEnd) {
  SmallService service;
  for (int i = 0; i < 5; ++i) {
    HttpClient client(service.port());
    client.send(service.head("POST /echo", json + length(8'000'000)) + std::string(8'000'000, 'x'));
    const auto answer = client.receive();
    ASSERT_TRUE(answer) << "the answer was lost";
    EXPECT_EQ(answer->status, 413);
    EXPECT_TRUE(client.closed());
  }
}

}  // namespace
}  // namespace sallyport::testing
