// Which answers are compressed, and which must not be.
#include "gate/compression.hpp"

#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

class Compression : public ::testing::Test {
 protected:
  // An answer that is compressed unless a test changes something.
  Exchange& answer(const std::string& fields = "Accept-Encoding: gzip\r\n") {
    Exchange& exchange = request_.get("/", fields);
    exchange.answer.status = 200;
    exchange.answer.content_type = "application/json";
    exchange.answer.body = std::string(1024, 'a');
    return exchange;
  }
  // The coding that it leaves with; empty: none.
  static std::string_view coding(Exchange& exchange) {
    compress(exchange);
    EXPECT_EQ(exchange.answer.content_coding.empty(), exchange.answer.bytes().size() >= 1024);
    return exchange.answer.content_coding;
  }

  testing::GateRequest request_;
};

TEST_F(Compression, TakesTheCodingThatTheClientTakes) {
  EXPECT_EQ(coding(answer()), "gzip");
  EXPECT_EQ(request_.exchange.answer.body.substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(coding(answer("Accept-Encoding: gzip, br\r\n")), "br");
  EXPECT_EQ(coding(answer("Accept-Encoding: br;q=0.5, gzip\r\n")), "gzip");
}

TEST_F(Compression, LeavesTheBytesWhereTheClientTakesNone) {
  for (const std::string fields :
       {"", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: *;q=0\r\n"}) {
    EXPECT_EQ(coding(answer(fields)), "") << fields;
    EXPECT_TRUE(request_.exchange.answer.varies_by_coding) << "a cache must not hand it to others all the same";
  }
}

TEST_F(Compression, TextOfTheRightSizeOnly) {
  for (const std::string_view type : {"text/html; charset=utf-8", "text/plain", "application/json"}) {
    answer().answer.content_type = type;
    EXPECT_EQ(coding(request_.exchange), "gzip") << type;
  }
  answer().answer.content_type = "image/png";
  EXPECT_EQ(coding(request_.exchange), "");

  answer().answer.body.pop_back();
  compress(request_.exchange);
  EXPECT_EQ(request_.exchange.answer.content_coding, "") << "it fits one packet anyhow";
  request_.site.rules.compress_bytes = 1024;
  EXPECT_EQ(coding(answer()), "gzip");
  request_.site.rules.compress_bytes = 1023;
  EXPECT_EQ(coding(answer()), "") << "larger than the setting allows";
  request_.site.rules.compress_bytes = 0;
  EXPECT_EQ(coding(answer()), "");
}

// BREACH: the length tells of a secret what the client sends beside it.
TEST_F(Compression, NothingBesideASecret) {
  const std::string accept = "Accept-Encoding: gzip\r\n";
  EXPECT_EQ(coding(answer(accept + "Cookie: a=b\r\n")), "");
  EXPECT_EQ(coding(answer(accept + "Authorization: Bearer x\r\n")), "");
  answer().user = Id<User>::random();
  EXPECT_EQ(coding(request_.exchange), "");
  answer().answer.cookies.push_back("a=b");
  EXPECT_EQ(coding(request_.exchange), "");
}

TEST_F(Compression, OnlyBytesThatAreNamedByNothingElse) {
  answer().answer.etag = "\"1\"";
  EXPECT_EQ(coding(request_.exchange), "");
  answer().answer.fields.push_back({"ETag", "\"1\""});
  EXPECT_EQ(coding(request_.exchange), "");
  answer().answer.status = 201;
  EXPECT_EQ(coding(request_.exchange), "");
  answer().answer.source = BodySource::pieces;
  EXPECT_EQ(coding(request_.exchange), "");
  answer().answer.content_coding = "br";
  compress(request_.exchange);
  EXPECT_EQ(request_.exchange.answer.body, std::string(1024, 'a')) << "it is compressed already";
}

TEST_F(Compression, FixedBodiesToo) {
  static const std::string fixed(2000, 'f');
  answer().answer.fixed_body = fixed;
  EXPECT_EQ(coding(request_.exchange), "gzip");
  EXPECT_LT(request_.exchange.answer.body_size(), 1024U);
}

}  // namespace
}  // namespace sallyport::gate
