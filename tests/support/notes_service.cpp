// Puts the example's own routes and tables into a TestService.
#include "support/notes_service.hpp"

#include "../examples/notes/api.hpp"
#include "../examples/notes/pages.hpp"
#include "../examples/notes/tables.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing {
namespace {

Router routes() {
  Router router;
  router.use("/", notes::pages());
  router.use("/api", notes::api());
  return router;
}

}  // namespace

NotesService::NotesService(const std::function<void(ops::Settings&)>& adjust)
    : TestService(routes(), notes::tables(), adjust) {
  definition().sign_in_page = "/signin";
}

Browser NotesService::member(const std::string& email) {
  Browser browser = visitor();
  const std::string credentials = R"("email":")" + email + R"(","password":")" + password + R"("})";
  EXPECT_EQ(browser.post_json("/api/users", R"({"name":"Some One",)" + credentials).status, 201);
  EXPECT_EQ(browser.post_json("/api/login", "{" + credentials).status, 200);
  EXPECT_NE(browser.cookie(), "");
  return browser;
}

std::string json_text(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t begin = json.find(key);
  if (begin == json.npos) return {};
  return json.substr(begin + key.size(), json.find('"', begin + key.size()) - begin - key.size());
}

}  // namespace sallyport::testing
