// The JSON API as its clients meet it.
#include "app.hpp"
#include "model.hpp"

#include <sallyport/testing.hpp>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
namespace test = sallyport::test;

constexpr const char* milk = R"({"title":"Milk","body":"two bottles"})";

TEST(Api, ANoteIsKeptChangedAndDeleted) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");

  const auto made = ada.post("/api/notes", milk).expect(201).json<notes::Note>();
  const std::string path = "/api/notes/" + made.id.text();
  EXPECT_EQ(made.title, "Milk");
  EXPECT_EQ(ada.get(path).expect(200).json("/body"), "two bottles");
  EXPECT_EQ(ada.put(path, R"({"title":"Tea","body":""})").expect(200).json("/title"), "Tea");
  EXPECT_EQ(ada.get("/api/notes").expect(200).json().size(), 1u);
  ada.del(path).expect(204);
  ada.get(path).expect(404);
}

TEST(Api, ANoteHasTheTimeOfItsLastChange) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  const auto made = ada.post("/api/notes", milk).expect(201).json<notes::Note>();
  service.clock.advance(10min);
  const auto changed = ada.put("/api/notes/" + made.id.text(), milk).expect(200).json<notes::Note>();
  EXPECT_EQ(changed.updated_at, made.updated_at + 600);
}

// Somebody else's note looks like none, whatever is tried on it, and stays as it is.
TEST(Api, NobodyReachesTheNotesOfOthers) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  auto eve = service.sign_in("eve@example.org");
  const std::string path = "/api/notes/" + ada.post("/api/notes", milk).expect(201).json<notes::Note>().id.text();

  eve.get(path).expect(404);
  eve.put(path, R"({"title":"Mine","body":""})").expect(404);
  eve.del(path).expect(404);
  eve.form("/notes/" + path.substr("/api/notes/"s.size()) + "/delete", {}).expect(404);
  EXPECT_EQ(eve.get("/api/notes").expect(200).json().size(), 0u);
  EXPECT_EQ(eve.get("/api/search?q=milk").expect(200).json().size(), 0u);
  EXPECT_EQ(ada.get(path).expect(200).json("/title"), "Milk");
}

TEST(Api, AsksWhoIsThere) {
  test::Service service{notes::routes};
  service.visitor().get("/api/notes").expect(401);
  service.visitor().post("/api/notes", milk).expect(401);
}

TEST(Api, SaysWhatIsWrongWithANote) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  const auto answer = ada.post("/api/notes", R"({"title":"","colour":"red"})").expect(400);
  bool title = false;
  bool colour = false;
  for (const auto& error : answer.json("/errors")) {
    title = title || error.at("/pointer") == "/title";
    colour = colour || error.at("/pointer") == "/colour";
  }
  EXPECT_TRUE(title && colour) << answer;
}

TEST(Api, ASessionEndsWhenItIsNotUsed) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  service.clock.advance(20min);
  ada.get("/api/me").expect(200);
  service.clock.advance(31min);
  ada.get("/api/me").expect(401);
}

TEST(Api, AfterFiveWrongPasswordsAnAccountWaits) {
  test::Service service{notes::routes};
  static_cast<void>(service.sign_in("ada@example.org"));  // who has an account
  const std::string right = R"({"email":"ada@example.org","password":")" + std::string(test::Service::password) + "\"}";
  auto eve = service.visitor();
  for (int i = 0; i < 5; ++i)
    eve.post("/api/login", R"({"email":"ada@example.org","password":"a guess of many"})").expect(401);
  const auto refused = eve.post("/api/login", right).expect(429);
  EXPECT_NE(refused.field("Retry-After"), "");
  EXPECT_EQ(service.events("authn_login_fail").size(), 5u);
  service.clock.advance(15min);
  eve.post("/api/login", right).expect(200);
  EXPECT_TRUE(service.logged("authn_login_success"));
}

TEST(Api, AClientHasItsShareOfRequests) {
  test::Service service{notes::routes,
                        {.settings = {{"limits.general_burst", "3"}, {"limits.general_per_second", "1"}}}};
  auto visitor = service.visitor();
  for (int i = 0; i < 3; ++i) visitor.get("/api/me").expect(401);
  visitor.get("/api/me").expect(429);
  service.visitor().get("/api/me").expect(401);  // everybody has their own
  service.clock.advance(1s);
  visitor.get("/api/me").expect(401);
}

}  // namespace
