// Refusals over the routes: folders within each other, and a sign-in page out of reach.
#include "start/start_checks.hpp"

#include "base/clock.hpp"
#include "route/service.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace sallyport::start {
namespace {

constexpr anyone everybody("for the tests of the start checks");
constexpr same_for_everyone for_all("the files of these tests");
constexpr auto nothing = [] { return NoContent{}; };

class StartChecks : public ::testing::Test {
 protected:
  StartChecks() {
    std::string name = std::filesystem::temp_directory_path() / "start_checks_XXXXXX";
    root_ = ::mkdtemp(name.data());
    std::filesystem::create_directories(root_ + "/site/reports");
    std::filesystem::create_directories(root_ + "/site-2");
  }
  ~StartChecks() override { std::filesystem::remove_all(root_); }

  // The codes and where, of both checks.
  std::string found(const Router& router, std::string_view page = {}) {
    const base::SystemClock clock;
    ops::Findings findings;
    const route::Service service({}, router, definition, clock, findings);
    EXPECT_TRUE(findings.empty());
    check_folders(service.table, definition, settings, findings);
    check_sign_in_page(service.table, page, findings);
    std::string out;
    for (const ops::Finding& finding : findings.list()) {
      std::string where = finding.where;
      if (where.starts_with(root_)) where.erase(0, root_.size());
      out.append(finding.code).append(" ").append(where).append("\n");
    }
    return out;
  }
  std::string in_root(const std::string& path) { return root_ + path; }

  detail::AppDefinition definition;
  ops::Settings settings;

 private:
  std::string root_;
};

TEST_F(StartChecks, PrivateFolderWithinAPublicOne) {
  Router router;
  router.files("/site", everybody, in_root("/site")).files("/reports", signed_in, in_root("/site/reports"), for_all);
  EXPECT_EQ(found(router), "CFG-025 /site/reports\n");
}

// It has a name that any file could have, and need not be there yet.
TEST_F(StartChecks, OwnFilesInAServedFolder) {
  Router router;
  router.files("/site", everybody, in_root("/site"));
  settings.database.path = in_root("/site-2/../site/reports/data");
  EXPECT_EQ(found(router), "CFG-023 /site\n");
  settings.database.path = in_root("/site-2/data");
  settings.keys.file = in_root("/site/k");
  settings.policy_lock = in_root("/site/p");
  EXPECT_EQ(found(router), "CFG-023 /site\nCFG-023 /site\n");
  settings.keys.file = settings.policy_lock = in_root("/sitemap");
  EXPECT_EQ(found(router), "");
}

TEST_F(StartChecks, HoweverTheFolderIsNamed) {
  Router router;
  router.files("/site", everybody, in_root("/site-2/../site/"))
      .files("/reports", signed_in, in_root("/site/reports"), for_all);
  EXPECT_EQ(found(router), "CFG-025 /site/reports\n");
}

TEST_F(StartChecks, PublicFolderWithinAStricterOne) {
  Router router;
  router.files("/site", signed_in, in_root("/site"), for_all).files("/reports", everybody, in_root("/site/reports"));
  EXPECT_EQ(found(router), "") << "whoever may read the outer one may read it anyhow";
  Router roles;
  roles.files("/site", role("editor"), in_root("/site"))
      .files("/reports", signed_in, in_root("/site/reports"), for_all);
  EXPECT_EQ(found(roles), "");
}

TEST_F(StartChecks, FolderOfOneRoleWithinThatOfAnother) {
  Router router;
  router.files("/site", role("reader"), in_root("/site")).files("/reports", role("editor"), in_root("/site/reports"));
  EXPECT_EQ(found(router), "CFG-025 /site/reports\n");
  Router same;
  same.files("/a", role("reader"), in_root("/site")).files("/b", role("editor"), in_root("/site"));
  EXPECT_EQ(found(same), "CFG-025 /site\n") << "once";
}

TEST_F(StartChecks, OneFolderForOneRoleAndForAll) {
  Router router;
  router.files("/a", signed_in, in_root("/site"), for_all).files("/b", role("editor"), in_root("/site"));
  EXPECT_EQ(found(router), "CFG-025 /site\n");
}

TEST_F(StartChecks, FoldersBesideEachOtherOrForTheSamePeople) {
  Router router;
  router.files("/site", everybody, in_root("/site")).files("/private", signed_in, in_root("/site-2"), for_all);
  router.files("/reports", everybody, in_root("/site/reports"));
  EXPECT_EQ(found(router), "");
}

TEST_F(StartChecks, FolderThatHandlersWriteToIsServed) {
  Router router;
  router.files("/site", role("editor"), in_root("/site"));
  definition.folders.push_back(std::make_shared<Folder<"uploads">>(in_root("/site-2/../site/reports")));
  EXPECT_EQ(found(router), "CFG-025 /site-2/../site/reports\n");
  definition.folders = {std::make_shared<Folder<"uploads">>(in_root("/site"))};
  EXPECT_EQ(found(router), "CFG-025 /site\n");
  definition.folders = {std::make_shared<Folder<"uploads">>(in_root("/site-2"))};
  EXPECT_EQ(found(router), "");
}

TEST_F(StartChecks, FolderThatIsNotThere) {
  const base::SystemClock clock;
  definition.folders.push_back(std::make_shared<Folder<"uploads">>(in_root("/nothing")));
  ops::Findings findings;
  const route::Service service({}, Router(), definition, clock, findings);
  ASSERT_EQ(findings.list().size(), 1U);
  EXPECT_EQ(findings.list()[0].code, "CFG-023");
}

TEST_F(StartChecks, SignInPage) {
  Router router;
  router.get("/open", everybody, nothing).get("/closed", signed_in, nothing).post("/sent", everybody, nothing);
  router.get("/pages/:name", everybody, [](Path<"name", Text<1, 9>>) { return NoContent{}; });
  router.get("/pages/inside", signed_in, nothing);
  EXPECT_EQ(found(router), "");
  EXPECT_EQ(found(router, "/open"), "");
  EXPECT_EQ(found(router, "/open?again=1"), "");
  EXPECT_EQ(found(router, "/pages/signin"), "");
  EXPECT_EQ(found(router, "/pages/inside"), "CFG-034 /pages/inside\n") << "the fixed path wins";
  EXPECT_EQ(found(router, "/closed"), "CFG-034 /closed\n");
  EXPECT_EQ(found(router, "/sent"), "CFG-034 /sent\n");
  EXPECT_EQ(found(router, "/pages"), "CFG-034 /pages\n");
  EXPECT_EQ(found(router, "/nowhere"), "CFG-034 /nowhere\n");
  Router two;
  two.get("/:where/signin", everybody, [](Path<"where", Text<1, 9>>) { return NoContent{}; });
  two.get("/people/:what", signed_in, [](Path<"what", Text<1, 9>>) { return NoContent{}; });
  EXPECT_EQ(found(two, "/people/signin"), "CFG-034 /people/signin\n") << "which of two routes it is says the table";
}

}  // namespace
}  // namespace sallyport::start
