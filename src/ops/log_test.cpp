// The log: every line arrives whole, or is counted; the sink may be moved, full, stuck or gone.
#include "ops/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/timestamp.hpp"

#include "support/temporary_folder.hpp"

namespace sallyport::ops {
namespace {

using namespace std::chrono_literals;

class LogTest : public ::testing::Test {
 protected:
  std::unique_ptr<Log> open(std::string file, Severity level = Severity::info) {
    Findings findings;
    auto log = Log::open(
        {.file = std::move(file), .level = level, .access = true, .app = "notes", .version = "1.2", .patience = 1ms},
        clock, findings);
    EXPECT_EQ(log == nullptr, !findings.empty());
    refused_with = findings.empty() ? "" : findings.list().front().code;
    return log;
  }

  /// The file's lines; fails the test when one is not JSON.
  static std::vector<std::string> lines(const std::string& text) {
    EXPECT_TRUE(text.empty() || text.back() == '\n');
    std::vector<std::string> all;
    std::istringstream stream{text};
    simdjson::dom::parser parser;
    for (std::string line; std::getline(stream, line);) {
      EXPECT_EQ(parser.parse(line).error(), simdjson::SUCCESS) << line;
      all.push_back(line);
    }
    return all;
  }
  static std::string read(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
  }

  base::ManualClock clock;
  sallyport::testing::TemporaryFolder directory_;
  std::string path = directory_.file("log");
  std::string_view refused_with;
};

TEST_F(LogTest, WritesLinesToAFileOfItsOwn) {
  const auto log = open(path);
  ASSERT_TRUE(log);
  LogBuffer& buffer = log->new_buffer();
  buffer.write(buffer.line(Severity::warning, "authz_fail").text("route", "/a"));
  clock.advance(1042ms);
  buffer.write(buffer.line(Severity::info, "sys_shutdown"));
  log->flush();
  EXPECT_EQ(read(path),
            "{\"ts\":\"2026-01-01T00:00:00.000Z\",\"sev\":\"warning\",\"event\":\"authz_fail\",\"app\":\"notes\","
            "\"ver\":\"1.2\","
            "\"route\":\"/a\"}\n"
            "{\"ts\":\"2026-01-01T00:00:01.042Z\",\"sev\":\"info\",\"event\":\"sys_shutdown\",\"app\":\"notes\","
            "\"ver\":\"1.2\"}\n");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(LogTest, AnAccessLineSaysWhatWasAskedAndAnswered) {
  const auto log = open(path);
  LogBuffer& buffer = log->new_buffer();
  buffer.access({.method = "GET",
                 .route = "/api/notes/:id",
                 .status = 200,
                 .bytes = 512,
                 .micros = 87,
                 .client = "192.0.2.1",
                 .request_id = "0b1c",
                 .user = "u7"});
  buffer.access({.method = "",
                 .route = "",
                 .status = 400,
                 .bytes = 0,
                 .micros = 1,
                 .client = "::1",
                 .request_id = "",
                 .user = ""});
  log->flush();
  EXPECT_EQ(read(path),
            "{\"ts\":\"2026-01-01T00:00:00.000Z\",\"sev\":\"info\",\"event\":\"http_access\",\"app\":\"notes\",\"ver\":"
            "\"1.2\","
            "\"req\":\"0b1c\",\"src\":\"192.0.2.1\",\"user\":\"u7\",\"route\":\"/api/notes/"
            ":id\",\"method\":\"GET\",\"status\":200,"
            "\"bytes\":512,\"micros\":87}\n"
            "{\"ts\":\"2026-01-01T00:00:00.000Z\",\"sev\":\"info\",\"event\":\"http_access\",\"app\":\"notes\",\"ver\":"
            "\"1.2\","
            "\"src\":\"::1\",\"status\":400,\"bytes\":0,\"micros\":1}\n");
}

TEST_F(LogTest, WhatIsNotWantedIsNotWritten) {
  const auto log = open(path, Severity::warning);
  LogBuffer& buffer = log->new_buffer();
  EXPECT_FALSE(buffer.wants(Severity::info));
  EXPECT_TRUE(buffer.wants(Severity::warning));
  buffer.write(buffer.line(Severity::info, "sys_startup"));
  buffer.access({.method = "GET", .route = "/", .status = 200, .client = {}, .request_id = {}, .user = {}});
  buffer.write(buffer.line(Severity::error, "http_error"));
  log->flush();
  EXPECT_EQ(lines(read(path)).size(), 1U);

  Findings findings;
  const auto quiet = Log::open({.file = path + "2", .access = false, .app = {}, .version = {}}, clock, findings);
  quiet->new_buffer().access(
      {.method = "GET", .route = "/", .status = 200, .client = {}, .request_id = {}, .user = {}});
  quiet->flush();
  EXPECT_EQ(read(path + "2"), "");
}

TEST_F(LogTest, AppendsAndWritesWhatIsQueuedAtTheEnd) {
  std::ofstream{path} << "{}\n";
  open(path)->with_shared_buffer([](LogBuffer& buffer) { buffer.write(buffer.line(Severity::info, "sys_startup")); });
  EXPECT_EQ(lines(read(path)).size(), 2U);
}

TEST_F(LogTest, TheRingGoesRoundManyTimesWithoutLosingAByte) {
  const auto log = open(path);
  LogBuffer& buffer = log->new_buffer();
  constexpr std::uint64_t count = 20'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    buffer.write(buffer.line(Severity::info, "http_error").number("count", i).text("reason", std::string(i % 97, 'x')));
    if (i % 500 == 499) log->flush();
  }
  log->flush();
  EXPECT_EQ(log->dropped_lines(), 0U);
  const auto all = lines(read(path));
  ASSERT_EQ(all.size(), count);
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSERT_NE(all[i].find("\"count\":" + std::to_string(i) + ",\"reason\":\"" + std::string(i % 97, 'x') + "\"}"),
              std::string::npos);
  }
}

TEST_F(LogTest, ManyThreadsEachKeepTheirOrder) {
  const auto log = open(path);
  constexpr int producers = 4;
  constexpr int count = 2'000;
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&log, p] {
      LogBuffer& buffer = log->new_buffer();
      for (int i = 0; i < count; ++i) {
        buffer.write(buffer.line(Severity::info, "http_error").number("producer", p).number("count", i));
        if (i % 100 == 99) log->flush();
        if (i % 1000 == 0)
          log->with_shared_buffer([](LogBuffer& b) { b.write(b.line(Severity::info, "sys_startup")); });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  log->flush();
  EXPECT_EQ(log->dropped_lines(), 0U);
  simdjson::dom::parser parser;
  std::array<std::int64_t, producers> next{};
  for (const std::string& line : lines(read(path))) {
    const simdjson::dom::element root = parser.parse(line);
    std::int64_t producer = 0;
    if (root["producer"].get(producer) != simdjson::SUCCESS) continue;
    EXPECT_EQ(std::int64_t{root["count"]}, next.at(static_cast<std::size_t>(producer))++);
  }
  for (const std::int64_t n : next) EXPECT_EQ(n, count);
}

TEST_F(LogTest, AStuckSinkNeverBlocksAndWhatIsLostIsCounted) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  constexpr std::size_t count = 8'000;
  std::string received;
  ::testing::internal::CaptureStderr();
  {
    const auto log = open(path);
    ASSERT_TRUE(log);
    LogBuffer& buffer = log->new_buffer();
    for (std::size_t i = 0; i < count; ++i) {
      buffer.write(buffer.line(Severity::info, "http_error").text("reason", std::string(100, 'x')));
    }
    // Only now somebody reads, until all that the log has to say has come.
    std::atomic<bool> done{false};
    std::thread drain{[&] {
      std::array<char, 65536> part;
      for (bool last = false;;) {
        const ssize_t got = ::read(reader, part.data(), part.size());
        if (got > 0)
          received.append(part.data(), static_cast<std::size_t>(got));
        else if (last)
          break;
        else
          last = done.load();
      }
    }};
    log->flush();
    log->flush();  // the line about the dropped ones comes after those of its buffer
    done.store(true);
    drain.join();
    EXPECT_GT(log->dropped_lines(), 1000U);
    EXPECT_EQ(log->write_errors(), 0U);
    std::size_t kept = 0;
    std::uint64_t dropped = 0;
    simdjson::dom::parser parser;
    for (const std::string& line : lines(received)) {
      const simdjson::dom::element root = parser.parse(line);
      if (std::string_view{root["event"]} == "log_lines_dropped")
        dropped += std::uint64_t{root["count"]};
      else
        ++kept;
    }
    EXPECT_EQ(dropped, log->dropped_lines());
    EXPECT_EQ(kept + dropped, count);
    for (std::size_t i = 0; i < count; ++i) {
      buffer.write(buffer.line(Severity::info, "http_error").text("reason", std::string(100, 'x')));
    }
  }  // nobody reads any more: the end comes nevertheless
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "the log can't be written, lines are lost: it takes no more\n");
  ::close(reader);
}

