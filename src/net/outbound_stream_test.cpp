// Connections to others: refused, slow, silent, broken, gone; and given up at every point where something waits.
#include "net/outbound_stream.hpp"

#include "net/connect.hpp"
#include "support/io_failures.hpp"
#include "support/loop_runner.hpp"
#include "support/peer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::net {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::echo;
using sallyport::testing::FailingCalls;
using sallyport::testing::FullListener;
using sallyport::testing::IoFailure;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;
using sallyport::testing::PeerConnection;

std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class OutboundStreamTest : public ::testing::Test {
 protected:
  Connected connect_to(std::uint16_t port, const std::string& host = "127.0.0.1") {
    return runner_.run(connect(runner_.loop(), resolver_, {host, port, nullptr, {}}, in(10s)));
  }
  Deadline in(std::chrono::nanoseconds time) { return runner_.loop().clock.now() + time; }

  base::ManualClock clock_;
  Resolver resolver_;
  LoopRunner runner_{clock_};
};

Task<Transfer> read_once(OutboundStream& stream, std::span<char> space, Deadline deadline = no_deadline) {
  co_return co_await stream.read(space, deadline);
}

Task<Transfer> write_all(OutboundStream& stream, std::string_view bytes, Deadline deadline = no_deadline) {
  co_return co_await stream.write(bytes, deadline);
}

// Everything until the end, and how it ended.
Task<std::pair<std::string, Failure>> read_all(OutboundStream& stream) {
  std::string all;
  std::array<char, 4096> space{};
  for (;;) {
    const Transfer got = co_await stream.read(space, no_deadline);
    if (got.failure) co_return std::pair(std::move(all), got.failure);
    all.append(space.data(), got.bytes);
  }
}

TEST_F(OutboundStreamTest, WritesAndReads) {
  Peer peer(echo);
  Connected made = connect_to(peer.port());
  ASSERT_FALSE(made.failure) << made.failure.text;
  const Transfer sent = runner_.run(write_all(made.stream, "hello"));
  EXPECT_EQ(sent.bytes, 5U);
  std::array<char, 16> space{};
  const Transfer got = runner_.run(read_once(made.stream, space));
  EXPECT_EQ(std::string_view(space.data(), got.bytes), "hello");
  EXPECT_TRUE(made.stream.quiet());
}

TEST_F(OutboundStreamTest, ASilentPeerIsWaitedForUntilTheDeadline) {
  Peer peer([](PeerConnection& connection) { connection.wait_for_end(); });
  Connected made = connect_to(peer.port());
  ASSERT_TRUE(made.stream);
  std::array<char, 16> space{};
  std::optional<Transfer> got;
  const auto reading = [&]() -> Task<void> { got = co_await made.stream.read(space, in(5s)); };
  const Background running(runner_.loop(), reading());
  runner_.turn();
  clock_.advance(4900ms);
  runner_.turn();
  runner_.turn();
  EXPECT_FALSE(got);
  clock_.advance(400ms);
  runner_.turn();
  runner_.turn();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->failure.error, NetError::timed_out);
  // Of no more use: nobody knows what still comes.
  EXPECT_EQ(runner_.run(write_all(made.stream, "x")).failure.error, NetError::timed_out);
  EXPECT_FALSE(made.stream.quiet());
}

TEST_F(OutboundStreamTest, APeerThatDoesNotReadHoldsTheWriterBack) {
  std::promise<void> go;
  std::atomic<std::size_t> heard{0};
  Peer peer([&](PeerConnection& connection) {
    go.get_future().wait();
    for (std::string part = connection.hear(); !part.empty(); part = connection.hear()) heard += part.size();
  });
  Connected made = connect_to(peer.port());
  ASSERT_TRUE(made.stream);
  const std::string large(20'000'000, 'x');
  std::optional<Transfer> sent;
  const auto writing = [&]() -> Task<void> { sent = co_await made.stream.write(large, no_deadline); };
  const Background running(runner_.loop(), writing());
  for (int i = 0; i < 200; ++i) runner_.turn();
  EXPECT_FALSE(sent) << "the peer has not read, and the system does not take it all";
  go.set_value();
  ASSERT_TRUE(runner_.until([&] { return sent.has_value(); }));
  EXPECT_EQ(sent->bytes, large.size());
  made.stream.end_writing();
  EXPECT_TRUE(runner_.until([&] { return heard == large.size(); }));
}

TEST_F(OutboundStreamTest, AWriteHasADeadline) {
  Peer silent;
  Connected made = connect_to(silent.port());
  const std::string large(20'000'000, 'x');
  std::optional<Transfer> sent;
  const auto writing = [&]() -> Task<void> { sent = co_await made.stream.write(large, in(1s)); };
  const Background running(runner_.loop(), writing());
  for (int i = 0; i < 100; ++i) runner_.turn();
  EXPECT_FALSE(sent);
  clock_.advance(2s);
  runner_.turn();
  runner_.turn();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->failure.error, NetError::timed_out);
  EXPECT_GT(sent->bytes, 0U);
  EXPECT_LT(sent->bytes, large.size());
}

