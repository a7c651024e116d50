// Stopping: what has been asked for is answered, nothing new begins, and the process ends cleanly.
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace sallyport::testing {
namespace {

TEST(Stop, RequestsUnderWayAreAnswered) {
  TemporaryFolder folder;
  Process notes("notes", {"--mode", "development", "--port", "0", "--database.path", "notes.db"}, {}, folder.file("."));
  ASSERT_TRUE(notes.wait_for("ready: http://localhost:")) << notes.errors;
  ASSERT_TRUE(notes.wait_for("\n"));
  const auto port = static_cast<std::uint16_t>(std::stoi(notes.output.substr(notes.output.find("localhost:") + 10)));
  const std::string authority = "localhost:" + std::to_string(port);

  HttpClient idle(port);
  idle.send("GET / HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
  ASSERT_TRUE(idle.receive());

  HttpClient waiting(port);
  const std::string login = R"({"email":"nobody@example.org","password":"takes a while to hash"})";
  waiting.send(
      "POST /api/login HTTP/1.1\r\nHost: " + authority +
      "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: " +
      std::to_string(login.size()) + "\r\n\r\n");
  const auto interim = waiting.receive();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100) << "the request is under way";

  notes.signal(SIGTERM);
  idle.finish_sending();
  EXPECT_TRUE(idle.closed()) << "idle connections end";
  waiting.send(login);
  const auto answer = waiting.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  waiting.finish_sending();
  EXPECT_EQ(notes.wait(), 0) << notes.errors;
}

}  // namespace
}  // namespace sallyport::testing