TEST_F(LogTest, AFailingSinkIsReportedOnceAndCounted) {
  ::testing::internal::CaptureStderr();
  {
    const auto log = open("/dev/full");
    ASSERT_TRUE(log);
    LogBuffer& buffer = log->new_buffer();
    for (int i = 0; i < 3; ++i) {
      buffer.write(buffer.line(Severity::info, "sys_startup"));
      log->flush();
    }
    EXPECT_EQ(log->write_errors(), 3U);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "the log can't be written, lines are lost: No space left on device\n");
}

TEST_F(LogTest, AReaderThatGoesAwayIsAnErrorAndNotASignal) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const auto log = open(path);
  ASSERT_TRUE(log);
  ::close(reader);
  ::testing::internal::CaptureStderr();
  log->with_shared_buffer([](LogBuffer& buffer) { buffer.write(buffer.line(Severity::info, "sys_startup")); });
  log->flush();
  EXPECT_EQ(log->write_errors(), 1U);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("Broken pipe"), std::string::npos);
}

TEST_F(LogTest, AfterALineThatBrokeOffTheNextOneStartsAfresh) {
  const auto log = open(path);
  LogBuffer& buffer = log->new_buffer();
  const auto write_ten = [&] {
    for (int i = 0; i < 10; ++i)
      buffer.write(buffer.line(Severity::info, "sys_startup").text("reason", std::string(100, 'x')));
    log->flush();
  };
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1000;
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  write_ten();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(log->write_errors(), 1U);
  EXPECT_EQ(read(path).size(), 1000U);
  EXPECT_NE(read(path).back(), '\n');
  write_ten();
  (void)::testing::internal::GetCapturedStderr();
  const std::string text = read(path);
  EXPECT_EQ(text[1000], '\n');
  EXPECT_EQ(lines(text.substr(1001)).size(), 10U);
}

