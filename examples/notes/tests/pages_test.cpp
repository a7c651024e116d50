// The pages as a person with a browser meets them.
#include "app.hpp"

#include <sallyport/testing.hpp>

#include <gtest/gtest.h>

namespace {

namespace test = sallyport::test;

TEST(Pages, SignUpSignInWriteANoteSignOut) {
  test::Service service{notes::routes};
  auto ada = service.visitor();
  const std::string password = "a kettle full of rain";
  const auto signed_up =
      ada.form("/signup", {{"name", "Ada"}, {"email", "ada@example.org"}, {"password", password}}).expect(303);
  ada.follow(signed_up).expect(200).expect_page("you can sign in now.");
  const auto signed_in = ada.form("/signin", {{"email", "ada@example.org"}, {"password", password}}).expect(303);
  ada.follow(signed_in).expect(200).expect_page("No notes yet. Write the first one.");

  const auto added = ada.form("/notes", {{"title", "Milk & <tea>"}, {"body", "two bottles"}}).expect(303);
  const auto page = ada.follow(added).expect(200);
  EXPECT_TRUE(page.page_has("Milk & <tea>"));              // a person sees what was typed
  EXPECT_EQ(page.text().find("<tea>"), page.text().npos);  // which is no markup

  ada.form("/signout", {}).expect(303);
  EXPECT_EQ(ada.page("/notes").expect(303).field("Location"), "/signin");
}

TEST(Pages, AFormComesBackWithWhatWasTypedAndWhatIsWrong) {
  test::Service service{notes::routes};
  const auto again =
      service.visitor().form("/signup", {{"name", "Ada"}, {"email", "ada@"}, {"password", "hunter2"}}).expect(400);
  again.expect_page("Please look at the marked fields.");
  EXPECT_NE(again.text().find("value=\"ada@\""), again.text().npos);
  EXPECT_EQ(again.text().find("hunter2"), again.text().npos);  // but not the password
}

// The answer is the same for an address that has an account, which keeps its password.
TEST(Pages, SigningUpTellsNobodyWhoHasAnAccount) {
  test::Service service{notes::routes};
  static_cast<void>(service.sign_in("ada@example.org"));
  auto eve = service.visitor();
  const auto taken =
      eve.form("/signup", {{"name", "Eve"}, {"email", "ada@example.org"}, {"password", "a kettle full of rain"}});
  const auto fresh =
      eve.form("/signup", {{"name", "Eve"}, {"email", "eve@example.org"}, {"password", "a kettle full of rain"}});
  EXPECT_EQ(taken.expect(303).field("Location"), fresh.expect(303).field("Location"));
  eve.form("/signin", {{"email", "ada@example.org"}, {"password", "a kettle full of rain"}}).expect(401);
}

TEST(Pages, AnotherSiteCanNotWriteNotes) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  ada.from("https://evil.example").form("/notes", {{"title", "Buy now"}, {"body", ""}}).expect(403);
  EXPECT_TRUE(service.logged("malicious_cors"));
  ada.page("/notes").expect(200).expect_page("No notes yet.");
}

TEST(Pages, NobodyOpensTheNoteOfSomebodyElse) {
  test::Service service{notes::routes};
  auto ada = service.sign_in("ada@example.org");
  auto eve = service.sign_in("eve@example.org");
  const std::string id(ada.post("/api/notes", R"({"title":"Diary","body":""})").expect(201).json("/id").text());
  ada.page("/notes/" + id + "/edit").expect(200).expect_page("Edit note");
  EXPECT_FALSE(eve.page("/notes/" + id + "/edit").expect(404).page_has("Diary"));
}

}  // namespace
