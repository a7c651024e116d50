// Takeover between two ends in one process: what is handed over, to whom, and what happens when either goes.
#include "wire/takeover.hpp"

#include "wire/listeners.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

namespace sallyport::wire {
namespace {

using Event = TakeoverPoint::Event;

class Takeover : public ::testing::Test {
 protected:
  Takeover() { settings.port = 0; }

  // What a new process gets. The old one handles its events meanwhile.
  std::string ask(Predecessor& predecessor, TakeoverPoint& point, std::span<const int> sockets,
                  std::vector<Descriptor>& out, Event expected) {
    auto asked = std::async(std::launch::async, [&] { return predecessor.ask(path, ::geteuid(), out); });
    auto waits = point.waits_for();
    EXPECT_EQ(::poll(waits.data(), 1, 10'000), 1);
    EXPECT_EQ(point.handle(sockets), expected);
    return asked.get();
  }

  sallyport::testing::TemporaryFolder home;
  std::string folder = home.path();
  std::string path = home.file("socket");
  ops::ServerSettings settings;
};

TEST_F(Takeover, NobodyThere) {
  Predecessor predecessor;
  std::vector<Descriptor> sockets;
  EXPECT_EQ(predecessor.ask(path, ::geteuid(), sockets), "");
  EXPECT_TRUE(sockets.empty());
  predecessor.serving();
}

TEST_F(Takeover, TheSocketsOfBothPortsChangeHands) {
  // More than one message holds.
  Listeners bound;
  ASSERT_EQ(bound.bind(settings, 150), "");
  ops::ServerSettings also;
  also.port = 0;
  Listeners second;
  ASSERT_EQ(second.bind(also, 1), "");
  std::vector<int> handed{second.main.front().get()};
  for (const Descriptor& socket : bound.main) handed.push_back(socket.get());

  TakeoverPoint point;
  ASSERT_EQ(point.listen(path, ::geteuid()), "");
  struct stat status {};
  ASSERT_EQ(::lstat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);

  Predecessor predecessor;
  std::vector<Descriptor> sockets;
  EXPECT_EQ(ask(predecessor, point, handed, sockets, Event::handed_out), "");
  EXPECT_EQ(sockets.size(), 151U);
  settings.port = bound.port();
  settings.redirect_port = second.port();
  Listeners taken;
  EXPECT_EQ(taken.adopt(std::move(sockets), settings), "");
  EXPECT_EQ(taken.main.size(), 150U);
  EXPECT_EQ(taken.redirect.size(), 1U);
  EXPECT_EQ(taken.port(), bound.port());

  EXPECT_EQ(point.handle(handed), Event::nothing);
  predecessor.serving();
  EXPECT_EQ(point.handle(handed), Event::successor_serves);
}

TEST_F(Takeover, ASuccessorThatDiesIsNoSuccessor) {
  Listeners bound;
  ASSERT_EQ(bound.bind(settings, 1), "");
  const std::vector<int> handed{bound.main.front().get()};
  TakeoverPoint point;
  ASSERT_EQ(point.listen(path, ::geteuid()), "");
  {
    Predecessor dies;
    std::vector<Descriptor> sockets;
    ASSERT_EQ(ask(dies, point, handed, sockets, Event::handed_out), "");
    Predecessor second;
    std::vector<Descriptor> none;
    EXPECT_NE(ask(second, point, handed, none, Event::nothing), "") << "one at a time";
  }
  EXPECT_EQ(point.handle(handed), Event::successor_died);
  Predecessor third;
  std::vector<Descriptor> sockets;
  EXPECT_EQ(ask(third, point, handed, sockets, Event::handed_out), "");
}

// What a child answers that has become user 12345. It can reach the socket, which only its owner can otherwise.
template <class F>
int as_another(const std::string& folder, F check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::chmod(folder.c_str(), 0777) == 0 && ::setresuid(12345, 12345, 12345) == 0 ? check() : 9);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Takeover, OtherUsersAreNotTold) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  Listeners bound;
  ASSERT_EQ(bound.bind(settings, 1), "");
  TakeoverPoint point;
  ASSERT_EQ(point.listen(path, 0), "");
  ASSERT_EQ(::chmod(path.c_str(), 0777), 0);
  auto told = std::async(std::launch::async, [&] {
    auto waits = point.waits_for();
    ::poll(waits.data(), 1, 10'000);
    return point.handle(std::vector<int>{bound.main.front().get()});
  });
  EXPECT_EQ(as_another(folder,
                       [&] {
                         Predecessor predecessor;
                         std::vector<Descriptor> sockets;
                         return predecessor.ask(path, 12345, sockets).empty() || !sockets.empty() ? 1 : 0;
                       }),
            0);
  EXPECT_EQ(told.get(), Event::nothing);
}

TEST_F(Takeover, OtherUsersAreNotBelieved) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  EXPECT_EQ(as_another(folder,
                       [&] {
                         TakeoverPoint point;
                         if (!point.listen(path, 12345).empty()) return 1;
                         Predecessor predecessor;
                         std::vector<Descriptor> sockets;
                         return predecessor.ask(path, 12346, sockets).find("another user") == std::string::npos ? 2 : 0;
                       }),
            0);
}

TEST_F(Takeover, SocketsForAnotherAddressAreRefused) {
  const auto adopt = [&](auto change) {
    ops::ServerSettings other;
    other.port = 0;
    Listeners bound;
    EXPECT_EQ(bound.bind(other, 1), "");
    other.port = bound.port();
    change(other);
    Listeners taken;
    return taken.adopt(std::move(bound.main), other);
  };
  EXPECT_EQ(adopt([](ops::ServerSettings&) {}), "");
  EXPECT_NE(adopt([](ops::ServerSettings& s) { ++s.port; }), "");
  EXPECT_NE(adopt([](ops::ServerSettings& s) { s.address = base::IpAddress::v4(127, 0, 0, 2); }), "");
  EXPECT_NE(adopt([](ops::ServerSettings& s) { s.address = *base::IpAddress::parse("::1"); }), "");

  std::vector<Descriptor> connected;
  connected.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_NE(Listeners().adopt(std::move(connected), settings), "") << "it does not listen";
  std::vector<Descriptor> file;
  file.emplace_back(::dup(STDERR_FILENO));
  EXPECT_NE(Listeners().adopt(std::move(file), settings), "") << "it is no socket";
}

TEST_F(Takeover, APortInUseIsAnError) {
  Listeners bound;
  ASSERT_EQ(bound.bind(settings, 2), "");
  settings.port = bound.port();
  Listeners second;
  EXPECT_NE(second.bind(settings, 1), "");
}

TEST_F(Takeover, TheFileGoesWithItsProcess) {
  {
    TakeoverPoint left;
    ASSERT_EQ(left.listen(path, ::geteuid()), "");
    TakeoverPoint next;
    ASSERT_EQ(next.listen(path, ::geteuid()), "") << "in the place of the one before";
    {
      TakeoverPoint gone;
      ASSERT_EQ(gone.listen(path, ::geteuid()), "");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    ASSERT_EQ(next.listen(path, ::geteuid()), "");
    { const TakeoverPoint never_listened; }
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));

  {
    const Descriptor dead(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    TakeoverPoint point;
    ASSERT_EQ(point.listen(path, ::geteuid()), "");
    std::filesystem::create_hard_link(path, path + ".kept");
  }
  std::filesystem::rename(path + ".kept", path);
  Predecessor predecessor;
  std::vector<Descriptor> sockets;
  EXPECT_EQ(predecessor.ask(path, ::geteuid(), sockets), "") << "nobody answers on a file that was left";
  EXPECT_TRUE(sockets.empty());
}

TEST_F(Takeover, ThePathIsInAFolderThatOthersCannotWrite) {
  const auto finds = [&](const std::string& at) {
    ops::Findings findings;
    check_takeover_path(at, ::geteuid(), findings);
    return findings.list().size();
  };
  EXPECT_EQ(finds(path), 0U);
  EXPECT_EQ(finds(folder + "/none/socket"), 1U);
  std::ofstream(path) << "somebody's work";
  EXPECT_EQ(finds(path), 1U) << "it would be replaced";
  EXPECT_EQ(finds("/tmp/sallyport-takeover"), 1U);
  ::chmod(folder.c_str(), 0770);
  EXPECT_EQ(finds(folder + "/socket2"), 1U);
}

}  // namespace
}  // namespace sallyport::wire
