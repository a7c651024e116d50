// Bodies in pieces, both ways: a handler reads as fast as it can, a client as fast as it wants, and neither needs memory for it.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

namespace sallyport::testing {
namespace {

using namespace sallyport::literals;

struct Seen {
  mutable std::atomic<std::size_t> bytes{0};
  mutable std::atomic<int> handlers_gone{0};
};
struct Counted {
  explicit Counted(const Seen& seen) : seen_(&seen) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { ++seen_->handlers_gone; }
  const Seen* seen_;
};

struct Leaving {
  explicit Leaving(Log& the_log) : log(the_log) {}
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;
  ~Leaving() { log.info("left_the_room"); }
  Log& log;
};

Router stream_routes() {
  Router router = small_routes();
  router.post("/sink", anyone("for the tests of streams"),
              [](BodyStream<1_MiB> body, State<const Seen> seen) -> Task<small::Greeting> {
                const Counted counted(*seen);
                std::size_t size = 0;
                std::string first;
                while (const auto piece = co_await body.next()) {
                  if (size == 0) first = piece->text().substr(0, 5);
                  size += piece->size();
                  seen->bytes = size;
                }
                co_return small::Greeting{first + " " + std::to_string(size)};
              });
  router.post("/never-reads", anyone("for the tests of streams"),
              [](BodyStream<64_MiB>) -> Task<small::Greeting> { co_return small::Greeting{"no"}; });
  router.get(
      "/numbers", anyone("for the tests of streams"), []() -> Stream<"text/csv; charset=utf-8"> {
        for (int i = 1; i <= 3; ++i) co_yield csv_line(i);
      });
  router.get(
      "/nothing", anyone("for the tests of streams"), []() -> Stream<"text/plain"> { co_return; });
  router.get(
      "/fails-first", anyone("for the tests of streams"), []() -> Stream<"text/plain"> {
        throw Problem(409, "Not now");
        co_yield "x";
      });
  router.get(
      "/fails-later", anyone("for the tests of streams"), []() -> Stream<"text/plain"> {
        co_yield "half";
        throw std::runtime_error("canary");
      });
  router.get(
      "/endless", anyone("for the tests of streams"), [](State<const Seen> seen) -> Stream<"text/plain"> {
        const Counted counted(*seen);
        for (;;) {
          co_yield std::string(32'768, 'x');
          seen->bytes += 32'768;
        }
      });
  router.get(
      "/own-limit", anyone("for the tests of streams"), max_stream{100'000}, []() -> Stream<"text/plain"> {
        for (;;) co_yield std::string(30'000, 'x');
      });
  router.get(
      "/too-large-at-once", anyone("for the tests of streams"), max_stream{1000},
      []() -> Stream<"text/plain"> { co_yield std::string(1001, 'x'); });
  router.get(
      "/nothing-for-ever", anyone("for the tests of streams"), []() -> Stream<"text/plain"> {
        for (;;) co_yield std::string();
      });
  router.get(
      "/saved", anyone("for the tests of streams"), []() -> Stream<"text/csv; charset=utf-8"> {
        co_yield attachment("a\"; filename=\"x.bat");
        co_yield "title\r\n";
        co_yield csv_line("=1+1");
      });
  router.get(
      "/named-too-late", anyone("for the tests of streams"), []() -> Stream<"text/csv; charset=utf-8"> {
        co_yield "title\r\n";
        co_yield attachment("titles.csv");
        co_yield csv_line("never");
      });
  router.get(
      "/as-json", anyone("for the tests of streams"), []() -> Stream<"application/json"> {
        co_yield "[" + json(small::Greeting{"a\",\"role\":\"admin"});
        co_yield json_as_is<"it is a number of ours">(",7") + "]";
      });
  router.post(
      "/upper", anyone("for the tests of streams"), [](BodyStream<1_MiB> body) -> Stream<"text/plain"> {
        while (const auto piece = co_await body.next()) {
          std::string upper(*piece);
          for (char& c : upper) c = static_cast<char>(std::toupper(c));
          co_yield upper;
        }
      });
  router.get(
      "/logged", anyone("for the tests of streams"), [](Log & log) -> Stream<"text/plain"> {
        for (int i = 1; i <= 3; ++i) {
          co_yield "x";
          log.info("piece_taken", {{"piece", i}});
        }
      });
  router.get("/logged-events", anyone("for the tests of streams"), [](Log& log) -> EventStream {
    const Leaving leaving{log};
    co_yield Event("one");
    log.info("event_taken");
    co_await sleep_for(std::chrono::hours(24));
  });
  router.get("/refused-events", anyone("for the tests of streams"), []() -> EventStream {
    throw Problem(404, "No such room");
    co_yield Event("x");
  });
  router.get("/refused-later", anyone("for the tests of streams"), [](State<const Seen> seen) -> EventStream {
    seen->bytes = 1;
    co_await sleep_for(std::chrono::seconds(2));
    throw Problem(404, "No such room");
    co_yield Event("x");
  });
  router.get("/refused-too-late", anyone("for the tests of streams"), [](State<const Seen> seen) -> EventStream {
    seen->bytes = 1;
    co_await sleep_for(std::chrono::seconds(20));
    throw Problem(404, "No such room");
    co_yield Event("x");
  });
  router.get("/waits", anyone("for the tests of streams"), [](State<const Seen> seen) -> Task<small::Greeting> {
    const Counted counted(*seen);
    seen->bytes = 1;
    co_await sleep_for(std::chrono::seconds(20));
    co_return small::Greeting{"at last"};
  });
  router.get(
      "/slow-pieces", anyone("for the tests of streams"), [](State<const Seen> seen) -> Stream<"text/plain"> {
        const Counted counted(*seen);
        co_yield "one";
        seen->bytes = 1;
        co_await sleep_for(std::chrono::seconds(20));
        co_yield "two";
        co_await sleep_for(std::chrono::seconds(20));
      });
  router.get("/no-events", anyone("for the tests of streams"), []() -> EventStream { co_return; });
  router.get("/late-events", anyone("for the tests of streams"), [](State<const Seen> seen) -> EventStream {
    const Counted counted(*seen);
    seen->bytes = 1;
    co_await sleep_for(std::chrono::seconds(40));
    co_yield Event("one");
  });
  router.get("/events", anyone("for the tests of streams"), [](State<const Seen> seen) -> EventStream {
    const Counted counted(*seen);
    co_yield Event("one");
    co_await sleep_for(std::chrono::seconds(40));
    co_yield Event("two\nlines", "news", "7");
    co_await sleep_for(std::chrono::hours(24));
  });
  return router;
}

class StreamService : public TestService {
 public:
  explicit StreamService(const std::function<void(ops::Settings&)>& adjust = {})
      : StreamService(std::make_shared<Seen>(), adjust) {}
  Seen& seen() { return *seen_; }
  std::string request(const std::string& line, const std::string& rest = {}) {
    return line + " HTTP/1.1\r\nHost: " + authority() + "\r\nSec-Fetch-Site: same-origin\r\n" + rest + "\r\n";
  }
  // Until a handler waits that has set `bytes`: the loop has served another request since then.
  void wait_for_handler() {
    wait_for([this] { return seen().bytes == 1; });
    HttpClient other(port());
    other.send(request("GET /"));
    EXPECT_EQ(other.receive()->status, 200);
  }
  // Lets up to so much time pass, in small steps. False: the handler is there still.
  bool handler_goes_within(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds step{5}; time.count() > 0 && seen().handlers_gone == 0; time -= step) advance(step);
    return seen().handlers_gone != 0;
  }
  // Until the loop has done what it was asked.
  void wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) advance(std::chrono::nanoseconds(1));
    EXPECT_TRUE(condition());
  }

