// What must not lie in a served folder, and the bounds of looking for it.
#include "http/exposed_files.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sallyport::http {
namespace {

using Paths = std::vector<std::string>;

TEST(ExposedName, KeysBackupsDatabasesAndSource) {
  for (const std::string_view name :
       {".git",       ".env",           ".env.production", ".ENV",           ".svn",
        ".ssh",       "id_rsa",         "ID_RSA",          "server.key",     "cert.PEM",
        "a.p12",      "index.html.bak", "index.html~",     "dump.sql",       "users.sqlite3",
        "app.db",     "app.db-wal",     "main.cpp",        "a.php",          "a.py",
        "Dockerfile", "package.json",   "node_modules",    "sallyport.toml", ".index.html.swp"}) {
    EXPECT_TRUE(is_exposed_name(name)) << name;
  }
  const std::string endless(100'000, 'a');
  for (const std::string_view name : {"",
                                      ".",
                                      "index.html",
                                      "app.js",
                                      "app.3f9a1c2b.js.map",
                                      "style.css",
                                      "data.json",
                                      "robots.txt",
                                      ".well-known",
                                      "env",
                                      "git",
                                      "key",
                                      "monkey",
                                      "keys.html",
                                      "a.keys",
                                      "a.sq",
                                      ".c",
                                      "bak.png",
                                      "~a",
                                      "a.",
                                      "site.webmanifest"}) {
    EXPECT_FALSE(is_exposed_name(name)) << name;
  }
  EXPECT_FALSE(is_exposed_name(endless));
  EXPECT_TRUE(is_exposed_name(endless + ".bak"));
  EXPECT_FALSE(is_exposed_name("a." + endless));
}

class ExposedFilesTest : public ::testing::Test {
 protected:
  ExposedFilesTest() {
    put("index.html");
    put("assets/app.js");
  }

  void put(const std::string& name) const {
    const std::filesystem::path path = folder_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
  }

  sallyport::testing::TemporaryFolder home_;
  std::string folder_ = home_.path();
};

TEST(ExposedName, SettingsWithNamesOfAnyLength) {
  EXPECT_TRUE(is_exposed_name(".env." + std::string(64 - 5, 'a')));
  EXPECT_TRUE(is_exposed_name(".ENV." + std::string(255 - 5, 'a')));
}

TEST(ExposedName, CompressedInWhateverWay) {
  for (const std::string_view name :
       {"dump.sql.gz", "dump.sql.GZ", "DUMP.SQL.Gz", "id_rsa.zip", "ID_RSA.ZIP", ".env.ZST", "dump.sql.gz.zip",
        "dump.sql.zip.gz", "notes.BAK.Xz", "index.html~.GZ"}) {
    EXPECT_TRUE(is_exposed_name(name)) << name;
  }
  for (const std::string_view name : {"app.js.GZ", "photos.zip", ".gz", ".zip.gz", "style.css.br"}) {
    EXPECT_FALSE(is_exposed_name(name)) << name;
  }
}

TEST_F(ExposedFilesTest, ACleanFolder) {
  const ExposedFiles exposed = find_exposed_files(folder_);
  EXPECT_EQ(exposed.paths, Paths{});
  EXPECT_TRUE(exposed.complete);
  EXPECT_FALSE(find_exposed_files(folder_ + "/nothing").complete);
  EXPECT_FALSE(find_exposed_files(folder_ + "/index.html").complete);
}

TEST_F(ExposedFilesTest, FindsThemAtAnyDepth) {
  put(".git/config");
  put(".git/objects/key.pem");
  put("assets/old/index.html.bak");
  put(".env");
  EXPECT_EQ(find_exposed_files(folder_).paths, (Paths{".env", ".git", "assets/old/index.html.bak"}));
  EXPECT_EQ(find_exposed_files(folder_ + "/").paths, (Paths{".env", ".git", "assets/old/index.html.bak"}));
}

TEST_F(ExposedFilesTest, NamesTheFirstFew) {
  for (int i = 0; i < 50; ++i) put("backup" + std::to_string(i) + ".sql");
  EXPECT_EQ(find_exposed_files(folder_).paths.size(), max_exposed_files);
}

TEST_F(ExposedFilesTest, FollowsNoLink) {
  std::filesystem::create_directory_symlink("/", folder_ + "/root");
  std::filesystem::create_directory_symlink(".", folder_ + "/again");
  const ExposedFiles exposed = find_exposed_files(folder_);
  EXPECT_EQ(exposed.paths, Paths{});
  EXPECT_TRUE(exposed.complete);
}

TEST_F(ExposedFilesTest, LooksOnlySoDeep) {
  std::string deep;
  for (int i = 1; i < max_looked_at_depth; ++i) deep += "d/";
  put(deep + "a.sql");
  EXPECT_EQ(find_exposed_files(folder_).paths, Paths{deep + "a.sql"});
  EXPECT_TRUE(find_exposed_files(folder_).complete);
  std::filesystem::remove(folder_ + "/" + deep + "a.sql");
  put(deep + "d/a.sql");
  EXPECT_EQ(find_exposed_files(folder_).paths, Paths{});
  EXPECT_FALSE(find_exposed_files(folder_).complete);
}

}  // namespace
}  // namespace sallyport::http
