// Answers that may be kept: for how long, by whom, and what is sent to those who have them.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

namespace caching {

struct Prices {
  Prices() = default;  // a class, taken at its word
  mutable std::atomic<int> apples{120};
  mutable std::atomic<int> asked{0};
};
struct Price {
  int apples;
  std::string note;
};

}  // namespace caching

template <>
struct sallyport::view<caching::Price> {
  using show = fields<&caching::Price::apples, &caching::Price::note>;
};

namespace sallyport::testing {
namespace {

namespace types = ::caching;
using namespace std::chrono_literals;

types::Price price(const types::Prices& prices) {
  ++prices.asked;
  return {prices.apples, std::string(2000, 'x')};
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of caching");
  router.get("/public", why, cache{5min}, [](State<const types::Prices> prices) { return price(*prices); });
  router.get("/private", why, cache_private{0s}, [](State<const types::Prices> prices) { return price(*prices); });
  router.get("/neither", why, [](State<const types::Prices> prices) { return price(*prices); });
  router.get("/gone", why, cache{5min}, []() -> types::Price { throw Problem(410, "Gone for good"); });
  router.get("/page", why, cache{1h}, [] { return Page{.title = "A page", .body = html<"<h1>Hello</h1>">()}; });
  router.get("/scripts", why, cache{1h},
             [] { return Page{.title = "A page", .scripts = {"/app.js"}, .body = html<"<h1>Hello</h1>">()}; });
  router.get("/own-tag", why, cache_private{5min}, [] { return Response::text("text").header("ETag", "\"mine\""); });
  router.get("/token", why, cache_private{5min}, [](CsrfToken token) {
    return Page{.title = "A form", .body = html<"<form method=\"post\" action=\"/x\">{}</form>">(token.field())};
  });
  router.get(
      "/picture", why, []() -> Bytes<"image/png"> { return std::string("\x89PNG 0123456789"); });
  router.get(
      "/plan", why, []() -> Bytes<"application/pdf"> {
        return {std::vector<unsigned char>{'%', 'P', 'D', 'F'}, attachment("Plan für alle.pdf")};
      });
  router.get(
      "/kept-picture", why, cache{24h}, []() -> Task<Bytes<"image/webp">> { co_return std::string("RIFF"); });
  router.get(
      "/perhaps", why, [](Query<small::Fields> in) -> Maybe<Bytes<"image/gif">> {
        if (in->a.view() != "there") return std::nullopt;
        return Bytes<"image/gif">(std::string("GIF89a"));
      });
  router.asset("/app.js", AssetType::javascript, "console.log(1);\n");
  return router;
}

class Caching : public ::testing::Test {
 protected:
  HttpResponse having(const std::string& target, const std::string& tag) {
    return browser.get(target, "If-None-Match: " + tag + "\r\n");
  }

  std::shared_ptr<types::Prices> prices = std::make_shared<types::Prices>();
  TestService service{routes(),
                      {},
                      [](ops::Settings& settings) { settings.csrf.tokens = true; },
                      {{&detail::state_key<types::Prices>, prices}}};
  Browser browser{service.port(), service.authority()};
};

TEST_F(Caching, AnswerIsSentAnewWhenItHasChanged) {
  const auto first = browser.get("/public");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.field("cache-control"), "public, max-age=300");
  const std::string tag = first.field("etag");
  ASSERT_GT(tag.size(), 10U);
  EXPECT_EQ(tag.front(), '"') << "a strong one";
  const auto again = having("/public", tag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.field("etag"), tag);
  EXPECT_EQ(again.field("cache-control"), "public, max-age=300");
  EXPECT_EQ(having("/public", "\"other\", W/" + tag).status, 304);
  prices->apples = 130;
  const auto changed = having("/public", tag);
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.field("etag"), tag);
  EXPECT_EQ(browser.get("/public", "If-Match: \"other\"\r\n").status, 412);
}

