// A client that goes, breaks a rule or is cut at the worst moment: while a job for it is on another thread, or while its handler sleeps. What these
// tests find is found by the address sanitizer; without it they find the second answer, the hang and the spin.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>

namespace sallyport::testing {
namespace {

using namespace sallyport::literals;
using namespace std::chrono_literals;

/// A worker that works when it is told to.
class HeldQueue final : public sallyport::detail::JobQueue {
 public:
  bool submit(sallyport::detail::Job& job) noexcept override {
    job_ = &job;
    return true;
  }
  [[nodiscard]] bool has_job() const noexcept { return job_ != nullptr; }
  void work() {
    if (auto* job = job_.exchange(nullptr)) job->run(0);
  }

 private:
  std::atomic<sallyport::detail::Job*> job_{nullptr};
};

struct Desk {
  mutable HeldQueue queue;
  mutable std::atomic<int> naps{0};
  auto work() const {
    return sallyport::detail::Offload(queue, [](std::size_t) { return 1; });
  }
};

Router routes() {
  Router router = small_routes();
  router.post("/import", anyone("for the tests of lifetimes"),
              [](BodyStream<1_MiB> body, State<const Desk> desk) -> Task<small::Greeting> {
                while (const auto piece = co_await body.next()) co_await desk->work();
                co_return small::Greeting{"done"};
              });
  router.post("/late", anyone("for the tests of lifetimes"),
              [](BodyStream<1_MiB> body, State<const Desk> desk) -> Task<small::Greeting> {
                co_await desk->work();
                while (const auto piece = co_await body.next()) static_cast<void>(piece);
                co_return small::Greeting{"done"};
              });
  router.post("/one", anyone("for the tests of lifetimes"), [](BodyStream<1_MiB> body) -> Task<small::Greeting> {
    static_cast<void>(co_await body.next());
    co_return small::Greeting{"one is enough"};
  });
  router.get("/nap", anyone("for the tests of lifetimes"), [](State<const Desk> desk) -> Task<small::Greeting> {
    ++desk->naps;
    co_await sleep_for(20s);
    co_return small::Greeting{"ok"};
  });
  router.get("/work", anyone("for the tests of lifetimes"), [](State<const Desk> desk) -> Task<small::Greeting> {
    co_await desk->work();
    co_return small::Greeting{"ok"};
  });
  router.get("/events", anyone("for the tests of lifetimes"), [](State<const Desk> desk) -> EventStream {
    for (;;) {
      co_await desk->work();
      co_yield Event("x");
    }
  });
  return router;
}

class Lifetime : public ::testing::Test {
 protected:
  std::string request(const std::string& line, const std::string& rest = {}) {
    return line + " HTTP/1.1\r\nHost: " + service_->authority() + "\r\nSec-Fetch-Site: same-origin\r\n" + rest + "\r\n";
  }
  /// The loop does what has come, until `condition` holds.
  void until(const std::function<bool()>& condition) {
    for (int i = 0; i < 5000 && !condition(); ++i) service_->advance(1ns);
    EXPECT_TRUE(condition());
  }
  void until_job() {
    until([this] { return desk_->queue.has_job(); });
  }
  void settle() {
    for (int i = 0; i < 50; ++i) service_->advance(1ns);
  }
  void serves_others() {
    HttpClient other(service_->port());
    other.send(request("GET /"));
    EXPECT_EQ(other.receive()->status, 200);
  }

