// `sallyport users`, beside a service that runs.
#include "support/notes_service.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace sallyport::testing {
namespace {

class UsersCommand : public ::testing::Test {
 protected:
  struct Said {
    int status;
    std::string output;
    std::string errors;
  };
  Said run(std::vector<std::string> words) {
    words.insert(words.begin(), "users");
    Process process("sallyport", words, {}, folder.file("."));
    const int status = process.wait();
    return {status, process.output, process.errors};
  }
  Said run_on(std::vector<std::string> words) {
    words.insert(words.end(), {"--database", database});
    return run(words);
  }

  TemporaryFolder folder;
  NotesService service;
  std::string database = service.database_file();
};

TEST_F(UsersCommand, Lists) {
  EXPECT_EQ(run_on({"list"}).output, "");
  static_cast<void>(service.member("Ada@example.org"));
  static_cast<void>(service.member("bob@example.org"));
  const Said said = run_on({"list"});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.output, "Ada@example.org  -  Some One\nbob@example.org  -  Some One\n");
}

TEST_F(UsersCommand, GivesRoles) {
  static_cast<void>(service.member("ada@example.org"));
  const Said said = run_on({"role", "ADA@example.org", "admin"});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.output, "ada@example.org has the role admin now\n");
  EXPECT_EQ(run_on({"list"}).output, "ada@example.org  admin  Some One\n");
  EXPECT_EQ(run_on({"role", "ada@example.org", ""}).status, 0);
  EXPECT_EQ(run_on({"list"}).output, "ada@example.org  -  Some One\n");
}

TEST_F(UsersCommand, EndsSessions) {
  Browser ada = service.member("ada@example.org");
  Browser bob = service.member("bob@example.org");
  const Said said = run_on({"end-sessions", "ada@example.org"});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.output, "ada@example.org: 1 session ended\n");
  EXPECT_EQ(ada.get("/api/me").status, 401);
  EXPECT_EQ(bob.get("/api/me").status, 200);
}

TEST_F(UsersCommand, Unlocks) {
  Browser ada = service.member("ada@example.org");
  const auto sign_in = [&](const std::string& password) {
    Browser stranger = service.visitor();
    return stranger.post_json("/api/login", R"({"email":"ada@example.org","password":")" + password + R"("})").status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("not her password at all"), 401);
  EXPECT_EQ(sign_in(NotesService::password), 429);
  const Said said = run_on({"unlock", "ADA@example.org"});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.output, "ada@example.org is unlocked: attempts that have failed are forgotten\n");
  EXPECT_EQ(sign_in(NotesService::password), 200) << "at once";
  EXPECT_EQ(ada.get("/api/me").status, 200) << "sessions go on";
  EXPECT_EQ(run_on({"unlock", "eve@example.org"}).status, 1);
  EXPECT_EQ(run_on({"unlock"}).status, 2);
}

TEST_F(UsersCommand, DeletesWithWhatBelongsToIt) {
  Browser ada = service.member("ada@example.org");
  EXPECT_EQ(ada.post_json("/api/notes", R"({"title":"Milk","body":""})").status, 201);
  EXPECT_EQ(run_on({"delete", "ada@example.org"}).status, 2) << "--yes is needed";
  EXPECT_EQ(ada.get("/api/me").status, 200);
  const Said said = run_on({"delete", "ada@example.org", "--yes"});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(ada.get("/api/me").status, 401);
  EXPECT_EQ(service.database().run_blocking(
                [](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes WHERE TRUE"); }),
            0);
}

TEST_F(UsersCommand, SaysWhatIsWrong) {
  static_cast<void>(service.member("ada@example.org"));
  const Said nobody = run_on({"role", "eve@example.org", "admin"});
  EXPECT_EQ(nobody.status, 1);
  EXPECT_NE(nobody.errors.find("no account has the e-mail address eve@example.org"), std::string::npos);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"list"},
                                             {"nosuch", "--database", database},
                                             {"role", "ada@example.org", "--database", database},
                                             {"role", "ada", "admin", "--database", database},
                                             {"role", "ada@example.org", "admin ", "--database", database},
                                             {"list", "--nosuch", "--database", database},
                                             {"list", "--database"},
                                             {"list", "--database", database, "--database", database},
                                             {"list", "--database", database, "--config", database},
                                             {"list", "--database", folder.file("missing.db")},
                                             {"list", "--config", folder.file("missing.toml")}}) {
    const Said said = run(words);
    EXPECT_EQ(said.status, 2) << (words.empty() ? "" : words.back());
    EXPECT_NE(said.errors, "");
    EXPECT_EQ(said.output, "");
  }
  std::ofstream(folder.file("empty.db")).close();
  EXPECT_EQ(run({"list", "--database", folder.file("empty.db")}).status, 2);
  EXPECT_EQ(run_on({"list"}).output, "ada@example.org  -  Some One\n");
}

TEST_F(UsersCommand, TakesTheServicesSettings) {
  static_cast<void>(service.member("ada@example.org"));
  std::ofstream(folder.file("service.toml")) << "[database]\npath = \"" << database << "\"\n";
  const Said said = run({"list", "--config", folder.file("service.toml")});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.output, "ada@example.org  -  Some One\n");
}

TEST_F(UsersCommand, TakesADatabaseThatIsCalledLikeTheCommand) {
  std::ofstream(folder.file("service.toml")) << "[database]\npath = \"var/sallyport.db\"\n";
  const Said said = run({"list", "--config", folder.file("service.toml")});
  EXPECT_NE(said.errors.find("var/sallyport.db"), std::string::npos) << said.errors;
  EXPECT_EQ(said.errors.find("does not name"), std::string::npos) << "it was named: " << said.errors;
}

TEST_F(UsersCommand, SaysWhereADatabaseThatIsNotNamedLies) {
  for (const std::string text : {"", "[database]\npath = \"var/data-<app>.db\"\n"}) {
    std::ofstream(folder.file("service.toml")) << text;
    const Said said = run({"list", "--config", folder.file("service.toml")});
    EXPECT_EQ(said.status, 2);
    EXPECT_NE(said.errors.find("NAME.db, where NAME is the name of the service's program"), std::string::npos)
        << said.errors;
  }
}

}  // namespace
}  // namespace sallyport::testing