 private:
  StreamService(std::shared_ptr<Seen> seen, const std::function<void(ops::Settings&)>& adjust)
      : TestService(stream_routes(), {}, adjust, {{&sallyport::detail::state_key<Seen>, seen}}),
        seen_(std::move(seen)) {}
  std::shared_ptr<Seen> seen_;
};

TEST(BodyStream, ArrivesInPieces) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /sink", "Content-Length: 100000\r\n") + "hello");
  service.wait_for([&] { return service.seen().bytes == 5; });
  client.send(std::string(99'995, 'x') + service.request("GET /"));
  EXPECT_EQ(client.receive()->body, R"({"message":"hello 100000"})");
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})") << "the request behind it";
}

TEST(BodyStream, ArrivesInChunks) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /sink", "Transfer-Encoding: chunked\r\n") + "5\r\nhel");
  client.send("lo\r\n1");
  client.send("0\r\n0123456789abcdef\r\n0\r\n\r\n" + service.request("GET /"));
  EXPECT_TRUE(client.receive()->body.ends_with(" 21\"}"));  // the first piece is what had come by then
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(BodyStream, EmptyBodyEndsAtOnce) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /sink") + service.request("POST /sink", "Content-Length: 0\r\n"));
  EXPECT_EQ(client.receive()->body, R"({"message":" 0"})");
  EXPECT_EQ(client.receive()->body, R"({"message":" 0"})");
}

