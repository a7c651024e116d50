// Making connections: refused, unanswered, by names that are slow or none.
#include "net/connect.hpp"

#include "support/loop_runner.hpp"
#include "support/peer.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::net {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::echo;
using sallyport::testing::FullListener;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;

class ConnectTest : public ::testing::Test {
 protected:
  Connected connect_to(std::uint16_t port, const std::string& host = "127.0.0.1") {
    return runner_.run(connect(runner_.loop(), resolver_, {host, port, nullptr, {}}, in(10s)));
  }
  Deadline in(std::chrono::nanoseconds time) { return runner_.loop().clock.now() + time; }

  base::ManualClock clock_;
  Resolver resolver_;
  LoopRunner runner_{clock_};
};

TEST_F(ConnectTest, ByAUnixSocket) {
  const std::string path = std::filesystem::temp_directory_path() / ("sallyport-stream-" + std::to_string(::getpid()));
  const base::Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  path.copy(place.sun_path, sizeof place.sun_path - 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  Connected made = connect_to(0, path);
  ASSERT_FALSE(made.failure) << made.failure.text;
  const base::Descriptor accepted(::accept(listener.get(), nullptr, nullptr));
  const auto greet = [&]() -> Task<Transfer> { co_return co_await made.stream.write("hello", in(5s)); };
  EXPECT_EQ(runner_.run(greet()).bytes, 5U);
  std::array<char, 8> space{};
  EXPECT_EQ(::recv(accepted.get(), space.data(), space.size(), 0), 5);
  std::filesystem::remove(path);
  EXPECT_EQ(connect_to(0, path).failure.error, NetError::unreachable);
  EXPECT_EQ(connect_to(0, "/" + std::string(200, 'x')).failure.error, NetError::no_such_host);
}

TEST_F(ConnectTest, Refused) {
  std::uint16_t port = 0;
  {
    const Peer gone;
    port = gone.port();
  }
  const Connected made = connect_to(port);
  EXPECT_EQ(made.failure.error, NetError::unreachable);
  EXPECT_EQ(made.failure.text, "Connection refused");
  EXPECT_FALSE(made.stream);
}

TEST_F(ConnectTest, NobodyAnswersTheCall) {
  const FullListener full;
  std::optional<Connected> made;
  const auto attempt = [&]() -> Task<void> {
    made.emplace(co_await connect(runner_.loop(), resolver_, {"127.0.0.1", full.port, nullptr, {}}, in(3s)));
  };
  const Background running(runner_.loop(), attempt());
  runner_.turn();
  clock_.advance(2900ms);
  runner_.turn();
  runner_.turn();
  EXPECT_FALSE(made);
  clock_.advance(400ms);
  runner_.turn();
  runner_.turn();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->failure.error, NetError::timed_out);
}

// --- Names

Resolved at(std::vector<std::uint16_t> ports) {
  Resolved found;
  for (const std::uint16_t port : ports) found.addresses.push_back(look_up("127.0.0.1", port).addresses.at(0));
  return found;
}

TEST_F(ConnectTest, TheNextAddressWhenOneIsDead) {
  std::uint16_t dead = 0;
  {
    const Peer gone;
    dead = gone.port();
  }
  Peer peer(echo);
  Resolver resolver([&](const std::string&, std::uint16_t) { return at({dead, peer.port()}); });
  const Connected made = runner_.run(connect(runner_.loop(), resolver, {"name.test", 1, nullptr, {}}, in(10s)));
  EXPECT_TRUE(made.stream) << made.failure.text;
}

TEST_F(ConnectTest, ADeadAddressLeavesTimeForTheNext) {
  const FullListener full;
  Peer peer(echo);
  Resolver resolver([&](const std::string&, std::uint16_t) { return at({full.port, peer.port()}); });
  std::optional<Connected> made;
  const auto attempt = [&]() -> Task<void> {
    made.emplace(co_await connect(runner_.loop(), resolver, {"name.test", 1, nullptr, {}}, in(10s)));
  };
  const Background running(runner_.loop(), attempt());
  EXPECT_FALSE(runner_.until([&] { return made.has_value(); }, 50ms));
  clock_.advance(5500ms);  // half of its time
  ASSERT_TRUE(runner_.until([&] { return made.has_value(); }));
  EXPECT_TRUE(made->stream) << made->failure.text;
}

TEST_F(ConnectTest, NamesThatAreNone) {
  Resolver resolver([](const std::string& host, std::uint16_t) -> Resolved {
    if (host == "throws.test") throw std::bad_alloc();
    return {{}, {host == "empty.test" ? NetError::none : NetError::no_such_host, "no such name"}};
  });
  const auto failure_for = [&](const char* host) {
    return runner_.run(connect(runner_.loop(), resolver, {host, 1, nullptr, {}}, in(10s))).failure.error;
  };
  EXPECT_EQ(failure_for("none.test"), NetError::no_such_host);
  EXPECT_EQ(failure_for("empty.test"), NetError::no_such_host);
  EXPECT_EQ(failure_for("throws.test"), NetError::no_memory);
}

TEST_F(ConnectTest, LocalhostIsFound) {
  Peer peer(echo);
  EXPECT_TRUE(connect_to(peer.port(), "localhost").stream);
}

TEST_F(ConnectTest, ANameServerThatDoesNotAnswer) {
  std::promise<void> answers;
  const auto answered = answers.get_future().share();
  std::atomic<int> asked{0};
  {
    Resolver resolver([&, answered](const std::string&, std::uint16_t) {
      ++asked;
      answered.wait();
      return Resolved{};
    });
    std::vector<std::optional<Resolved>> found(Resolver::max_threads + Resolver::max_waiting + 4);
    std::vector<Background> running;
    const auto ask = [&](std::optional<Resolved>& into) -> Task<void> {
      const std::string host = "slow.test";
      into.emplace(co_await resolver.resolve(runner_.loop(), host, 1, in(5s)));
    };
    for (auto& into : found) running.push_back(Background(runner_.loop(), ask(into)));
    ASSERT_TRUE(runner_.until([&] { return asked == static_cast<int>(Resolver::max_threads); }));
    EXPECT_TRUE(runner_.until([&] { return found.back().has_value(); })) << "too many";
    EXPECT_EQ(found.back()->failure.error, NetError::too_many);
    EXPECT_FALSE(found.front());
    running[1] = {};  // gives up while it is being looked up
    clock_.advance(6s);
    runner_.turn();
    ASSERT_TRUE(found.front());
    EXPECT_EQ(found.front()->failure.error, NetError::timed_out);
    EXPECT_FALSE(found[1]);
  }  // nobody is waited for
  answers.set_value();
}

TEST_F(ConnectTest, AnAnswerForSomebodyWhoHasGone) {
  std::promise<void> answers;
  Resolver resolver([&, answered = answers.get_future().share()](const std::string&, std::uint16_t) {
    answered.wait();
    return at({1});
  });
  const auto attempt = [&]() -> Task<void> {
    static_cast<void>(co_await connect(runner_.loop(), resolver, {"slow.test", 1, nullptr, {}}, no_deadline));
  };
  Background running(runner_.loop(), attempt());
  runner_.turn();
  running = {};
  answers.set_value();
  EXPECT_FALSE(runner_.until([&] { return running.running(); }, 100ms));
}

}  // namespace
}  // namespace sallyport::net