  std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();
  std::unique_ptr<TestService> service_ = std::make_unique<TestService>(
      routes(), std::vector<Migration>{}, nullptr,
      std::vector<sallyport::detail::AppDefinition::Provided>{{&sallyport::detail::state_key<Desk>, desk_}});
};

// --- HTTP/1.1

TEST_F(Lifetime, EmptyBodyThatNobodyReadsIsOver) {
  HttpClient client(service_->port());
  client.send(request("GET /", "Content-Length: 0\r\n") + request("GET /", "Content-Length: 0\r\n") + request("GET /"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive()->status, 200) << i;
}

TEST_F(Lifetime, HandlerThatStopsAfterTheLastPiece) {
  HttpClient client(service_->port());
  client.send(request("POST /one", "Content-Length: 5\r\n") + "hello");
  EXPECT_EQ(client.receive()->status, 200);
  client.send(request("GET /"));
  EXPECT_EQ(client.receive()->status, 200);
}

TEST_F(Lifetime, BrokenChunkBehindAJob) {
  HttpClient client(service_->port());
  client.send(request("POST /import", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
  until_job();
  client.send("ZZ");
  desk_->queue.work();
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  serves_others();
}

TEST_F(Lifetime, ClientGoesBeforeContinue) {
  {
    HttpClient client(service_->port());
    client.send(request("POST /late", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    until_job();
  }
  settle();
  desk_->queue.work();
  settle();
  serves_others();
}

TEST_F(Lifetime, CutWhileItsHandlerSleeps) {
  HttpClient client(service_->port());
  client.send(request("GET /nap"));
  until([this] { return desk_->naps == 1; });
  service_.reset();
}

TEST_F(Lifetime, CutWhileItsBodyIsWaitedFor) {
  HttpClient client(service_->port());
  client.send(request("POST /one", "Content-Length: 5\r\n"));
  settle();
  service_.reset();
  EXPECT_FALSE(client.receive());
}

TEST_F(Lifetime, EventsEndWhileTheirJobIsAway) {
  HttpClient client(service_->port());
  client.send(request("GET /events") + request("GET /work"));
  until_job();
  service_->advance(16s);  // its head has to go without an event
  ASSERT_TRUE(client.receive_head());
  for (int i = 0; i < 300; ++i) service_->advance(15s);  // past limits.event_stream_minutes
  desk_->queue.work();
  settle();
  EXPECT_FALSE(desk_->queue.has_job()) << "the next request used the exchange while its job was away";
  serves_others();
}

// --- HTTP/2, in clear by prior knowledge

std::string frame(char type, char flags, char stream, const std::string& payload) {
  std::string out{static_cast<char>(payload.size() >> 16),
                  static_cast<char>(payload.size() >> 8),
                  static_cast<char>(payload.size()),
                  type,
                  flags,
                  0,
                  0,
                  0,
                  stream};
  return out + payload;
}
std::string field(const std::string& name, const std::string& value) {  // literal without indexing, RFC 7541 6.2.2
  return std::string(1, '\0') + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}

class Http2Lifetime : public Lifetime {
 protected:
  std::string head(const std::string& method, const std::string& path) {
    return field(":method", method) + field(":scheme", "http") + field(":path", path) +
           field(":authority", service_->authority()) + field("sec-fetch-site", "same-origin");
  }
  const std::string start = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");
};

TEST_F(Http2Lifetime, ClientStopsSendingWhileAJobIsAway) {
  HttpClient client(service_->port());
  client.send(start + frame(1, 4, 1, head("POST", "/late")) + frame(0, 0, 1, "hello"));
  until_job();
  client.finish_sending();
  settle();
  desk_->queue.work();
  settle();
  serves_others();
}

TEST_F(Http2Lifetime, CutWhileItsHandlerSleeps) {
  HttpClient client(service_->port());
  client.send(start + frame(1, 5, 1, head("GET", "/nap")));
  until([this] { return desk_->naps == 1; });
  client.finish_sending();
  settle();
  service_.reset();
}

TEST_F(Http2Lifetime, ResetWhileAJobIsAway) {
  HttpClient client(service_->port());
  client.send(start + frame(1, 5, 1, head("GET", "/work")));
  until_job();
  client.send(frame(3, 0, 1, std::string{0, 0, 0, 8}));
  settle();
  desk_->queue.work();
  settle();
  serves_others();
}

}  // namespace
}  // namespace sallyport::testing