TEST(BodyStream, BeyondItsLimitIs413) {
  StreamService service;
  HttpClient sized(service.port());
  sized.send(service.request("POST /sink", "Content-Length: 1048577\r\n"));
  EXPECT_EQ(sized.receive()->status, 413) << "before a byte of it has come";
  EXPECT_TRUE(sized.closed());

  HttpClient chunked(service.port());
  chunked.send(service.request("POST /sink", "Transfer-Encoding: chunked\r\n"));
  chunked.send("100000\r\n" + std::string(0x100000, 'x') + "\r\n1\r\n");
  EXPECT_EQ(chunked.receive()->status, 413);
  EXPECT_EQ(service.seen().handlers_gone, 1) << "the handler ended where it waited";
}

TEST(BodyStream, MalformedChunkEndsTheHandler) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /sink", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
  service.wait_for([&] { return service.seen().bytes == 5; });
  client.send("xyz\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(answer->field("connection"), "close");
  EXPECT_EQ(service.seen().handlers_gone, 1);
  EXPECT_NE(service.log().find("http_malformed"), std::string::npos);
}

TEST(BodyStream, DripIsCut) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /sink", "Content-Length: 1000\r\n") + "x");
  service.wait_for([&] { return service.seen().bytes == 1; });
  service.advance(std::chrono::seconds(4));
  client.send("y");
  service.wait_for([&] { return service.seen().bytes == 2; });
  service.advance(std::chrono::seconds(2));
  EXPECT_EQ(client.receive()->status, 408) << "two bytes do not buy another five seconds";
  EXPECT_EQ(service.seen().handlers_gone, 1);
}

TEST(BodyStream, ClientThatGoesEndsTheHandler) {
  StreamService service;
  {
    HttpClient client(service.port());
    client.send(service.request("POST /sink", "Content-Length: 1000\r\n") + "x");
    service.wait_for([&] { return service.seen().bytes == 1; });
  }
  service.wait_for([&] { return service.seen().handlers_gone == 1; });
}

// A client that leaves while nothing is read is noticed by the state of its connection.
TEST(Departure, EndsAWaitingHandler) {
  for (const bool pipelines : {false, true}) {  // what has come behind the request hides the end of input
    StreamService service;
    {
      HttpClient client(service.port());
      client.send(service.request("GET /waits"));
      service.wait_for_handler();
      if (pipelines) client.send(service.request("GET /"));
    }
    EXPECT_TRUE(service.handler_goes_within(std::chrono::seconds(15)));
  }
}

TEST(Departure, EndsAnEventStream) {
  for (const char* path : {"/late-events", "/events"}) {
    for (const bool goes : {true, false}) {
      StreamService service;
      std::optional<HttpClient> client(std::in_place, service.port());
      client->send(service.request("GET " + std::string(path)));
      if (path == std::string("/events")) {
        ASSERT_TRUE(client->receive_head());
        EXPECT_TRUE(client->receive_chunk());
      } else {
        service.wait_for_handler();
      }
      if (goes) {
        client.reset();
      } else {
        client->finish_sending();  // nobody opens an event stream in that way
      }
      EXPECT_TRUE(service.handler_goes_within(std::chrono::seconds(10))) << path;
    }
  }
}

TEST(Departure, EndsAStreamThatWaits) {
  StreamService service;
  std::optional<HttpClient> client(std::in_place, service.port());
  client->send(service.request("GET /slow-pieces"));
  ASSERT_TRUE(client->receive_head());
  EXPECT_EQ(client->receive_chunk(), "one");
  service.wait_for_handler();
  client.reset();
  EXPECT_TRUE(service.handler_goes_within(std::chrono::seconds(15)));
}

TEST(Departure, AClientThatHasOnlyFinishedSendingHasAllPieces) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /slow-pieces"));
  ASSERT_TRUE(client.receive_head());
  EXPECT_EQ(client.receive_chunk(), "one");
  service.wait_for_handler();
  client.finish_sending();
  EXPECT_FALSE(service.handler_goes_within(std::chrono::seconds(15)));
  service.advance(std::chrono::seconds(6));
  EXPECT_EQ(client.receive_chunk(), "two");
  EXPECT_TRUE(service.handler_goes_within(std::chrono::seconds(25)));
  EXPECT_EQ(client.receive_chunk(), "") << "whole";
  EXPECT_TRUE(client.closed());
}

