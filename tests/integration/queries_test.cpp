// Parameters of a query that the handler's struct does not name: what pages, data and answers of either kind make of them.
#include <sallyport/sallyport.hpp>

#include <gtest/gtest.h>

#include <string>

#include "support/http_client.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

namespace sallyport::testing {
namespace {

Router queries() {
  const anyone everybody("for the tests of queries");
  Router router;
  router.get("/page", everybody,
             [](Query<small::Fields> in) { return Page{.title = "A page", .body = html<"<p>{}</p>">(in->a)}; });
  router.get("/later-page", everybody, [](Query<small::Fields> in) -> Task<Page> {
    co_return Page{.title = "A page", .body = html<"<p>{}</p>">(in->a)};
  });
  router.get("/data", everybody, [](Query<small::Fields> in) { return small::Greeting{std::string(in->a.view())}; });
  router.get("/lenient-data", everybody,
             [](Query<small::Fields, ignore_unknown> in) { return small::Greeting{std::string(in->a.view())}; });
  router.get("/either", everybody, [](Query<small::Fields> in) { return Response::text(std::string(in->a.view())); });
  router.post("/form", everybody,
              [](Form<small::Fields> in) { return Page{.title = "A page", .body = html<"<p>{}</p>">(in->a)}; });
  return router;
}

class Queries : public ::testing::Test {
 protected:
  Queries() : service_(queries()) {}
  HttpResponse ask(const std::string& target, const std::string& fields = {}) {
    HttpClient client(service_.port());
    client.send("GET " + target + " HTTP/1.1\r\nHost: " + service_.authority() + "\r\n" + fields + "\r\n");
    return *client.receive();
  }
  int status(const std::string& target, const std::string& fields = {}) { return ask(target, fields).status; }

  TestService service_;
};

const std::string tracked = "a=b&utm_source=mail&fbclid=IwAR0x-&gclid=Cj0%E4";

TEST_F(Queries, PagesPassOverWhatTheyDoNotName) {
  for (const std::string path : {"/page", "/later-page"}) {
    const HttpResponse reply = ask(path + "?" + tracked);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_NE(reply.body.find("<p>b</p>"), std::string::npos) << path;
    EXPECT_EQ(status(path + "?a=b&a=c"), 400) << path;
    EXPECT_EQ(status(path + "?utm_source=mail"), 400) << path << ": a is missing";
  }
}

TEST_F(Queries, DataRefusesWhatItDoesNotName) {
  const HttpResponse reply = ask("/data?" + tracked, "Accept: text/html\r\nSec-Fetch-Dest: document\r\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(status("/data?a=b"), 200);
  EXPECT_EQ(status("/lenient-data?" + tracked), 200);
  EXPECT_EQ(status("/lenient-data?a=b&a=c"), 400);
}

TEST_F(Queries, AResponsePassesOverWhereAPageIsAskedFor) {
  EXPECT_EQ(status("/either?" + tracked, "Accept: text/html,*/*;q=0.8\r\n"), 200);
  EXPECT_EQ(status("/either?" + tracked, "Sec-Fetch-Dest: document\r\n"), 200);
  EXPECT_EQ(status("/either?" + tracked), 400);
  EXPECT_EQ(status("/either?" + tracked, "Accept: application/json\r\n"), 400);
}

TEST_F(Queries, FormsRefuseWhateverTheyAnswer) {
  Browser browser(service_.port(), service_.authority());
  EXPECT_EQ(browser.post_form("/form", "a=b").status, 200);
  EXPECT_EQ(browser.post_form("/form", "a=b&utm_source=mail").status, 400);
}

TEST_F(Queries, CharactersThatBrowsersSendRawAreThemselves) {
  const HttpResponse reply = ask("/data?a={b|c}^`\\[d]");
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find(R"({b|c}^`\\[d])"), std::string::npos) << reply.body;
  EXPECT_EQ(status("/data?a=\"b\""), 400);
  EXPECT_EQ(status("/data?a=<b>"), 400);
}

}  // namespace
}  // namespace sallyport::testing
