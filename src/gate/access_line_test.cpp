// The line of the access log, and when there is none.
#include "gate/access_line.hpp"

#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sallyport::gate {
namespace {

TEST(AccessLine, SaysWhatWasAskedAndAnswered) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/notes/a-secret?q=another");
  RouteFacts facts;
  facts.pattern = "/notes/:id";
  exchange.facts = &facts;
  exchange.user = Id<User>::random();
  exchange.client = base::IpAddress::v4(198, 51, 100, 7);
  exchange.answer.status = 206;
  exchange.bytes_sent = 12;
  exchange.ended = exchange.started + std::chrono::microseconds(345);
  write_access_line(exchange);
  const std::string line = request.logged();
  for (const std::string& part :
       {std::string(R"("event":"http_access")"), std::string(R"("route":"/notes/:id")"),
        std::string(R"("method":"GET")"), std::string(R"("status":206)"), std::string(R"("bytes":12)"),
        std::string(R"("micros":345)"), std::string(R"("src":"198.51.100.7")"),
        R"("req":")" + std::string(exchange.id()) + '"', R"("user":")" + exchange.user->text() + '"'}) {
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
  }
  EXPECT_EQ(line.find("secret"), std::string::npos) << line;
  EXPECT_EQ(line.find("another"), std::string::npos) << line;
}

TEST(AccessLine, OfARequestThatReachedNoRoute) {
  testing::GateRequest request;
  request.get("/nowhere").answer.status = 404;
  write_access_line(request.exchange);
  const std::string line = request.logged();
  EXPECT_NE(line.find(R"("status":404)"), std::string::npos) << line;
  EXPECT_EQ(line.find("\"route\""), std::string::npos) << line;
  EXPECT_EQ(line.find("\"user\""), std::string::npos) << line;
  EXPECT_EQ(line.find("nowhere"), std::string::npos) << line;
}

TEST(AccessLine, NoneWhereTheSettingsWantNone) {
  ops::Settings settings = testing::notes_settings();
  settings.log.access = false;
  testing::GateRequest request(settings);
  request.get("/").answer.status = 200;
  write_access_line(request.exchange);
  EXPECT_EQ(request.logged(), "");
}

}  // namespace
}  // namespace sallyport::gate
