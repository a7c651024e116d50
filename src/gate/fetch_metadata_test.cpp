// Resource isolation: what other sites may ask for.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

class ResourceIsolation : public ::testing::Test {
 protected:
  bool passes(const std::string& site, const std::string& mode, const std::string& dest,
              const std::string& method = "GET") {
    Exchange& exchange = request_.parse(method + " / HTTP/1.1\r\nHost: notes.example\r\nSec-Fetch-Site: " + site +
                                        "\r\nSec-Fetch-Mode: " + mode + "\r\nSec-Fetch-Dest: " + dest + "\r\n\r\n");
    exchange.facts = &facts_;
    exchange.cors.origin = granted_;
    const bool on = resource_isolation(exchange);
    EXPECT_EQ(exchange.answer.status, on ? 0 : 403);
    return on;
  }

  sallyport::testing::GateRequest request_;
  RouteFacts facts_;
  std::string_view granted_;
};

TEST_F(ResourceIsolation, OtherSitesMayLinkAndNothingElse) {
  for (const std::string site : {"cross-site", "same-site", "nonsense"}) {
    EXPECT_TRUE(passes(site, "navigate", "document")) << site;
    EXPECT_FALSE(passes(site, "navigate", "iframe")) << site;
    EXPECT_FALSE(passes(site, "navigate", "frame")) << site;
    EXPECT_FALSE(passes(site, "navigate", "object")) << site;
    EXPECT_FALSE(passes(site, "navigate", "embed")) << site;
    EXPECT_FALSE(passes(site, "no-cors", "image")) << site;
    EXPECT_FALSE(passes(site, "cors", "empty")) << site;
    EXPECT_FALSE(passes(site, "websocket", "websocket")) << site;
    EXPECT_FALSE(passes(site, "navigate", "document", "OPTIONS")) << site;
  }
}

TEST_F(ResourceIsolation, OurOwnPagesMayDoEverything) {
  for (const std::string site : {"same-origin", "none"}) {
    EXPECT_TRUE(passes(site, "no-cors", "image")) << site;
    EXPECT_TRUE(passes(site, "navigate", "iframe")) << site;
  }
}

TEST_F(ResourceIsolation, IsOpenWhereTheRouteIs) {
  granted_ = "https://app.example";
  EXPECT_TRUE(passes("cross-site", "cors", "empty"));
  granted_ = {};
  facts_.embeddable = true;
  EXPECT_TRUE(passes("cross-site", "navigate", "iframe"));
  EXPECT_FALSE(passes("cross-site", "navigate", "object"));
}

TEST_F(ResourceIsolation, FieldsThatComeTwiceProveNothing) {
  Exchange& exchange = request_.get("/", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: same-origin\r\n");
  EXPECT_FALSE(resource_isolation(exchange));
  EXPECT_FALSE(passes("cross-site", "navigate\r\nSec-Fetch-Mode: navigate", "document"));
}

TEST_F(ResourceIsolation, LeavesTheRestToOthers) {
  EXPECT_TRUE(resource_isolation(request_.get("/"))) << "an old browser, or none";
  EXPECT_TRUE(passes("cross-site", "no-cors", "empty", "POST")) << "see csrf.cpp";
}

}  // namespace
}  // namespace sallyport::gate
