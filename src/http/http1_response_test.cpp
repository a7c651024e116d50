// Answers of other servers: what RFC 9112 says of their heads and ends, and what is refused; each read whole and byte by byte.
#include "http/http1_response.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {
namespace {

using State = ResponseReader::State;

// What a reader says of an answer, written down: "200 none | 200 length abc ended". Content that comes in pieces is one.
struct Story {
  std::string text;
  std::string left;
  bool reusable = false;

  friend bool operator==(const Story&, const Story&) = default;
};
void PrintTo(const Story& story, std::ostream* out) {
  *out << '"' << story.text << "\" then \"" << story.left << "\", " << (story.reusable ? "" : "not ") << "reusable";
}

std::string_view name_of(ResponseFraming framing) {
  constexpr std::string_view names[] = {"none", "length", "chunked", "until_close"};
  return names[static_cast<std::size_t>(framing)];
}

// Received in steps of `step` bytes, into memory that is exactly as large as what is unread; then the connection is closed, unless it `stays`.
Story story(std::string_view bytes, std::size_t step, Asked asked = Asked::other, const ResponseLimits& limits = {},
            bool stays = false) {
  ResponseReader reader(asked, limits);
  Story told;
  std::string content;
  std::string unread;
  std::size_t received = 0;
  const auto flush = [&] {
    if (!content.empty()) told.text += ' ' + std::exchange(content, {});
  };
  for (;;) {
    const auto copy = std::make_unique_for_overwrite<char[]>(unread.size());
    if (!unread.empty()) std::memcpy(copy.get(), unread.data(), unread.size());
    const std::string_view view{copy.get(), unread.size()};
    const bool all = received == bytes.size();
    auto event = reader.read(view);
    EXPECT_LE(event.consumed, view.size());
    EXPECT_EQ(event.state == State::error, !event.rule.empty());
    const std::string_view rest = view.substr(event.consumed);
    if (event.state == State::need_more && all && !stays) event = reader.end_of_input(rest);
    switch (event.state) {
      case State::interim:
      case State::head:
        if (!told.text.empty()) told.text += " | ";
        told.text += std::to_string(reader.head().status) + ' ' + std::string(name_of(reader.head().framing));
        break;
      case State::data:
        EXPECT_FALSE(event.data.empty());
        content += event.data;
        break;
      case State::ended:
      case State::error:
        flush();
        told.text += (told.text.empty() ? "" : " ") + (event.state == State::ended ? "ended" : std::string(event.rule));
        told.left = std::string(rest) + std::string(bytes.substr(received));
        told.reusable = reader.reusable();
        if (event.state == State::error) {
          told.left.clear();
          EXPECT_EQ(reader.read("HTTP/1.1 200 OK\r\n\r\n").rule, event.rule) << "an error is final";
        }
        return told;
      case State::need_more:
        if (all) {
          flush();
          told.text += " waits";
          return told;
        }
        break;
    }
    unread = rest;
    if (event.state == State::need_more) {
      const std::size_t size = std::min(step, bytes.size() - received);
      unread += bytes.substr(received, size);
      received += size;
    }
  }
}

Story tell(std::string_view bytes, Asked asked = Asked::other, const ResponseLimits& limits = {}, bool stays = false) {
  const Story whole = story(bytes, std::string_view::npos, asked, limits, stays);
  for (const std::size_t step : {1U, 2U, 7U}) EXPECT_EQ(story(bytes, step, asked, limits, stays), whole) << bytes;
  // The fast scan and its twin.
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    ResponseHead fast;
    ResponseHead slow;
    EXPECT_EQ(parse_response_head(bytes.substr(0, size), fast, asked, limits),
              scalar::parse_response_head(bytes.substr(0, size), slow, asked, limits));
  }
  return whole;
}

struct Case {
  const char* bytes;
  const char* story;
  const char* left = "";
  bool reusable = true;
  Asked asked = Asked::other;
};