// Decision 37: it may still read.
TEST(Departure, AClientThatHasOnlyFinishedSendingHasItsAnswer) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /waits"));
  service.wait_for_handler();
  client.finish_sending();
  EXPECT_FALSE(service.handler_goes_within(std::chrono::seconds(15)));
  service.advance(std::chrono::seconds(6));
  auto answer = client.receive();
  ASSERT_TRUE(answer);
  if (answer->status == 100) answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"message":"at last"})");
  EXPECT_TRUE(client.closed());
}

// HTTP/1.0 has no interim answers: the first letter of the status line goes ahead.
TEST(Departure, AnOldClientThatHasOnlyFinishedSendingHasItsAnswer) {
  StreamService service;
  HttpClient client(service.port());
  client.send("GET /waits HTTP/1.0\r\nHost: " + service.authority() + "\r\n\r\n");
  service.wait_for_handler();
  client.finish_sending();
  EXPECT_FALSE(service.handler_goes_within(std::chrono::seconds(15)));
  service.advance(std::chrono::seconds(6));
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"message":"at last"})");
  EXPECT_TRUE(client.closed());
}

TEST(Departure, AnOldClientThatHasGoneEndsAWaitingHandler) {
  StreamService service;
  {
    HttpClient client(service.port());
    client.send("GET /waits HTTP/1.0\r\nHost: " + service.authority() + "\r\n\r\n");
    service.wait_for_handler();
  }
  EXPECT_TRUE(service.handler_goes_within(std::chrono::seconds(15)));
}

TEST(BodyStream, UnreadBodyIsDrainedWithinTheBudget) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /never-reads", "Content-Length: 65536\r\n"));
  EXPECT_EQ(client.receive()->body, R"({"message":"no"})") << "before the body";
  client.send(std::string(65'536, 'x') + service.request("GET /"));
  EXPECT_EQ(client.receive()->body, R"({"message":"hello"})");

  HttpClient large(service.port());
  large.send(service.request("POST /never-reads", "Content-Length: 65537\r\n"));
  EXPECT_EQ(large.receive()->field("connection"), "close");

  HttpClient chunked(service.port());
  chunked.send(service.request("POST /never-reads", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n" +
               service.request("GET /"));
  EXPECT_EQ(chunked.receive()->status, 200);
  EXPECT_EQ(chunked.receive()->body, R"({"message":"hello"})");
}

TEST(BodyStream, ContinueIsSentWhenTheHandlerAsks) {
  StreamService service;
  HttpClient reads(service.port());
  reads.send(service.request("POST /sink", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(reads.receive()->status, 100);
  reads.send("hello");
  EXPECT_EQ(reads.receive()->status, 200);

  HttpClient refused(service.port());
  refused.send(service.request("POST /never-reads", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
  const auto answer = refused.receive();
  EXPECT_EQ(answer->status, 200) << "not 100: nobody wants the body";
  EXPECT_EQ(answer->field("connection"), "close") << "what comes next could be the body or a request";
}

TEST(StreamAnswer, ComesInChunks) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /numbers") + service.request("GET /"));
  const auto answer = client.receive();
  EXPECT_EQ(answer->body, "1\r\n2\r\n3\r\n");
  EXPECT_EQ(answer->field("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(client.receive()->status, 200) << "the connection goes on";
}

TEST(StreamAnswer, EmptyHeadAndOldClients) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /nothing"));
  EXPECT_EQ(client.receive()->body, "");
  client.send(service.request("HEAD /numbers") + service.request("GET /"));
  EXPECT_EQ(client.receive(true)->count("transfer-encoding"), 1U);
  EXPECT_EQ(client.receive()->status, 200) << "no body followed the head";
}

TEST(StreamAnswer, FailureBeforeTheFirstPieceIsAnAnswer) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /fails-first"));
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->count("content-length"), 1U);
}

TEST(StreamAnswer, FailureInTheMiddleIsVisible) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /fails-later"));
  ASSERT_TRUE(client.receive_head());
  EXPECT_EQ(client.receive_chunk(), "half");
  EXPECT_FALSE(client.receive_chunk()) << "no last chunk: the client can tell";
  EXPECT_NE(service.log().find("canary"), std::string::npos);
}

TEST(StreamAnswer, WaitsForASlowClient) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /endless"));
  ASSERT_TRUE(client.receive_head());
  std::size_t before = 0;
  // Once the sockets' buffers are full nothing more is made.
  for (int quiet = 0; quiet < 20;) {
    service.advance(std::chrono::nanoseconds(1));
    const std::size_t now = service.seen().bytes;
    quiet = now == before ? quiet + 1 : 0;
    before = now;
  }
  service.advance(std::chrono::seconds(39));
  EXPECT_EQ(service.seen().bytes, before);
  EXPECT_EQ(service.seen().handlers_gone, 0);
  service.advance(std::chrono::seconds(301));  // whatever the buffers of its system have taken since then
  service.wait_for([&] { return service.seen().handlers_gone == 1; });
  EXPECT_NE(service.log().find("deadline/write"), std::string::npos);
}

// What the client got before the connection was cut.
std::size_t bytes_until_cut(StreamService& service, const std::string& path) {
  HttpClient client(service.port());
  client.send(service.request("GET " + path));
  EXPECT_TRUE(client.receive_head());
  std::size_t bytes = 0;
  std::optional<std::string> chunk;
  while ((chunk = client.receive_chunk()) && !chunk->empty()) bytes += chunk->size();
  EXPECT_FALSE(chunk) << "no proper end";
  return bytes;
}

TEST(StreamAnswer, WithoutEndIsCut) {
  StreamService service([](ops::Settings& settings) { settings.limits.stream_bytes = 1'000'000; });
  EXPECT_EQ(bytes_until_cut(service, "/endless"), 983'040U) << "30 whole pieces";
  service.wait_for([&] { return service.seen().handlers_gone == 1; });
  EXPECT_NE(service.log().find("a Stream is larger than limits.stream_bytes"), std::string::npos);
  EXPECT_EQ(bytes_until_cut(service, "/own-limit"), 90'000U);
}

TEST(StreamAnswer, TooLargeBeforeItBeganIsA500) {
  StreamService service;
  for (const std::string path : {"/too-large-at-once", "/nothing-for-ever"}) {
    HttpClient client(service.port());
    client.send(service.request("GET " + path));
    EXPECT_EQ(client.receive()->status, 500) << path;
  }
}

TEST(StreamAnswer, IsSavedUnderItsName) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /saved"));
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("content-disposition"), "attachment; filename=\"a_; filename=_x.bat\"");
  EXPECT_EQ(client.receive_chunk(), "title\r\n");
  EXPECT_EQ(client.receive_chunk(), "\"'=1+1\"\r\n");
  EXPECT_EQ(bytes_until_cut(service, "/named-too-late"), 7U);
  EXPECT_NE(service.log().find("stands before the first piece"), std::string::npos);
}

TEST(StreamAnswer, OfJsonIsMadeOfValues) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /as-json"));
  ASSERT_TRUE(client.receive_head());
  EXPECT_EQ(client.receive_chunk(), R"([{"message":"a\",\"role\":\"admin"})");
  EXPECT_EQ(client.receive_chunk(), ",7]");
}