TEST_F(OutboundStreamTest, BothDirectionsAtOnce) {
  Peer peer(echo);
  Connected made = connect_to(peer.port());
  const std::string large(8'000'000, 'y');
  bool written = false;
  const auto writing = [&]() -> Task<void> {
    const Transfer sent = co_await made.stream.write(large, no_deadline);
    written = sent.bytes == large.size();
    made.stream.end_writing();
  };
  const Background running(runner_.loop(), writing());
  const auto [all, failure] = runner_.run(read_all(made.stream));
  EXPECT_TRUE(written);
  EXPECT_EQ(all, large);
  EXPECT_EQ(failure.error, NetError::closed);
}

TEST_F(OutboundStreamTest, TwoCantReadOne) {
  Peer peer(echo);
  Connected made = connect_to(peer.port());
  std::array<char, 16> space{};
  const auto reading = [&]() -> Task<void> { static_cast<void>(co_await made.stream.read(space, no_deadline)); };
  const Background first(runner_.loop(), reading());
  runner_.turn();
  EXPECT_EQ(runner_.run(read_once(made.stream, space)).failure.error, NetError::too_many);
}

TEST_F(OutboundStreamTest, AnEndAndABreakAreTwoThings) {
  Peer ends([](PeerConnection& connection) { connection.say("bye"); });
  Connected made = connect_to(ends.port());
  auto [all, failure] = runner_.run(read_all(made.stream));
  EXPECT_EQ(all, "bye");
  EXPECT_EQ(failure.error, NetError::closed);

  Peer breaks([](PeerConnection& connection) {
    connection.hear();
    connection.reset_on_close();
  });
  made = connect_to(breaks.port());
  EXPECT_EQ(runner_.run(write_all(made.stream, "x")).bytes, 1U);
  EXPECT_EQ(runner_.run(read_all(made.stream)).second.error, NetError::lost);
  EXPECT_EQ(runner_.run(write_all(made.stream, "x")).failure.error, NetError::lost);
}

TEST_F(OutboundStreamTest, WhatNobodyAskedForIsNoticed) {
  std::promise<void> said;
  Peer peer([&](PeerConnection& connection) {
    connection.say("unasked");
    said.set_value();
    connection.wait_for_end();
  });
  Connected made = connect_to(peer.port());
  said.get_future().wait();
  EXPECT_TRUE(runner_.until([&] { return !made.stream.quiet(); }));
}

TEST_F(OutboundStreamTest, GivenUpFromOutside) {
  Peer peer([](PeerConnection& connection) { connection.wait_for_end(); });
  Connected made = connect_to(peer.port());
  std::array<char, 16> space{};
  std::optional<Transfer> got;
  const auto reading = [&]() -> Task<void> { got = co_await made.stream.read(space, no_deadline); };
  const Background running(runner_.loop(), reading());
  runner_.turn();
  made.stream.give_up({NetError::timed_out, "enough"});
  EXPECT_FALSE(got);
  runner_.turn();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->failure.text, "enough");
}

TEST_F(OutboundStreamTest, ClosedWhileSomebodyReads) {
  Peer peer([](PeerConnection& connection) { connection.wait_for_end(); });
  Connected made = connect_to(peer.port());
  std::array<char, 16> space{};
  std::optional<Transfer> got;
  const auto reading = [&]() -> Task<void> { got = co_await made.stream.read(space, no_deadline); };
  const Background running(runner_.loop(), reading());
  runner_.turn();
  made.stream.close();
  runner_.turn();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->failure.error, NetError::lost);
}

// --- Given up

TEST_F(OutboundStreamTest, DestroyedWhereItWaits) {
  const FullListener full;
  Peer silent([](PeerConnection& connection) { connection.wait_for_end(); });
  const std::string large(20'000'000, 'x');
  const auto connecting = [&]() -> Task<void> {
    static_cast<void>(co_await connect(runner_.loop(), resolver_, {"127.0.0.1", full.port, nullptr, {}}, in(9s)));
  };
  const auto reading = [&]() -> Task<void> {
    Connected made = co_await connect(runner_.loop(), resolver_, {"127.0.0.1", silent.port(), nullptr, {}}, in(9s));
    std::array<char, 16> space{};
    static_cast<void>(co_await made.stream.read(space, in(9s)));
  };
  const auto writing = [&]() -> Task<void> {
    Connected made = co_await connect(runner_.loop(), resolver_, {"127.0.0.1", silent.port(), nullptr, {}}, in(9s));
    static_cast<void>(co_await made.stream.write(large, in(9s)));
  };
  const std::size_t before = open_files();
  for (int turns = 0; turns < 12; ++turns) {
    {
      const Background first(runner_.loop(), connecting());
      const Background second(runner_.loop(), reading());
      const Background third(runner_.loop(), writing());
      for (int i = 0; i < turns; ++i) runner_.turn();
    }
    runner_.turn();
    EXPECT_TRUE(runner_.until([&] { return open_files() <= before + 1; })) << "the peer closes in its own time";
  }
  clock_.advance(20s);
  runner_.turn();
}

