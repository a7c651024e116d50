// Answers with fields of an upstream, as both protocols write them.
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "gate/header_merge.hpp"
#include "gate/headers.hpp"
#include "support/gate_request.hpp"
#include "wire/http2_answer_fields.hpp"
#include "wire/response_bytes.hpp"

namespace sallyport::wire {
namespace {

class ForwardedFields : public ::testing::Test {
 protected:
  ForwardedFields() {
    request_.get("/").answer.status = 200;
    // A proxy's own set: who may frame a page is a policy of its own.
    gate::HeaderBlockBuilder page;
    page.field("X-Content-Type-Options", "nosniff")
        .field("X-Frame-Options", "SAMEORIGIN")
        .field("Content-Security-Policy", "frame-ancestors 'self'", gate::row_of("X-Frame-Options"))
        .field("Content-Security-Policy", "object-src 'self'; script-src 'nonce-\1'")
        .field("Cache-Control", "no-store");
    std::array<gate::HeaderBlock, gate::response_classes> blocks;
    blocks[static_cast<std::size_t>(gate::ResponseClass::api)] = page.take();
    request_.site.rules.headers = {gate::HeaderBlocks(std::move(blocks))};
    answer_.nonce = "NONCE";
  }

  void upstream(std::span<const http::HeaderField> fields) { gate::merge_fields(answer_, fields); }
  std::string http1() {
    base::ByteBuffer out;
    append_response(out, request_.exchange, true);
    return std::string(out.view());
  }
  // `name: value` in lines, in the order of HTTP/2.
  std::string http2() {
    std::string text;
    const AnswerFields fields(request_.exchange);
    for (const nghttp2_nv& field : fields.all()) {
      text.append(reinterpret_cast<const char*>(field.name), field.namelen).append(": ");
      text.append(reinterpret_cast<const char*>(field.value), field.valuelen).append("\n");
    }
    return text;
  }

  testing::GateRequest request_;
  gate::Answer& answer_ = request_.exchange.answer;
};

TEST_F(ForwardedFields, StandInForOurs) {
  const http::HeaderField fields[]{{"Date", "Sun, 06 Nov 1994 08:49:37 GMT", {}},
                                   {"X-Powered-By", "Express", {}},
                                   {"X-Frame-Options", "DENY", {}},
                                   {"ETag", "\"1\"", {}}};
  upstream(fields);
  EXPECT_EQ(http1(),
            "HTTP/1.1 200 OK\r\n"
            "x-content-type-options: nosniff\r\n"
            "content-security-policy: object-src 'self'; script-src 'nonce-NONCE'\r\n"
            "cache-control: no-store\r\n"
            "Content-Length: 0\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "X-Frame-Options: DENY\r\n"
            "ETag: \"1\"\r\n\r\n");
  EXPECT_EQ(http2(),
            ":status: 200\n"
            "x-content-type-options: nosniff\n"
            "content-security-policy: object-src 'self'; script-src 'nonce-NONCE'\n"
            "cache-control: no-store\n"
            "Content-Length: 0\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
            "X-Frame-Options: DENY\n"
            "ETag: \"1\"\n");
}

TEST_F(ForwardedFields, WithoutThemOursAreWhole) {
  upstream({});
  const std::string answer = http1();
  EXPECT_NE(answer.find("\r\nDate: "), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nx-frame-options: SAMEORIGIN\r\ncontent-security-policy: frame-ancestors 'self'\r\n"
                        "content-security-policy: object-src 'self'"),
            std::string::npos)
      << answer;
  EXPECT_NE(http2().find("\nx-frame-options: SAMEORIGIN\ncontent-security-policy: frame-ancestors 'self'\n"),
            std::string::npos);
}

TEST_F(ForwardedFields, AnUpstreamAsksForItsOwnCredentials) {
  answer_.status = 401;
  upstream({});
  EXPECT_NE(http1().find("\r\nWWW-Authenticate: Session\r\n"), std::string::npos);
  const http::HeaderField basic[]{{"www-authenticate", "Basic realm=\"app\"", {}}};
  upstream(basic);
  EXPECT_EQ(http1().find("Session"), std::string::npos);
  EXPECT_NE(http1().find("\r\nwww-authenticate: Basic realm=\"app\"\r\n"), std::string::npos);
}

TEST_F(ForwardedFields, AnUpstreamsRateLimitIsTheOneThatIsTold) {
  gate::Exchange& exchange = request_.exchange;
  exchange.limits[0] = {exchange.rules.general.get(), 1, 1};
  exchange.counted_limits = 1;
  upstream({});
  EXPECT_NE(http1().find("\r\nRateLimit: \"general\";"), std::string::npos) << http1();
  const http::HeaderField own[]{{"X-RateLimit-Remaining", "3", {}}};
  upstream(own);
  EXPECT_EQ(http1().find("\r\nRateLimit"), std::string::npos) << http1();
}

// Views of the values that HTTP/2 puts together must not move while more are added.
TEST_F(ForwardedFields, ManyOfThem) {
  std::vector<std::string> values;
  std::vector<http::HeaderField> fields;
  for (int i = 0; i < 200; ++i) values.push_back(std::string(96, static_cast<char>('a' + i % 26)));
  for (const std::string& value : values) fields.push_back({"x-many", value, {}});
  upstream(fields);
  const std::string text = http2();
  for (const std::string& value : values) {
    EXPECT_NE(text.find("\nx-many: " + value + "\n"), std::string::npos);
  }
  EXPECT_TRUE(text.starts_with(":status: 200\n"));
}

}  // namespace
}  // namespace sallyport::wire