TEST_F(LogTest, ReopensItsFileAfterRotation) {
  const auto log = open(path);
  const auto say = [&](EventName event) {
    log->with_shared_buffer([&](LogBuffer& buffer) { buffer.write(buffer.line(Severity::info, event)); });
    log->flush();
  };
  say("sys_startup");
  std::filesystem::rename(path, path + ".1");
  log->reopen();
  log->flush();
  say("sys_shutdown");
  EXPECT_NE(read(path + ".1").find("sys_startup"), std::string::npos);
  EXPECT_NE(read(path).find("sys_shutdown"), std::string::npos);
  EXPECT_EQ(read(path).find("sys_startup"), std::string::npos);

  // A name that can't be opened: the old file stays in use.
  std::filesystem::rename(path, path + ".2");
  std::filesystem::create_directory(path);
  log->reopen();
  log->flush();
  say("sys_reload");
  EXPECT_NE(read(path + ".2").find("sys_reload"), std::string::npos);
  EXPECT_EQ(log->write_errors(), 1U);
}

TEST_F(LogTest, ASinkThatCannotBeWrittenRefusesToStart) {
  EXPECT_FALSE(open(path + "/none/log"));
  EXPECT_EQ(refused_with, "CFG-032");
  std::filesystem::create_symlink("elsewhere", path);
  EXPECT_FALSE(open(path));
  ASSERT_EQ(mkfifo((path + "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(open(path + "pipe")) << "a pipe without a reader";
  EXPECT_FALSE(open("/tmp"));
}

TEST(Timestamp, WritesUtcToTheMillisecond) {
  base::Timestamp timestamp;
  const auto at = [&](std::int64_t seconds, std::chrono::nanoseconds more = 0ns) {
    return std::string{timestamp.at(base::Clock::WallTime{std::chrono::seconds{seconds} + more})};
  };
  EXPECT_EQ(at(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(at(0, 999'999'999ns), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(at(951'827'696, 7ms), "2000-02-29T12:34:56.007Z");
  EXPECT_EQ(at(951'827'696, 70ms), "2000-02-29T12:34:56.070Z");
  EXPECT_EQ(at(1'798'761'599), "2026-12-31T23:59:59.000Z");
  EXPECT_EQ(at(0, -1ms), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(at(4'102'444'800), "2100-01-01T00:00:00.000Z");
}

TEST(ManualClock, MovesOnlyWhenMoved) {
  base::ManualClock clock;
  const auto steady = clock.now();
  const auto wall = clock.wall();
  EXPECT_EQ(clock.now(), steady);
  clock.advance(5s);
  EXPECT_EQ(clock.now() - steady, 5s);
  EXPECT_EQ(clock.wall() - wall, 5s);
  clock.set_wall(wall - 24h);
  EXPECT_EQ(clock.wall(), wall - 24h);
  EXPECT_EQ(clock.now() - steady, 5s);
}

}  // namespace
}  // namespace sallyport::ops