TEST_F(OutboundStreamTest, DestroyedByWhatItResumes) {
  Peer peer(echo);
  Connected made = connect_to(peer.port());
  std::array<char, 16> space{};
  Background reader;
  Background writer;
  const std::string large(20'000'000, 'x');
  const auto writing = [&]() -> Task<void> { static_cast<void>(co_await made.stream.write(large, no_deadline)); };
  const auto reading = [&]() -> Task<void> {
    static_cast<void>(co_await made.stream.read(space, no_deadline));
    writer = {};
    made.stream.close();
    reader = {};  // itself
  };
  writer = Background(runner_.loop(), writing());
  reader = Background(runner_.loop(), reading());
  EXPECT_TRUE(runner_.until([&] { return !reader.running() && !writer.running(); }));
  runner_.turn();
}

TEST_F(OutboundStreamTest, AWriteGivenUpInTheMiddleBreaksTheStream) {
  Peer silent;
  Connected made = connect_to(silent.port());
  const std::string large(20'000'000, 'x');
  {
    const auto writing = [&]() -> Task<void> { static_cast<void>(co_await made.stream.write(large, no_deadline)); };
    const Background running(runner_.loop(), writing());
    for (int i = 0; i < 50; ++i) runner_.turn();
  }
  EXPECT_EQ(runner_.run(write_all(made.stream, "x")).failure.error, NetError::lost);
}

TEST_F(OutboundStreamTest, OutlivesNothing) {
  // A task that waits when its loop has run for the last time.
  std::promise<void> ended;
  Peer silent([&](PeerConnection& connection) {
    connection.wait_for_end();
    ended.set_value();
  });
  auto runner = std::make_unique<LoopRunner>(clock_);
  Connected made = runner->run(connect(runner->loop(), resolver_, {"127.0.0.1", silent.port(), nullptr, {}}, in(9s)));
  ASSERT_FALSE(made.failure) << made.failure.text;
  auto held = std::make_shared<int>();  // by the frame of the task
  const std::weak_ptr<int> frame = held;
  std::array<char, 16> space{};
  const auto reading = [&](std::shared_ptr<int>) -> Task<void> {
    static_cast<void>(co_await made.stream.read(space, no_deadline));
  };
  Background running(runner->loop(), reading(std::move(held)));
  runner->turn();
  EXPECT_TRUE(running.running());
  running = {};
  EXPECT_TRUE(frame.expired());
  made.stream.close();
  runner.reset();
  EXPECT_EQ(ended.get_future().wait_for(30s), std::future_status::ready) << "the socket is still open";
}

// --- What a system does now and then

TEST_F(OutboundStreamTest, EachSystemCallFailsOnce) {
  Peer peer(echo);
  const auto talk = [&]() -> Task<bool> {
    Connected made = co_await connect(runner_.loop(), resolver_, {"127.0.0.1", peer.port(), nullptr, {}}, in(9s));
    std::array<char, 16> space{};
    if (made.failure) co_return false;
    for (int i = 0; i < 3; ++i) {
      const Transfer sent = co_await made.stream.write("ping", in(9s));
      if (sent.failure) co_return false;
      for (std::size_t got = 0; got < 4;) {
        const Transfer received = co_await made.stream.read(space, in(9s));
        if (received.failure) co_return false;
        got += received.bytes;
      }
    }
    co_return true;
  };
  // Asio does not look whether epoll_ctl has failed: what then waits for nothing ends with its time.
  const auto ends = [&] {
    std::optional<bool> good;
    const auto keep = [&]() -> Task<void> { good = co_await talk(); };
    const Background running(runner_.loop(), keep());
    if (!runner_.until([&] { return good.has_value(); }, 200ms)) clock_.advance(10s);
    EXPECT_TRUE(runner_.until([&] { return good.has_value(); }));
    return good.value_or(false);
  };
  runner_.turn();  // makes this thread a loop's
  for (const int error : {EIO, ENOMEM, ECONNRESET, EAGAIN, EINTR, IoFailure::only_one_byte}) {
    int failed = 0;
    for (std::uint32_t n = 1;; ++n) {
      ASSERT_LT(n, 100U);
      const IoFailure failure(FailingCalls::connection, n, error);
      const bool good = ends();
      if (!IoFailure::failed_call()) break;
      ++failed;
      if (IoFailure::is_transient()) {
        EXPECT_TRUE(good) << IoFailure::failed_call() << ' ' << error;
      }
    }
    EXPECT_GE(failed, 6) << error;
    EXPECT_TRUE(ends());
  }
}

}  // namespace
}  // namespace sallyport::net