TEST(StreamAnswer, ReadsWhileItWrites) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("POST /upper", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n");
  ASSERT_TRUE(client.receive_head());
  EXPECT_EQ(client.receive_chunk(), "ABC");
  client.send("3\r\ndef\r\n");
  EXPECT_EQ(client.receive_chunk(), "DEF");
  client.send("0\r\n\r\n" + service.request("GET /"));
  EXPECT_EQ(client.receive_chunk(), "");
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(EventStream, SendsEventsAndStaysAwake) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /events"));
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("content-type"), "text/event-stream");
  EXPECT_EQ(head->field("cache-control"), "no-store");
  EXPECT_EQ(client.receive_chunk(), "data: one\n\n");
  service.advance(std::chrono::seconds(16));
  EXPECT_EQ(client.receive_chunk(), ":\n\n");
  service.advance(std::chrono::seconds(25));
  std::string next = client.receive_chunk().value_or("");
  if (next == ":\n\n") next = client.receive_chunk().value_or("");
  EXPECT_EQ(next, "event: news\nid: 7\ndata: two\ndata: lines\n\n");
}

TEST(EventStream, EndsSoThatItsClientIsAskedAnew) {
  StreamService service([](ops::Settings& settings) { settings.limits.event_stream_minutes = 1; });
  HttpClient client(service.port());
  client.send(service.request("GET /events"));
  ASSERT_TRUE(client.receive_head());
  for (int i = 0; i < 8; ++i) service.advance(std::chrono::seconds(10));
  std::optional<std::string> chunk;
  while ((chunk = client.receive_chunk()) && !chunk->empty()) {
  }
  EXPECT_EQ(chunk, "") << "a proper end";
  EXPECT_EQ(service.seen().handlers_gone, 1);
}

