// Request smuggling: messages whose end two readers could see in different places. Each is refused, and what follows it on the connection is
// never taken for a request.
#include "support/small_service.hpp"
#include "support/text.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing {
namespace {

struct Variant {
  const char* name;
  const char* bytes;  // after "POST /echo HTTP/1.1\r\nHost: …\r\nContent-Type: application/json\r\n"
  int status;
  const char* rule;
};

void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }

class Smuggling : public ::testing::TestWithParam<Variant> {};

TEST_P(Smuggling, IsRefusedAndEndsTheConnection) {
  SmallService service;
  HttpClient client(service.port());
  client.send("POST /echo HTTP/1.1\r\nHost: " + service.authority() + "\r\nContent-Type: application/json\r\n" +
              GetParam().bytes + service.head("GET /users/smuggled"));
  const auto answer = client.receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, GetParam().status);
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_EQ(answer->body.find("smuggled"), std::string::npos);
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
  const std::string log = service.log();
  EXPECT_EQ(occurrences(log, "http_malformed"), 1U);
  EXPECT_EQ(occurrences(log, "\"reason\":\"" + std::string(GetParam().rule) + "\""), 1U) << log;
}

INSTANTIATE_TEST_SUITE_P(
    Framing, Smuggling,
    ::testing::Values(
        Variant{"CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", 400, "framing/te_and_cl"},
        Variant{"TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGPOST\r\n0\r\n\r\n", 400,
                "framing/te_and_cl"},
        Variant{"TE.TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400,
                "framing/dup_te"},
        Variant{"te_gzip_then_cl", "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 400,
                "framing/te_not_chunked"},
        Variant{"te_identity", "Transfer-Encoding: identity\r\n\r\n", 400, "framing/te_not_chunked"},
        Variant{"te_list", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "framing/te_not_chunked"},
        Variant{"te_with_tab", "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", 400, "framing/te_not_chunked"},
        Variant{"sp_colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, "framing/sp_colon"},
        Variant{"dup_cl", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, "framing/dup_cl"},
        Variant{"dup_cl_differing", "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}", 400, "framing/dup_cl"},
        Variant{"cl_list", "Content-Length: 2, 2\r\n\r\n{}", 400, "framing/cl_syntax"},
        Variant{"cl_plus", "Content-Length: +2\r\n\r\n{}", 400, "framing/cl_syntax"},
        Variant{"cl_hex", "Content-Length: 0x2\r\n\r\n{}", 400, "framing/cl_syntax"},
        Variant{"cl_negative", "Content-Length: -2\r\n\r\n{}", 400, "framing/cl_syntax"},
        Variant{"cl_overflow", "Content-Length: 18446744073709551618\r\n\r\n{}", 400, "framing/cl_syntax"},
        Variant{"obs_fold", "X-A: b\r\n Content-Length: 2\r\n\r\n{}", 400, "framing/obs_fold"},
        Variant{"bare_lf", "X-A: b\nContent-Length: 2\r\n\r\n{}", 400, "framing/bare_lf"},
        Variant{"bare_cr", "X-A: b\rContent-Length: 2\r\n\r\n{}", 400, "framing/bare_cr"},
        Variant{"control_in_value", "X-A: b\x01\r\nContent-Length: 2\r\n\r\n{}", 400, "field/value_byte"},
        Variant{"second_host", "Host: evil.example\r\nContent-Length: 2\r\n\r\n{}", 400, "host/repeated"},
        Variant{"chunk_bare_lf", "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", 400, "framing/chunk_bare_lf"},
        Variant{"chunk_ext_lf", "Transfer-Encoding: chunked\r\n\r\n2;a\n\r\n{}\r\n0\r\n\r\n", 400,
                "framing/chunk_bare_lf"},
        Variant{"chunk_plus", "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_size"},
        Variant{"chunk_0x", "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400, "framing/chunk_size"},
        Variant{"chunk_overflow", "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n", 400,
                "framing/chunk_overflow"},
        Variant{"chunk_data_longer", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n", 400,
                "framing/chunk_data_end"},
        Variant{"trailer_injection", "Transfer-Encoding: chunked\r\n\r\n0\r\nX-A : b\r\n\r\n", 400, "framing/trailer"},
        Variant{"expect_other", "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}", 417, "expect/unknown"}),
    [](const auto& variant) {
      std::string name = variant.param.name;
      for (char& c : name) {
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
      }
      return name;
    });

TEST(Smuggling, UnreadBodyIsNotTheNextRequest) {
  SmallService service;
  HttpClient client(service.port());
  // A GET with a body that looks like a request: the body is skipped, or the connection ends. Never is it answered.
  const std::string inner = service.head("GET /users/smuggled");
  client.send("GET / HTTP/1.1\r\nHost: " + service.authority() + "\r\nContent-Length: " + std::to_string(inner.size()) +
              "\r\n\r\n" + inner + service.head("GET /users/real"));
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})");
  EXPECT_EQ(client.receive()->body, R"({"message":"real"})");
}

TEST(Smuggling, RefusedBodyIsNotTheNextRequest) {
  SmallService service;
  HttpClient client(service.port());
  // 415 before the body is read, and only a part of it has come. What has come is dropped; the rest never comes.
  client.send("POST /echo HTTP/1.1\r\nHost: " + service.authority() +
              "\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n" + service.head("GET /users/smuggled"));
  EXPECT_EQ(client.receive()->status, 415);
  client.finish_sending();
  EXPECT_TRUE(client.closed()) << "a second answer";
}

}  // namespace
}  // namespace sallyport::testing
