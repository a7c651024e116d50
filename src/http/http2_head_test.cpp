// Tests of HTTP/2 request heads: RFC 9113 8.1 to 8.3 rule by rule, the limits at n and n + 1, and what an accepted head says.
#include "http/http2_head.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::http {
namespace {

using namespace std::string_literals;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Read {
  HeadVerdict verdict;
  std::unique_ptr<RequestHead> head = std::make_unique<RequestHead>();
  std::unique_ptr<Http2Head> source;
};

Read read(const Fields& fields, bool ended = true, const HeadLimits& limits = {}) {
  Read result;
  result.source = std::make_unique<Http2Head>(limits);
  result.source->begin();
  for (const auto& [name, value] : fields) result.source->add(name, value);
  result.verdict = result.source->finish(*result.head, ended);
  return result;
}

Fields get(const Fields& more = {}) {
  Fields fields{{":method", "GET"}, {":scheme", "https"}, {":authority", "a.example"}, {":path", "/x?y=1"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

struct Broken {
  std::string_view rule;
  int status;
  Fields fields;
  bool ended = true;
};
void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.rule; }

class BrokenHead : public testing::TestWithParam<Broken> {};

TEST_P(BrokenHead, IsRefusedByItsRule) {
  const Read result = read(GetParam().fields, GetParam().ended);
  EXPECT_EQ(result.verdict.rule, GetParam().rule);
  EXPECT_EQ(result.verdict.status, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9113, BrokenHead,
    testing::Values(
        // 8.2.1: names and values
        Broken{"h2/name_byte", 0, get({{"X-Upper", "1"}})}, Broken{"h2/name_byte", 0, get({{"xA", "1"}})},
        Broken{"h2/name_byte", 0, get({{"xZ", "1"}})}, Broken{"h2/name_byte", 0, get({{"a b", "1"}})},
        Broken{"h2/name_byte", 0, get({{"a:b", "1"}})}, Broken{"h2/name_byte", 0, get({{"a\r\nb", "1"}})},
        Broken{"h2/name_byte", 0, get({{"\x80", "1"}})}, Broken{"h2/name_byte", 0, get({{"Content-Length", "1"}})},
        Broken{"field/name_empty", 0, get({{"", "1"}})}, Broken{"field/value_byte", 0, get({{"a", "x\r\ny: z"}})},
        Broken{"field/value_byte", 0, get({{"a", "x\ny"}})}, Broken{"field/value_byte", 0, get({{"a", "x\0y"s}})},
        Broken{"field/value_byte", 0, get({{"a", "x\x7f"}})}, Broken{"h2/value_blank", 0, get({{"a", " x"}})},
        Broken{"h2/value_blank", 0, get({{"a", "x\t"}})}, Broken{"h2/value_blank", 0, get({{"a", " "}})},
        Broken{"field/value_byte", 0, {{":method", "GET / HTTP/1.1\r\nx: y"}, {":scheme", "https"}, {":path", "/"}}},
        // 8.2.2: connection-specific fields
        Broken{"h2/connection_field", 0, get({{"connection", "close"}})},
        Broken{"h2/connection_field", 0, get({{"keep-alive", "1"}})},
        Broken{"h2/connection_field", 0, get({{"proxy-connection", "keep-alive"}})},
        Broken{"h2/connection_field", 0, get({{"transfer-encoding", "chunked"}}), false},
        Broken{"h2/connection_field", 0, get({{"upgrade", "h2c"}})},
        Broken{"h2/connection_field", 0, get({{"http2-settings", "AAAA"}})},
        Broken{"h2/te", 0, get({{"te", "trailers, deflate"}})}, Broken{"h2/te", 0, get({{"te", ""}})},
        // 8.3: pseudo-header fields
        Broken{"h2/pseudo_unknown", 0, get({{":status", "200"}})}, Broken{"h2/pseudo_unknown", 0, get({{":", "1"}})},
        Broken{"h2/pseudo_unknown", 0, get({{":Path", "/"}})},
        Broken{"h2/pseudo_unknown", 0, get({{":protocol", "websocket"}})},
        Broken{"h2/pseudo_repeated", 0, get({{":path", "/x?y=1"}})},
        Broken{"h2/pseudo_repeated", 0, get({{":authority", "a.example"}})},
        Broken{"h2/pseudo_order",
               0,
               {{":method", "GET"}, {":scheme", "https"}, {"a", "b"}, {":path", "/"}, {"host", "a.example"}}},
        Broken{"h2/pseudo_missing", 0, {{":scheme", "https"}, {":authority", "a"}, {":path", "/"}}},
        Broken{"h2/pseudo_missing", 0, {{":method", "GET"}, {":authority", "a"}, {":path", "/"}}},
        Broken{"h2/pseudo_missing", 0, {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}}},
        Broken{"h2/pseudo_missing", 0, {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", ""}}},
        // what HTTP/1.1 refuses, too
        Broken{"request/connect", 501, {{":method", "CONNECT"}, {":authority", "a:443"}}},
        Broken{"request/connect",
               501,
               {{":method", "CONNECT"}, {":protocol", "websocket"}, {":scheme", "https"}, {":path", "/"}, {"a", "b"}}},
        Broken{"h2/scheme", 400, {{":method", "GET"}, {":scheme", "ftp"}, {":authority", "a"}, {":path", "/"}}},
        Broken{"request/method_syntax",
               400,
               {{":method", "GE T"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/"}}},
        Broken{
            "request/method_syntax", 400, {{":method", ""}, {":scheme", "https"}, {":authority", "a"}, {":path", "/"}}},
        Broken{"request/method_too_long",
               501,
               {{":method", std::string(33, 'A')}, {":scheme", "https"}, {":authority", "a"}, {":path", "/"}}},
        Broken{"request/target_byte",
               400,
               {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/ HTTP/1.1"}}},
        Broken{"request/target_byte",
               400,
               {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/\xc3\xa9"}}},
        Broken{
            "request/fragment", 400, {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/#x"}}},
        Broken{"request/target_form",
               400,
               {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "https://a/"}}},
        Broken{"request/target_form",
               400,
               {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "*"}}},
        Broken{"host/missing", 400, {{":method", "GET"}, {":scheme", "https"}, {":path", "/"}}},
        Broken{"host/mismatch", 400, get({{"host", "b.example"}})},
        Broken{"host/mismatch", 400, get({{"host", "a.example:80"}})},
        Broken{"host/mismatch", 400, get({{"host", "a.example, a.example"}})},
        Broken{"host/repeated", 400, get({{"host", "a.example"}, {"host", "a.example"}})},
        Broken{"host/repeated",
               400,
               {{":method", "GET"}, {":scheme", "https"}, {":path", "/"}, {"host", "a"}, {"host", "a"}}},
        Broken{"host/syntax", 400, {{":method", "GET"}, {":scheme", "https"}, {":authority", ""}, {":path", "/"}}},
        Broken{"host/syntax", 400, {{":method", "GET"}, {":scheme", "https"}, {":authority", "u@a"}, {":path", "/"}}},
        Broken{"framing/dup_cl", 400, get({{"content-length", "1"}, {"content-length", "1"}}), false},
        Broken{"framing/cl_syntax", 400, get({{"content-length", "+1"}}), false},
        Broken{"framing/cl_syntax", 400, get({{"content-length", "1, 1"}}), false},
        Broken{"h2/length_mismatch", 0, get({{"content-length", "1"}})},
        Broken{"expect/unknown", 417, get({{"expect", "a-miracle"}})}));

TEST(Http2Head, TakesAHostThatIsTheSameAuthority) {
  for (const std::string host : {"a.example", "A.Example", "a.example:443", "a.example:", "a.example."}) {
    const Read result = read(get({{"host", host}}));
    EXPECT_EQ(result.verdict.status, 200) << host << ' ' << result.verdict.rule;
    EXPECT_EQ(result.head->host, "a.example") << host;
  }
}

TEST(Http2Head, TakesQueriesAsBrowsersSendThem) {
  const auto with_path = [](const std::string& path) {
    return read({{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", path}});
  };
  const Read result = with_path("/x?q={a|b}^`\\[c]");
  ASSERT_EQ(result.verdict.status, 200) << result.verdict.rule;
  EXPECT_EQ(result.head->query, "q={a|b}^`\\[c]");
  EXPECT_EQ(with_path("/{x}?q").verdict.rule, "request/target_byte");
  EXPECT_EQ(with_path("/x?\"q\"").verdict.rule, "request/target_byte");
}

TEST(Http2Head, SaysWhatTheRequestIs) {
  const Read result = read(get({{"accept", "text/html"}, {"te", "trailers"}, {"x-own", "\xc3\xa9"}}));
  ASSERT_EQ(result.verdict.status, 200) << result.verdict.rule;
  const RequestHead& head = *result.head;
  EXPECT_EQ(head.method, Method::get);
  EXPECT_EQ(head.method_text, "GET");
  EXPECT_EQ(head.host, "a.example");
  EXPECT_EQ(head.target, "/x?y=1");
  EXPECT_EQ(head.path, "/x");
  EXPECT_EQ(head.query, "y=1");
  EXPECT_TRUE(head.has_query);
  EXPECT_EQ(head.framing, BodyFraming::none);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_EQ(head.known(KnownHeader::accept).value, "text/html");
  ASSERT_NE(head.find("x-own"), nullptr);
  EXPECT_EQ(head.find("x-own")->value, "\xc3\xa9");
}

TEST(Http2Head, TakesHostWhereThereIsNoAuthority) {
  const Read result = read({{":method", "OPTIONS"}, {":scheme", "http"}, {":path", "*"}, {"host", "[::1]:80"}});
  ASSERT_EQ(result.verdict.status, 200) << result.verdict.rule;
  EXPECT_EQ(result.head->host, "[::1]:80");
  EXPECT_EQ(result.head->path, "*");
}

TEST(Http2Head, TakesAHostThatSaysTheSame) {
  const Read result = read(get({{"host", "A.example"}}));
  ASSERT_EQ(result.verdict.status, 200) << result.verdict.rule;
  EXPECT_FALSE(result.head->repeated(KnownHeader::host));
}

TEST(Http2Head, JoinsCookies) {
  const Read result = read(get({{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}, {"cookie", "c=3"}}));
  ASSERT_EQ(result.verdict.status, 200) << result.verdict.rule;
  const KnownField cookie = result.head->known(KnownHeader::cookie);
  EXPECT_EQ(cookie.value, "a=1; b=2; c=3");
  EXPECT_FALSE(cookie.repeated);
}

TEST(Http2Head, KnowsHowTheBodyEnds) {
  const Read sized = read(get({{"content-length", "5"}}), false);
  EXPECT_EQ(sized.head->framing, BodyFraming::length);
  EXPECT_EQ(sized.head->content_length, 5U);
  const Read unknown = read(get({{"expect", "100-continue"}}), false);
  ASSERT_EQ(unknown.verdict.status, 200);
  EXPECT_EQ(unknown.head->framing, BodyFraming::chunked);
  EXPECT_FALSE(unknown.head->expect_continue);
}

TEST(Http2Head, ListSizeAtItsLimit) {
  // Each field counts its name, its value and 32.
  std::size_t size = 0;
  for (const auto& [name, value] : get()) size += name.size() + value.size() + 32;
  const auto padded = [&](std::size_t total) { return get({{"x", std::string(total - size - 33, 'v')}}); };
  EXPECT_EQ(read(padded(1000), true, {.total = 1000}).verdict.status, 200);
  const Read beyond = read(padded(1001), true, {.total = 1000});
  EXPECT_EQ(beyond.verdict.status, 431);
  EXPECT_EQ(beyond.verdict.rule, "limit/head");
}

TEST(Http2Head, FieldCountAtItsLimit) {
  Fields fields = get();
  for (int i = 0; i < 63; ++i) fields.emplace_back("x", "y");  // and the host
  EXPECT_EQ(read(fields).verdict.status, 200);
  fields.emplace_back("x", "y");
  EXPECT_EQ(read(fields).verdict.rule, "limit/field_count");
}

TEST(Http2Head, TargetAtItsLimit) {
  const auto with_path = [](std::size_t size) {
    return read(
        {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/" + std::string(size - 1, 'p')}},
        true, {.request_line = 100});
  };
  EXPECT_EQ(with_path(100 - 13).verdict.status, 200);
  EXPECT_EQ(with_path(100 - 12).verdict.rule, "limit/request_line");
}

TEST(Http2Head, KeepsNothingOfABombOnceItIsTooLarge) {
  Http2Head head({.total = 4096});
  head.begin();
  const std::string value(4000, 'v');
  for (int i = 0; i < 100'000; ++i) head.add("x", value);
  RequestHead out;
  EXPECT_EQ(head.finish(out, true).status, 431);
}

TEST(Http2Head, TrailersAreJudgedAndDropped) {
  const auto trailers = [](const Fields& fields) {
    Read result = read(get({{"x", "y"}}), false);
    result.source->begin_trailers();
    for (const auto& [name, value] : fields) result.source->add(name, value);
    EXPECT_EQ(result.head->find("x")->value, "y");
    EXPECT_EQ(result.head->find("sum"), nullptr);
    return result.source->finish_trailers();
  };
  EXPECT_EQ(trailers({{"sum", "1"}}).status, 200);
  EXPECT_EQ(trailers({{":path", "/"}}).rule, "h2/pseudo_in_trailers");
  EXPECT_EQ(trailers({{"Sum", "1"}}).rule, "h2/name_byte");
  EXPECT_EQ(trailers({{"sum", "1\n"}}).rule, "field/value_byte");
  EXPECT_EQ(trailers({{"transfer-encoding", "chunked"}}).rule, "h2/connection_field");
  EXPECT_EQ(trailers({{"sum", std::string(17'000, 'v')}}).rule, "limit/head");

  Read bounded = read(get({{"x", "y"}}), false, {.total = 1000});
  for (const std::size_t more : {0U, 1U}) {
    bounded.source->begin_trailers();
    bounded.source->add("sum", std::string(1000 - 32 - 3 + more, 'v'));
    EXPECT_EQ(bounded.source->finish_trailers().status, more == 0 ? 200 : 431);
  }
}

TEST(Http2Head, IsReusedWithoutTraces) {
  Http2Head head({});
  RequestHead out;
  for (const char* path : {"/first", "/2"}) {
    head.begin();
    for (const auto& [name, value] : get({{"cookie", "a"}})) head.add(name, name == ":path" ? path : value);
    ASSERT_EQ(head.finish(out, true).status, 200);
    EXPECT_EQ(out.path, path);
    EXPECT_EQ(out.known(KnownHeader::cookie).value, "a");
    EXPECT_EQ(out.fields().size(), 2U);
  }
}

}  // namespace
}  // namespace sallyport::http