TEST_F(Caching, EachCodingHasATagOfItsOwn) {
  const std::string whole = browser.get("/public").field("etag");
  const auto coded = browser.get("/public", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(coded.field("content-encoding"), "gzip");
  EXPECT_NE(coded.field("etag"), whole);
  EXPECT_NE(coded.field("vary").find("Accept-Encoding"), std::string::npos);
  EXPECT_EQ(browser.get("/public", "Accept-Encoding: gzip\r\nIf-None-Match: " + coded.field("etag") + "\r\n").status,
            304);
}

TEST_F(Caching, ForOneBrowserAlone) {
  const auto answer = browser.get("/private");
  EXPECT_EQ(answer.field("cache-control"), "private, max-age=0, must-revalidate");
  EXPECT_EQ(having("/private", answer.field("etag")).status, 304);
}

TEST_F(Caching, OnlyWhereTheRouteSaysSo) {
  const auto answer = browser.get("/neither");
  EXPECT_EQ(answer.field("cache-control"), "no-store");
  EXPECT_EQ(answer.count("etag"), 0U);
}

TEST_F(Caching, ErrorsAreNotKept) {
  const auto gone = browser.get("/gone");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.field("cache-control"), "no-store");
  EXPECT_EQ(gone.count("etag"), 0U);
  EXPECT_EQ(browser.post_json("/public", "{}").field("cache-control"), "no-store");
}

TEST_F(Caching, PagesAreKeptUnlessTheyHaveANonceOrSetACookie) {
  const auto page = browser.get("/page");
  EXPECT_EQ(page.field("cache-control"), "public, max-age=3600");
  EXPECT_EQ(having("/page", page.field("etag")).status, 304);
  const auto scripts = browser.get("/scripts");
  EXPECT_EQ(scripts.field("cache-control"), "no-store") << "its nonce is good once";
  EXPECT_EQ(scripts.count("etag"), 0U);
  EXPECT_EQ(browser.get("/token").field("cache-control"), "no-store") << "its cookie is one visitor's";
}

TEST_F(Caching, TheHandlersOwnTagIsTaken) {
  const auto answer = browser.get("/own-tag");
  EXPECT_EQ(answer.field("etag"), "\"mine\"");
  EXPECT_EQ(having("/own-tag", "\"mine\"").status, 304);
}

TEST_F(Caching, HeadHasTheFieldsOfGet) {
  const auto get = browser.get("/public");
  const auto head = browser.send("HEAD", "/public", "", "");
  EXPECT_EQ(head.field("etag"), get.field("etag"));
  EXPECT_EQ(head.field("cache-control"), get.field("cache-control"));
}

TEST_F(Caching, BytesHaveATypeATagAndRanges) {
  const auto picture = browser.get("/picture");
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.field("content-type"), "image/png");
  EXPECT_EQ(picture.field("cache-control"), "private, no-cache");
  EXPECT_EQ(picture.field("accept-ranges"), "bytes");
  EXPECT_EQ(picture.body, "\x89PNG 0123456789");
  EXPECT_EQ(having("/picture", picture.field("etag")).status, 304);
  const auto part = browser.get("/picture", "Range: bytes=5-8\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "0123");
  EXPECT_EQ(part.field("content-range"), "bytes 5-8/15");
  EXPECT_EQ(browser.get("/picture", "Range: bytes=-1\r\n").body, "9");
  EXPECT_EQ(browser.get("/picture", "Range: bytes=99-\r\n").status, 416);
  EXPECT_EQ(browser.get("/picture", "Range: bytes=5-8\r\nIf-Range: \"other\"\r\n").status, 200);
}

TEST_F(Caching, BytesWithANameAreSaved) {
  const auto plan = browser.get("/plan");
  EXPECT_EQ(plan.body, "%PDF");
  EXPECT_EQ(plan.field("content-disposition"), attachment("Plan für alle.pdf").field());
}

TEST_F(Caching, BytesThatEverybodyMayKeep) {
  const auto picture = browser.get("/kept-picture");
  EXPECT_EQ(picture.field("cache-control"), "public, max-age=86400");
  EXPECT_EQ(having("/kept-picture", picture.field("etag")).field("cache-control"), "public, max-age=86400");
}

TEST_F(Caching, NoBytesAreNotFound) {
  EXPECT_EQ(browser.get("/perhaps?a=there").body, "GIF89a");
  EXPECT_EQ(browser.get("/perhaps?a=no").status, 404);
}

}  // namespace
}  // namespace sallyport::testing
