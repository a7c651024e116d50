// A served folder under attack: paths that climb, links that lead out, what is no file; and what a good request gets.
#include "route/static_folder.hpp"

#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <type_traits>

namespace sallyport::route {
namespace {

using enum OpenStatus;

static_assert(!std::is_copy_constructible_v<Descriptor> && std::is_nothrow_move_assignable_v<OpenFile>);

constexpr timespec year_2025{1'735'689'600, 123'456'789};  // 2025-01-01T00:00:00Z
constexpr std::int64_t now = year_2025.tv_sec + 1000;

class StaticFolderTest : public ::testing::Test {
 protected:
  StaticFolderTest() {
    std::filesystem::create_directories(home_ + "/www/docs/deep");
    write("../secret.txt", "secret");
    write("index.html", "<p>home");
    write("app.js", "let original;");
    write("docs/index.html", "<p>docs");
    write("docs/deep/a b.txt", "deep");
    std::string problem;
    folder_ = StaticFolder::at(home_ + "/www", problem);
    EXPECT_TRUE(folder_) << problem;
  }

  std::string path(const std::string& name) const { return home_ + "/www/" + name; }

  void write(const std::string& name, std::string_view content, timespec modified = year_2025) const {
    std::ofstream(path(name)) << content;
    const timespec times[2] = {modified, modified};
    EXPECT_EQ(::utimensat(AT_FDCWD, path(name).c_str(), times, 0), 0);
  }

  OpenStatus status(std::string_view name) const {
    OpenFile file;
    file.size = 77;
    const OpenStatus result = folder_->open(name, {}, file);
    EXPECT_EQ(result == opened, static_cast<bool>(file.descriptor));
    EXPECT_TRUE(result == opened || file.size == 77) << "not to be touched";
    return result;
  }

  OpenFile opened_file(std::string_view name, std::string_view accept = "") const {
    OpenFile file;
    EXPECT_EQ(folder_->open(name, http::AcceptEncoding::parse(accept), file), opened) << name;
    return file;
  }

  static std::string content(const OpenFile& file) {
    std::string text(file.size + 1, '\0');
    const ssize_t size = ::pread(file.descriptor.get(), text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  sallyport::testing::TemporaryFolder outer_;
  std::string home_ = outer_.path();
  std::optional<StaticFolder> folder_;
};

TEST_F(StaticFolderTest, ServesWhatIsThere) {
  const OpenFile file = opened_file("docs/deep/a b.txt");
  EXPECT_EQ(content(file), "deep");
  EXPECT_EQ(file.size, 4U);
  struct stat status {};
  ASSERT_EQ(::fstat(file.descriptor.get(), &status), 0);
  EXPECT_EQ(file.last_modified, status.st_ctim.tv_sec) << "when it came here, not what it was stamped with";
  EXPECT_EQ(file.type.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(file.coding, http::Coding::identity);
  EXPECT_FALSE(file.hashed_name);
  EXPECT_NE(::fcntl(file.descriptor.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(::fcntl(file.descriptor.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
}

TEST_F(StaticFolderTest, ADirectoryIsItsIndexWhenAskedForWithASlash) {
  EXPECT_EQ(content(opened_file("")), "<p>home");
  EXPECT_EQ(content(opened_file("docs/")), "<p>docs");
  EXPECT_TRUE(opened_file("docs/").type.active);
  EXPECT_EQ(status("docs"), not_found);
  EXPECT_EQ(status("docs/deep/"), not_found);
  EXPECT_EQ(status("app.js/"), not_found);
}

TEST_F(StaticFolderTest, NoPathLeavesTheFolder) {
  std::filesystem::create_directories(path("a"));
  for (const std::string name : {"a/x.txt", "a:b", "a\\x.txt", "app.js\n", "app.js\x7f"}) write(name, "x");
  for (const std::string& name : {std::string("../secret.txt"),
                                  std::string("a/../../secret.txt"),
                                  std::string("a/../../../../../../../etc/passwd"),
                                  std::string("a/../x.txt"),
                                  std::string("a/../a/x.txt"),
                                  std::string("./app.js"),
                                  std::string("a/./x.txt"),
                                  std::string(".."),
                                  std::string("."),
                                  std::string("../"),
                                  std::string("a/.."),
                                  std::string("a/."),
                                  std::string("/etc/passwd"),
                                  std::string("/app.js"),
                                  std::string("//app.js"),
                                  std::string("a//x.txt"),
                                  std::string("/"),
                                  std::string("//"),
                                  std::string("a//"),
                                  home_ + "/secret.txt",
                                  std::string("..\\secret.txt"),
                                  std::string("a\\x.txt"),
                                  std::string("...//secret.txt"),
                                  std::string("..;/secret.txt"),
                                  std::string("%2e%2e/secret.txt"),
                                  std::string("..%2fsecret.txt"),
                                  std::string("\xc0\xae\xc0\xae/secret.txt"),
                                  std::string("C:app.js"),
                                  std::string("app.js::$DATA"),
                                  std::string("a:b"),
                                  std::string("app.js\0", 7),
                                  std::string("app.js\0.png", 11),
                                  std::string("\0", 1),
                                  std::string("app.js\n"),
                                  std::string("app.js\x7f"),
                                  std::string("app.js "),
                                  std::string("app.js."),
                                  std::string("app.js/."),
                                  std::string("app.js/..")}) {
    EXPECT_EQ(status(name), not_found) << name;
  }
}

TEST_F(StaticFolderTest, NamesWithALeadingDotAreNotThere) {
  for (const std::string directory : {".git", ".well-known", "..a"})
    std::filesystem::create_directories(path(directory));
  for (const std::string name :
       {".env", ".git/config", ".well-known/security.txt", "docs/.htpasswd", "..a/x", "...", "..b"}) {
    write(name, "x");
    EXPECT_EQ(status(name), not_found) << name;
  }
  write("a..b", "x");
  write("c.", "x");
  EXPECT_EQ(status("a..b"), opened);
  EXPECT_EQ(status("c."), opened);
}

TEST_F(StaticFolderTest, NoLinkIsFollowed) {
  const auto link = [&](const std::string& target, const std::string& name) {
    std::filesystem::create_symlink(target, path(name));
  };
  link("../secret.txt", "out.txt");
  link(home_ + "/secret.txt", "absolute.txt");
  link("app.js", "in.js");
  link("..", "up");
  link("docs", "inside");
  link("/proc/self/root", "root");
  link("loop", "loop");
  link("nothing", "dangling");
  link("../../secret.txt", "docs/deep/index.html");
  for (const std::string_view name : {"out.txt", "absolute.txt", "in.js", "up/secret.txt", "inside/index.html",
                                      "inside/", "root/etc/passwd", "loop", "dangling", "docs/deep/"}) {
    EXPECT_EQ(status(name), not_found) << name;
  }
}

TEST_F(StaticFolderTest, OnlyRegularFiles) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0644), 0);
  ASSERT_EQ(::mkfifo(path("docs/deep/index.html").c_str(), 0644), 0);
  EXPECT_EQ(status("fifo"), not_found);
  EXPECT_EQ(status("docs/deep/"), not_found);

  const Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path("socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(status("socket"), not_found);

  if (::mknod(path("device").c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0) {  // /dev/zero; only root can
    EXPECT_EQ(status("device"), not_found);
  }
}

TEST_F(StaticFolderTest, LongNames) {
  EXPECT_EQ(status(std::string(256, 'a')), not_found);
  EXPECT_EQ(status(std::string(StaticFolder::max_path_size, 'a')), not_found);
  EXPECT_EQ(status(std::string(1'000'000, 'a')), not_found);
  std::string deep;
  while (deep.size() + 2 <= StaticFolder::max_path_size) deep += "d/";
  EXPECT_EQ(status(deep), not_found);
  std::filesystem::create_directories(path(deep));
  write(deep + "index.html", "deepest");
  EXPECT_EQ(content(opened_file(deep, "br, gzip")), "deepest");
  EXPECT_EQ(status(deep + "index.html"), not_found) << "longer than any path may be";
  const std::string longest(255, 'n');
  write(longest, "long");
  EXPECT_EQ(content(opened_file(longest)), "long");
}

TEST_F(StaticFolderTest, NeedsADirectory) {
  std::string problem;
  EXPECT_FALSE(StaticFolder::at(home_ + "/nothing", problem));
  EXPECT_EQ(problem, "can't be opened: No such file or directory");
  EXPECT_FALSE(StaticFolder::at(path("app.js"), problem));
  EXPECT_EQ(problem, "can't be opened: Not a directory");
  std::filesystem::create_symlink("www", home_ + "/current");
  const auto folder = StaticFolder::at(home_ + "/current", problem);
  ASSERT_TRUE(folder);
  OpenFile file;
  EXPECT_EQ(folder->open("app.js", {}, file), opened);
}

TEST_F(StaticFolderTest, WithoutDescriptorsItIsOverloaded) {
  const StaticFolder& folder =
      *folder_;  // without descriptors the sanitizer can't look at an object with virtual functions
  OpenFile file;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const OpenStatus result = folder.open("app.js", {}, file);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(result, overloaded);
  EXPECT_EQ(status("app.js"), opened);
}

TEST_F(StaticFolderTest, WhatMayNotBeReadIsNotThere) {
  ASSERT_EQ(::chmod(path("app.js").c_str(), 0), 0);
  ASSERT_EQ(::chmod(path(".").c_str(), 0755), 0);
  std::string problem;
  const auto folder = StaticFolder::at(path("."), problem);
  ASSERT_TRUE(folder) << problem;
  const bool root = ::geteuid() == 0;  // who may read everything
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  OpenFile file;
  const OpenStatus result = folder->open("app.js", {}, file);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_EQ(result, not_found);
}

TEST_F(StaticFolderTest, FilesOfSomebodyElse) {
  std::string problem;
  const auto system = StaticFolder::at("/etc", problem);
  ASSERT_TRUE(system) << problem;
  OpenFile file;
  EXPECT_EQ(system->open("passwd", {}, file), opened);
}

TEST_F(StaticFolderTest, DescriptorsAreClosed) {
  int number = -1;
  {
    OpenFile file = opened_file("app.js");
    number = file.descriptor.get();
    const OpenFile moved = std::move(file);
    EXPECT_EQ(moved.descriptor.get(), number);
    file = opened_file("index.html");
    EXPECT_EQ(::fcntl(number, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST_F(StaticFolderTest, CompressedSiblings) {
  write("app.js.br", "BR");
  write("app.js.gz", "GZ!");
  const auto served = [&](std::string_view accept) {
    const OpenFile file = opened_file("app.js", accept);
    EXPECT_EQ(file.type.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(content(file).size(), file.size);
    return std::string(http::coding_name(file.coding)) + ":" + content(file);
  };
  EXPECT_EQ(served("gzip, deflate, br"), "br:BR");
  EXPECT_EQ(served("gzip, br;q=0.9"), "gzip:GZ!");
  EXPECT_EQ(served("gzip"), "gzip:GZ!");
  EXPECT_EQ(served("br;q=0, gzip;q=0"), ":let original;");
  EXPECT_EQ(served("br;q=0.5, identity"), ":let original;");
  EXPECT_EQ(served(""), ":let original;");
  EXPECT_EQ(served("*;q=0"), ":let original;");

  std::filesystem::remove(path("app.js.br"));
  EXPECT_EQ(served("gzip, deflate, br"), "gzip:GZ!");
  write("app.js.br", "stale", {year_2025.tv_sec, year_2025.tv_nsec - 1});
  EXPECT_EQ(served("gzip, deflate, br"), "gzip:GZ!") << "older than the original";
  EXPECT_EQ(served("br, identity;q=0"), ":let original;");
  std::filesystem::remove(path("app.js.gz"));
  std::filesystem::create_symlink(home_ + "/secret.txt", path("app.js.gz"));
  EXPECT_EQ(served("gzip"), ":let original;");

  std::filesystem::remove(path("app.js"));
  EXPECT_EQ(status("app.js"), not_found) << "a sibling alone is no file";
  write("photo.jpg", "jpg");
  write("photo.jpg.gz", "gz");
  EXPECT_EQ(opened_file("photo.jpg", "gzip").coding, http::Coding::identity) << "does not gain";
  write("docs/index.html.br", "index");
  EXPECT_EQ(content(opened_file("docs/", "br")), "index");
}

TEST_F(StaticFolderTest, TheEtagNamesTheBytes) {
  const std::string etag(opened_file("app.js").etag());
  EXPECT_EQ(opened_file("app.js").etag(), etag);
  // Replaced by another of the same size and stamp: unpacked, copied with its times, moved over it.
  write("other.js", "let replaced;");
  std::filesystem::rename(path("other.js"), path("app.js"));
  EXPECT_NE(opened_file("app.js").etag(), etag);
  const std::string replaced(opened_file("app.js").etag());
  for (std::string changed = replaced;
       changed == replaced;) {  // the kernel's clock of files turns every few milliseconds
    write("app.js", "let in_place;");
    changed = opened_file("app.js").etag();
  }
  write("app.js", "let longer than it was;");
  EXPECT_NE(opened_file("app.js").etag(), replaced);
  write("app.js.gz", "let original;");
  write("app.js.br", "let original;");
  EXPECT_NE(opened_file("app.js").etag(), etag);
  const std::string gzip(opened_file("app.js", "gzip").etag()), br(opened_file("app.js", "br").etag());
  EXPECT_NE(gzip, etag);
  EXPECT_NE(br, etag);
  EXPECT_NE(br, gzip);
}

TEST_F(StaticFolderTest, TheValidatorsWorkInConditions) {
  const OpenFile file = opened_file("app.js");
  ASSERT_TRUE(file.last_modified);
  const std::int64_t later = *file.last_modified + 10;
  const http::Validators validators = file.validators(later);
  EXPECT_EQ(http::evaluate(http::Method::get, {.if_none_match = {file.etag(), true, false}}, validators, later),
            http::Verdict::not_modified);
  EXPECT_TRUE(http::range_applies({file.etag(), true, false}, validators, later));
  EXPECT_EQ(validators.last_modified, file.last_modified);
  EXPECT_EQ(file.validators(*file.last_modified - 1).last_modified, std::nullopt) << "a time to come";
}

// The kernel's clock of files turns in steps: what has just changed may change again within the same one.
TEST_F(StaticFolderTest, TheTagOfAFileThatHasJustChangedIsWeak) {
  const OpenFile file = opened_file("app.js");
  for (const std::int64_t later : {0, 1}) {
    const http::Validators validators = file.validators(*file.last_modified + later);
    EXPECT_EQ(validators.etag, "W/" + std::string(file.etag()));
    EXPECT_FALSE(http::range_applies({validators.etag, true, false}, validators, now));
  }
  EXPECT_EQ(file.validators(*file.last_modified + 2).etag, file.etag());
}

// Nix, Bazel and zip stamp everything with one time.
TEST_F(StaticFolderTest, PackersTimesAreNotTrusted) {
  for (const std::time_t packed : {std::time_t{-5}, std::time_t{0}, std::time_t{1}, std::time_t{315'532'800}}) {
    write("packed.js", "let one;", {packed, 0});
    const std::string one(opened_file("packed.js").etag());
    write("new.js", "let two;", {packed, 0});
    std::filesystem::rename(path("new.js"), path("packed.js"));
    EXPECT_NE(opened_file("packed.js").etag(), one);
    EXPECT_GT(*opened_file("packed.js").last_modified, year_2025.tv_sec);
  }
}

// A build removes the folder and makes it again; a release is another folder, to which a link is moved.
TEST_F(StaticFolderTest, TheFolderThatIsThereNowIsServed) {
  std::filesystem::rename(home_ + "/www", home_ + "/old");
  EXPECT_EQ(status("app.js"), not_found);
  std::filesystem::create_directory(home_ + "/www");
  write("app.js", "let rebuilt;");
  EXPECT_EQ(content(opened_file("app.js")), "let rebuilt;");

  std::filesystem::remove_all(home_ + "/www");
  std::filesystem::create_directory_symlink(home_ + "/old", home_ + "/www");
  EXPECT_EQ(content(opened_file("app.js")), "let original;") << "the path itself may be a link";
  std::filesystem::create_symlink(home_ + "/secret.txt", path("link.txt"));
  EXPECT_EQ(status("link.txt"), not_found) << "what is in it may not";
}

TEST_F(StaticFolderTest, HashedNames) {
  write("app.3f9a1c2b.js", "hashed");
  EXPECT_TRUE(opened_file("app.3f9a1c2b.js").hashed_name);
  EXPECT_FALSE(opened_file("app.js").hashed_name);
}

}  // namespace
}  // namespace sallyport::route