class Answers : public ::testing::TestWithParam<Case> {};
void PrintTo(const Case& c, std::ostream* out) { *out << c.bytes; }

TEST_P(Answers, EndWhereTheRfcSays) {
  const Case& c = GetParam();
  EXPECT_EQ(tell(c.bytes, c.asked), (Story{c.story, c.left, c.reusable}));
}

// RFC 9112 6.3, rule by rule.
INSTANTIATE_TEST_SUITE_P(
    Rfc9112, Answers,
    ::testing::Values(
        // 1: HEAD, 1xx, 204, 304
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/", "200 none ended", "HTTP/", true, Asked::head},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 none ended", "", true, Asked::head},
        Case{"HTTP/1.1 200 OK\r\n\r\n", "200 none ended", "", true, Asked::head},
        Case{"HTTP/1.1 204 No Content\r\n\r\nHTTP/", "204 none ended", "HTTP/"},
        Case{"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "204 none ended"},
        Case{"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 none ended"},
        Case{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
             "100 none | 200 length a ended"},
        Case{"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 \r\n\r\n",
             "103 none | 100 none | 204 none ended"},
        // … where a body is announced that must not be there, nothing more is sent on the connection
        Case{"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", "204 none ended", "hello", false},
        Case{"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "204 none ended", "", false},
        Case{"HTTP/1.1 100 \r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 \r\n\r\n", "100 none | 204 none ended", "", false},
        // 2: CONNECT
        Case{"HTTP/1.1 200 OK\r\n\r\nbytes", "200 none ended", "bytes", false, Asked::connect},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 none ended", "abc", false, Asked::connect},
        Case{"HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nabc", "407 length abc ended", "", true, Asked::connect},
        // 4: chunked
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\nHTTP/",
             "200 chunked abcde ended", "HTTP/"},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED \r\n\r\n0\r\n\r\n", "200 chunked ended"},
        // 6: a length
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcde", "200 length abc ended", "de"},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx", "200 length ended", "x"},
        Case{"HTTP/1.1 500 \r\ncontent-length:2\r\n\r\nno", "500 length no ended"},
        // 8: up to the end of the connection
        Case{"HTTP/1.1 200 OK\r\n\r\nabc", "200 until_close abc ended", "", false},
        Case{"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", "200 until_close ended", "", false},
        Case{"HTTP/1.0 200 OK\r\n\r\nabc", "200 until_close abc ended", "", false},
        // 9.3: whether the connection stays
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "200 length ended", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n", "200 length ended", "", false},
        Case{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 length ended", "", false},
        Case{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", "200 length ended"},
        // 4: status lines
        Case{"HTTP/1.1 204\r\n\r\n", "204 none ended"}, Case{"HTTP/1.1 204 \r\n\r\n", "204 none ended"},
        Case{"HTTP/1.1 204 So\tm\xC3\xA9thing\r\n\r\n", "204 none ended"},
        Case{"HTTP/1.2 204 \r\n\r\n", "204 none ended"},
        Case{"HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", "599 length ended"}));

// What is refused, and cut answers.
INSTANTIATE_TEST_SUITE_P(
    Refused, Answers,
    ::testing::Values(
        Case{"", "response/none", "", false}, Case{"H", "response/cut", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n", "response/cut", "", false},
        Case{"HTTP/1.1 100 Continue\r\n\r\n", "100 none response/cut", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "200 length abc response/cut", "", false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "200 chunked abc response/cut", "",
             false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", "200 chunked abc response/cut",
             "", false},
        Case{"\r\nHTTP/1.1 200 OK\r\n\r\n", "response/status_line", "", false},
        Case{"ICY 200 OK\r\n\r\n", "response/status_line", "", false},
        Case{"http/1.1 200 OK\r\n\r\n", "response/status_line", "", false},
        Case{"HTTP/1.10 200 OK\r\n\r\n", "response/status_line", "", false},
        Case{"HTTP/2.0 200 OK\r\n\r\n", "response/version", "", false},
        Case{"HTTP/0.9 200 OK\r\n\r\n", "response/version", "", false},
        Case{"HTTP/1.1  200 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 20 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 2000 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 099 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 600 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 +20 OK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 200\tOK\r\n\r\n", "response/status", "", false},
        Case{"HTTP/1.1 200 O\x1BK\r\n\r\n", "response/reason_byte", "", false},
        Case{"HTTP/1.1 200 OK\n\r\n", "framing/bare_lf", "", false},
        Case{"HTTP/1.1 200\n\r\n", "framing/bare_lf", "", false},
        Case{"HTTP/1.1 200 OK\rX: y\r\n\r\n", "framing/bare_cr", "", false},
        Case{"HTTP/1.1 200 OK\r\nX: y\n\r\n", "framing/bare_lf", "", false},
        Case{"HTTP/1.1 200 OK\r\nX: y\rz\r\n\r\n", "framing/bare_cr", "", false},
        Case{"HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n", "framing/obs_fold", "", false},
        Case{"HTTP/1.1 200 OK\r\n X: y\r\n\r\n", "framing/obs_fold", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc", "framing/sp_colon", "", false},
        Case{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "framing/sp_colon", "", false},
        Case{"HTTP/1.1 200 OK\r\nnocolon\r\n\r\n", "field/no_colon", "", false},
        Case{"HTTP/1.1 200 OK\r\n: y\r\n\r\n", "field/name_empty", "", false},
        Case{"HTTP/1.1 200 OK\r\nX(y: z\r\n\r\n", "field/name_byte", "", false},
        Case{"HTTP/1.1 200 OK\r\nX: \x01\r\n\r\n", "field/value_byte", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "framing/dup_cl", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "framing/dup_cl", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc", "framing/cl_syntax", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "framing/cl_syntax", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n\r\nabc", "framing/cl_syntax", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551619\r\n\r\nabc", "framing/cl_syntax", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "framing/cl_syntax", "", false},
        Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "framing/te_and_cl", "",
             false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", "framing/te_and_cl", "",
             false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "framing/te_not_chunked", "", false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", "framing/te_not_chunked", "", false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "framing/dup_te",
             "", false},
        Case{"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "framing/te_http10", "", false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "200 chunked framing/chunk_size", "",
             false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc", "200 chunked framing/chunk_bare_lf", "",
             false},
        Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd", "200 chunked abc framing/chunk_data_end",
             "", false},
        Case{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "response/switched_protocols", "", false}));

TEST(ResponseHead, SaysWhatWasSent) {
  const std::string bytes =
      "HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\ncontent-type:  text/plain \r\n\r\n";
  ResponseHead head;
  const ResponseParse parsed = parse_response_head(bytes, head);
  ASSERT_EQ(parsed.state, ResponseParse::State::complete);
  EXPECT_EQ(parsed.consumed, bytes.size());
  EXPECT_EQ(head.status, 302);
  EXPECT_EQ(head.reason, "Found");
  EXPECT_EQ(head.fields().size(), 4U);
  ASSERT_NE(head.find("LOCATION"), nullptr);
  EXPECT_EQ(head.find("location")->value, "/b");
  EXPECT_EQ(head.known(KnownHeader::content_type).value, "text/plain");
  const std::string moved = bytes;
  head.rebase(bytes.data(), moved.data());
  EXPECT_EQ(head.reason.data(), moved.data() + 13);
  EXPECT_EQ(head.find("location")->value.data(), moved.data() + moved.find("/b"));
}

TEST(ResponseReaderLimits, HoldAtTheirEdges) {
  const auto with_reason = [](std::size_t size) { return "HTTP/1.1 204 " + std::string(size - 13, 'r') + "\r\n\r\n"; };
  EXPECT_EQ(tell(with_reason(40), Asked::other, {.status_line = 40}).text, "204 none ended");
  EXPECT_EQ(tell(with_reason(41), Asked::other, {.status_line = 40}).text, "limit/status_line");
  EXPECT_EQ(tell("HTTP/1.1 204 " + std::string(30, 'r'), Asked::other, {.status_line = 40}).text, "limit/status_line");
  const std::string head = "HTTP/1.1 204 \r\nA: b\r\nC: d\r\n\r\n";
  EXPECT_EQ(tell(head, Asked::other, {.total = head.size()}).text, "204 none ended");
  EXPECT_EQ(tell(head, Asked::other, {.total = head.size() - 1}).text, "limit/head");
  EXPECT_EQ(tell(head, Asked::other, {.fields = 2}).text, "204 none ended");
  EXPECT_EQ(tell(head, Asked::other, {.fields = 1}).text, "limit/field_count");
  const std::string twice = "HTTP/1.1 100 \r\n\r\nHTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\n\r\n";
  EXPECT_EQ(tell(twice, Asked::other, {.interim = 2}).text, "100 none | 100 none | 204 none ended");
  EXPECT_EQ(tell(twice, Asked::other, {.interim = 1}).text, "100 none limit/interim");
}

TEST(ResponseReaderLimits, OfTheBodyHoldHoweverItIsFramed) {
  const ResponseLimits three{.body = 3};
  EXPECT_EQ(tell("HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nabc", Asked::other, three).text, "200 length abc ended");
  EXPECT_EQ(tell("HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\n", Asked::other, three).text, "limit/body");
  EXPECT_EQ(tell("HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\n", Asked::head, three).text, "200 none ended");
  EXPECT_EQ(tell("HTTP/1.1 200 \r\n\r\nabc", Asked::other, three).text, "200 until_close abc ended");
  EXPECT_EQ(tell("HTTP/1.1 200 \r\n\r\nabcd", Asked::other, three).text, "200 until_close abc limit/body");
  const std::string chunked = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(tell(chunked + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", Asked::other, three).text, "200 chunked abc ended");
  EXPECT_EQ(tell(chunked + "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", Asked::other, three).text, "200 chunked ab limit/body");
  EXPECT_EQ(tell(chunked + "ffffffffffffffff\r\na", Asked::other, three).text, "200 chunked limit/body");
}

TEST(ResponseReader, WaitsWhileTheConnectionIsOpen) {
  EXPECT_EQ(tell("HTTP/1.1 200 \r\n\r\nabc", Asked::other, {}, true).text, "200 until_close abc waits");
  EXPECT_EQ(tell("HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\nabc", Asked::other, {}, true).text, "200 length abc waits");
  ResponseReader reader;
  EXPECT_EQ(reader.read("").state, State::need_more);
  EXPECT_FALSE(reader.begun());
  EXPECT_EQ(reader.read("H").state, State::need_more);
  EXPECT_TRUE(reader.begun());
}

// Each byte of a head replaced by each other: the fast scan and its twin agree, and nothing that is accepted could end a line.
TEST(ResponseHead, EveryByteValueAtEveryOffset) {
  const std::string head = "HTTP/1.1 200 Fine\r\nContent-Length: 3\r\nX-Longer-Name: a value\r\n\r\n";
  for (std::size_t at = 0; at < head.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string mutant = head;
      mutant[at] = static_cast<char>(byte);
      ResponseHead fast;
      ResponseHead slow;
      const ResponseParse parsed = parse_response_head(mutant, fast);
      ASSERT_EQ(parsed, scalar::parse_response_head(mutant, slow)) << byte << " at " << at;
      if (parsed.state != ResponseParse::State::complete) continue;
      for (const HeaderField& field : fast.fields()) {
        EXPECT_EQ(field.name.find_first_of("\r\n :"), std::string_view::npos);
        EXPECT_EQ(field.value.find_first_of("\r\n"), std::string_view::npos);
      }
    }
  }
}

}  // namespace
}  // namespace sallyport::http