TEST(EventStream, ClientThatGoesEndsTheHandler) {
  StreamService service;
  {
    HttpClient client(service.port());
    client.send(service.request("GET /events"));
    ASSERT_TRUE(client.receive_head());
    EXPECT_EQ(client.receive_chunk(), "data: one\n\n");
  }
  for (int i = 0; i < 4; ++i) service.advance(std::chrono::seconds(9));  // the heartbeat finds nobody
  service.wait_for([&] { return service.seen().handlers_gone == 1; });
}

TEST(StreamAnswer, MayLogInEveryPiece) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /logged") + service.request("GET /"));
  EXPECT_EQ(client.receive()->body, "xxx");
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_NE(service.log().find(R"("event":"piece_taken")"), std::string::npos);
  EXPECT_NE(service.log().find(R"("piece":3)"), std::string::npos);
}

// A client that goes must not end the process.
TEST(EventStream, MayLogThatItsClientHasGone) {
  StreamService service;
  for (const bool taken : {false, true}) {  // gone while an event is on its way, or while the next one is waited for
    HttpClient client(service.port());
    client.send(service.request("GET /logged-events"));
    ASSERT_TRUE(client.receive_head());
    if (!taken) continue;
    EXPECT_EQ(client.receive_chunk(), "data: one\n\n");
    service.wait_for([&] { return service.log().find("event_taken") != std::string::npos; });
  }
  for (int i = 0; i < 4; ++i) service.advance(std::chrono::seconds(9));
  const auto left = [&] {
    const std::string log = service.log();
    const std::size_t first = log.find(R"("event":"left_the_room")");
    return first != log.npos && log.find(R"("event":"left_the_room")", first + 1) != log.npos;
  };
  service.wait_for(left);
  EXPECT_EQ(service.log().find("http_error"), std::string::npos);
}

TEST(EventStream, ProblemBeforeTheFirstEventIsTheAnswer) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /refused-events") + service.request("GET /"));
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->field("content-type"), "application/problem+json");
  EXPECT_EQ(client.receive()->status, 200) << "the connection goes on";
  HttpClient later(service.port());
  later.send(service.request("GET /refused-later"));
  service.wait_for_handler();
  for (int i = 0; i < 4; ++i) service.advance(std::chrono::seconds(1));
  EXPECT_EQ(later.receive()->status, 404) << "the head waits for the first event";
}

TEST(EventStream, WithoutAnEventItIsEmpty) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /no-events") + service.request("GET /"));
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(client.receive()->status, 200) << "the connection goes on";
}

TEST(EventStream, WhoseFirstEventTakesLongSaysThatItIsConnected) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /late-events") + service.request("GET /"));
  service.wait_for_handler();
  service.advance(std::chrono::seconds(16));
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("content-type"), "text/event-stream");
  EXPECT_EQ(client.receive_chunk(), ":\n\n");
  service.advance(std::chrono::seconds(16));
  EXPECT_EQ(client.receive_chunk(), ":\n\n");
  service.advance(std::chrono::seconds(9));
  EXPECT_EQ(client.receive_chunk(), "data: one\n\n");
  EXPECT_EQ(client.receive_chunk(), "") << "a proper end";
  EXPECT_EQ(client.receive()->status, 200) << "the connection goes on";
  EXPECT_EQ(service.seen().handlers_gone, 1);
}

TEST(EventStream, FailureAfterTheHeadIsVisible) {
  StreamService service;
  HttpClient client(service.port());
  client.send(service.request("GET /refused-too-late"));
  service.wait_for_handler();
  service.advance(std::chrono::seconds(16));
  ASSERT_TRUE(client.receive_head());
  EXPECT_EQ(client.receive_chunk(), ":\n\n");
  service.advance(std::chrono::seconds(5));
  EXPECT_FALSE(client.receive_chunk()) << "no last chunk: the client can tell";
  EXPECT_NE(service.log().find("No such room"), std::string::npos);
}

TEST(EventStream, LineEndsInNamesAreRefused) {
  EXPECT_THROW(Event("x", "a\nb"), std::invalid_argument);
  EXPECT_THROW(Event("x", "", "a\rb"), std::invalid_argument);
  EXPECT_EQ(Event("a\r\nb\rc\n").text(), "data: a\ndata: b\ndata: c\ndata: \n\n");
}

}  // namespace
}  // namespace sallyport::testing
