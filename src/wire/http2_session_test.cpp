// Tests of an HTTP/2 connection, frame by frame: requests and answers both ways, what is refused and how, the known attacks, flow
// control, deadlines, and the end.
#include "wire/http2_session.hpp"

#include <sallyport/sallyport.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "ops/log.hpp"
#include "route/service.hpp"

#include "support/temporary_folder.hpp"

namespace {

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Told {
  std::string text;
};

}  // namespace

template <>
struct sallyport::view<Told> {
  using show = fields<&Told::text>;
};

namespace sallyport::wire {
namespace {

struct Note {
  Text<1, 200'000> title;
};

// A job on another thread that ends when the test says so.
class Elsewhere final : public sp::detail::JobQueue {
 public:
  bool submit(sp::detail::Job& job) noexcept override {
    jobs.push_back(&job);
    return true;
  }
  bool come_back() {
    if (jobs.empty()) return false;
    sp::detail::Job* const job = jobs.front();
    jobs.pop_front();
    job->run(0);
    return true;
  }
  std::deque<sp::detail::Job*> jobs;
};

Elsewhere& elsewhere() {
  static Elsewhere queue;
  return queue;
}
auto work() {
  return sp::detail::Offload(elsewhere(), [](std::size_t) { return 1; });
}

sp::Router routes(const std::string& folder) {
  sp::Router router;
  router.get("/", sp::anyone("for the test"), [] { return Told{"hello"}; });
  router.get("/large", sp::anyone("for the test"), [] { return sp::Response::text(std::string(300'000, 'l')); });
  router.get("/fields", sp::anyone("for the test"), [] {
    sp::Response response = sp::Response::text("x");
    for (int i = 0; i < 40; ++i) response.header("X-Many", std::string(i % 2 == 0 ? 20 : 200, 'v'));
    return response;
  });
  router.get("/too-many-fields", sp::anyone("for the test"),
             [] { return sp::Response::text("x").header("X-Large", std::string(100'000, 'v')); });
  router.get("/page", sp::anyone("for the test"),
             [] { return sp::Page{.title = "x", .scripts = {"/x.js"}, .body = sp::html<"<p>x</p>">()}; });
  router.asset("/x.js", sp::AssetType::javascript, "1;\n");
  router.get("/later", sp::anyone("for the test"), []() -> sp::Task<Told> {
    co_await work();
    co_return Told{"late"};
  });
  router.post("/json", sp::anyone("for the test"),
              [](sp::Body<Note> in) { return Told{std::to_string(in->title.view().size())}; });
  router.post("/sum", sp::anyone("for the test"), [](sp::BodyStream<1'000'000> body) -> sp::Task<Told> {
    std::size_t sum = 0;
    while (const auto piece = co_await body.next()) {
      co_await work();
      sum += piece->size();
    }
    co_return Told{std::to_string(sum)};
  });
  router.get(
      "/stream", sp::anyone("for the test"), []() -> sp::Stream<"text/plain"> {
        for (int i = 0; i < 20; ++i) co_yield std::string(10'000, static_cast<char>('a' + i));
      });
  router.get(
      "/drops", sp::anyone("for the test"), []() -> sp::Stream<"text/plain"> {
        for (int i = 0; i < 3000; ++i) co_yield "ten bytes\n";
      });
  router.get(
      "/stream-later", sp::anyone("for the test"), []() -> sp::Stream<"text/plain"> {
        co_yield "first";
        co_await work();
        co_yield "second";
      });
  router.get(
      "/breaks", sp::anyone("for the test"), []() -> sp::Stream<"text/plain"> {
        co_yield "first";
        throw std::runtime_error("broken");
      });
  router.post(
      "/echo", sp::anyone("for the test"), [](sp::BodyStream<1'000'000> body) -> sp::Stream<"text/plain"> {
        while (const auto piece = co_await body.next()) co_yield std::string(*piece);
      });
  router.get("/events", sp::anyone("for the test"), []() -> sp::EventStream {
    for (;;) {
      co_await work();
      co_yield sp::Event("x");
    }
  });
  router.files("/files", sp::anyone("for the test"), folder);
  return router;
}

class Loop final : public net::Loop {
 public:
  Loop(const base::Clock& the_clock, ops::LogBuffer& log) : net::Loop(the_clock), gate(*this, log) {}
  gate::Loop gate;
  void post(sp::detail::Job& job) noexcept override { job.finish(); }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;
  bool ended = false;
  std::optional<std::uint32_t> reset;
};

std::string big_endian(std::uint64_t number, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(number >> (8 * i)));
  return out;
}
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// A connection with a client that says exactly what it is told to.
class Http2SessionTest : public ::testing::Test, public Session::Driver {
 protected:
  static constexpr std::uint8_t end_stream = 1;
  static constexpr std::uint8_t end_headers = 4;

  Http2SessionTest() {
    std::ofstream(folder_ + "/file.txt") << std::string(100'000, 'f');
    settings.mode = ops::Mode::development;
    settings.server.origin = "http://x";
    settings.server.allowed_hosts = {"x"};
    settings.limits.general_burst = 1'000'000;
  }
  ~Http2SessionTest() override {
    if (session) session->abandon();
    while (elsewhere().come_back()) {
    }
    session.reset();
  }

  void SetUp() override {
    nghttp2_hd_deflater* deflater = nullptr;
    nghttp2_hd_inflater* inflater = nullptr;
    ASSERT_EQ(nghttp2_hd_deflate_new(&deflater, 4096), 0);
    deflater_.reset(deflater);
    ASSERT_EQ(nghttp2_hd_inflate_new(&inflater), 0);
    inflater_.reset(inflater);
  }

  // --- What the client says

  void start(bool greet = true) {
    log_ = ops::Log::open({.file = folder_ + "/log"}, clock, findings_);
    service = std::make_unique<route::Service>(settings, routes(folder_), definition_, clock, findings_);
    loop = std::make_unique<Loop>(clock, log_->new_buffer());
    session = std::make_unique<Http2Session>(*service, loop->gate, *this, base::IpAddress::v4(127, 0, 0, 1));
    if (!greet) return;
    out += "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    frame(NGHTTP2_SETTINGS, 0, 0, "");
    pump();
  }

  void frame(std::uint8_t type, std::uint8_t flags, std::int32_t id, std::string_view payload) {
    out += big_endian(payload.size(), 3);
    out.push_back(static_cast<char>(type));
    out.push_back(static_cast<char>(flags));
    out += big_endian(static_cast<std::uint32_t>(id), 4);
    out += payload;
  }

  std::string block(const Fields& fields) {
    std::vector<nghttp2_nv> pairs;
    for (const auto& [name, value] : fields) {
      pairs.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                       reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
                       NGHTTP2_NV_FLAG_NONE});
    }
    std::string bytes(nghttp2_hd_deflate_bound(deflater_.get(), pairs.data(), pairs.size()), '\0');
    const ssize_t size = nghttp2_hd_deflate_hd(deflater_.get(), reinterpret_cast<std::uint8_t*>(bytes.data()),
                                               bytes.size(), pairs.data(), pairs.size());
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
  }

  static Fields head(std::string_view method, std::string_view path, const Fields& more = {}) {
    Fields fields{
        {":method", std::string(method)}, {":scheme", "http"}, {":authority", "x"}, {":path", std::string(path)}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
  }

  std::int32_t open(const Fields& fields, bool ended = true) {
    const std::int32_t id = std::exchange(next_id_, next_id_ + 2);
    frame(NGHTTP2_HEADERS, ended ? end_stream | end_headers : end_headers, id, block(fields));
    return id;
  }
  std::int32_t get(std::string_view path, const Fields& more = {}) { return open(head("GET", path, more)); }
  std::int32_t post(std::string_view path, const Fields& more = {}) {
    Fields fields{{"origin", "http://x"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return open(head("POST", path, fields), false);
  }
  void data(std::int32_t id, std::string_view bytes, bool ended = false) {
    for (; bytes.size() > 16'384; bytes.remove_prefix(16'384)) frame(NGHTTP2_DATA, 0, id, bytes.substr(0, 16'384));
    frame(NGHTTP2_DATA, ended ? end_stream : 0, id, bytes);
  }
  void reset(std::int32_t id) { frame(NGHTTP2_RST_STREAM, 0, id, big_endian(NGHTTP2_CANCEL, 4)); }
  void window(std::int32_t id, std::uint32_t bytes) { frame(NGHTTP2_WINDOW_UPDATE, 0, id, big_endian(bytes, 4)); }

  // --- Both sides in turns

  void pump() {
    for (;;) {
      const Session::Next next = session->next();
      if (next == Session::Next::write && takes_output) {
        const std::string_view output = session->output();
        ASSERT_FALSE(output.empty());
        in += output;
        session->sent(output.size());
        read_frames();
      } else if (!out.empty() && (next == Session::Next::read || session->reads_meanwhile())) {
        const auto space = session->receive_space();
        const std::size_t bytes = std::min(space.size(), out.size());
        std::memcpy(space.data(), out.data(), bytes);
        out.erase(0, bytes);
        session->received(bytes);
      } else {
        break;
      }
    }
    (void)session->deadline();  // the driver waits from here on
  }

  void read_frames() {
    while (in.size() >= 9 && in.size() >= 9 + number_at(in, 0, 3)) {
      const std::size_t size = number_at(in, 0, 3);
      const auto type = static_cast<std::uint8_t>(in[3]);
      const auto flags = static_cast<std::uint8_t>(in[4]);
      const auto id = static_cast<std::int32_t>(number_at(in, 5, 4));
      const std::string payload = in.substr(9, size);
      in.erase(0, 9 + size);
      ++frames[type];
      Reply& reply = replies[id];
      switch (type) {
        case NGHTTP2_HEADERS:
          ASSERT_NE(flags & end_headers, 0);
          ASSERT_EQ(reply.status, 0) << "one answer for each request";
          inflate(payload, reply);
          break;
        case NGHTTP2_DATA:
          ASSERT_NE(reply.status, 0);
          reply.body += payload;
          for (std::size_t left = opens_windows ? size : 0; left > 0;) {
            const auto bytes = static_cast<std::uint32_t>(std::min(left, update_every));
            window(0, bytes);
            if ((flags & end_stream) == 0) window(id, bytes);
            left -= bytes;
          }
          break;
        case NGHTTP2_RST_STREAM:
          reply.reset = number_at(payload, 0, 4);
          break;
        case NGHTTP2_GOAWAY:
          last_id = static_cast<std::int32_t>(number_at(payload, 0, 4));
          goaway = number_at(payload, 4, 4);
          break;
        case NGHTTP2_WINDOW_UPDATE:
          windows[id] += number_at(payload, 0, 4);
          break;
        default:
          break;
      }
      const bool may_end = type == NGHTTP2_HEADERS || type == NGHTTP2_DATA;
      if (may_end && (flags & end_stream) != 0) reply.ended = true;
    }
  }

  void inflate(const std::string& payload, Reply& reply) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(payload.data());
    std::size_t left = payload.size();
    for (;;) {
      nghttp2_nv field;
      int flags = 0;
      const ssize_t read = nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, at, left, 1);
      ASSERT_GE(read, 0);
      at += read;
      left -= static_cast<std::size_t>(read);
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
        const std::string name(reinterpret_cast<const char*>(field.name), field.namelen);
        const std::string value(reinterpret_cast<const char*>(field.value), field.valuelen);
        EXPECT_TRUE(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) << name;
        if (name == ":status") reply.status = std::stoi(value);
        reply.fields[name] += value;
        if ((field.flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0) never_indexed.push_back(name);
      }
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    }
    nghttp2_hd_inflate_end_headers(inflater_.get());
  }

  // --- Time, and what the log says

  void pass(std::chrono::nanoseconds time) {
    clock.advance(time);
    loop->wheel.advance(clock.now());
    while (clock.now() >= session->deadline()) {
      const auto before = session->deadline();
      if (!session->expired()) {
        cut = true;
        return;
      }
      pump();
      if (session->next() == Session::Next::close || session->deadline() <= before) break;
    }
  }
  [[nodiscard]] bool closes() { return session->next() == Session::Next::close; }
  std::string log() {
    log_->flush();
    std::stringstream text;
    text << std::ifstream(folder_ + "/log").rdbuf();
    return text.str();
  }
  std::size_t logged(const std::string& what) {
    const std::string text = log();
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
    return count;
  }

  // Session::Driver
  void session_moved() noexcept override { ++moves; }
  std::shared_ptr<void> hold() noexcept override { return kept; }
  [[nodiscard]] bool can_send_files() const noexcept override { return false; }

  struct Deleters {
    void operator()(nghttp2_hd_deflater* deflater) const noexcept { nghttp2_hd_deflate_del(deflater); }
    void operator()(nghttp2_hd_inflater* inflater) const noexcept { nghttp2_hd_inflate_del(inflater); }
  };

  base::ManualClock clock;
  ops::Settings settings;
  std::string out;  // said, not yet received
  std::string in;
  bool takes_output = true;
  bool opens_windows = true;
  std::size_t update_every = 16'384;  // bytes
  bool cut = false;
  int moves = 0;
  std::map<std::int32_t, Reply> replies;
  std::map<std::uint8_t, int> frames;
  std::map<std::int32_t, std::uint64_t> windows;
  std::vector<std::string> never_indexed;
  std::optional<std::uint32_t> goaway;
  std::int32_t last_id = 0;
  std::shared_ptr<int> kept = std::make_shared<int>(0);

 private:
  sallyport::testing::TemporaryFolder home_;
  std::string folder_ = home_.path();
  ops::Findings findings_;
  sp::detail::AppDefinition definition_;
  std::unique_ptr<ops::Log> log_;
  std::unique_ptr<nghttp2_hd_deflater, Deleters> deflater_;
  std::unique_ptr<nghttp2_hd_inflater, Deleters> inflater_;
  std::int32_t next_id_ = 1;

 protected:
  std::unique_ptr<route::Service> service;
  std::unique_ptr<Loop> loop;
  std::unique_ptr<Http2Session> session;
};

const Fields json{{"content-type", "application/json"}};

// --- Requests and answers

TEST_F(Http2SessionTest, AnswersAGet) {
  start();
  const auto id = get("/");
  pump();
  const Reply& reply = replies[id];
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"text":"hello"})");
  EXPECT_TRUE(reply.ended);
  EXPECT_FALSE(reply.reset);
  EXPECT_EQ(reply.fields.at("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(reply.fields.at("content-length"), "16");
  EXPECT_EQ(reply.fields.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.fields.at("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_FALSE(reply.fields.contains("connection"));
  EXPECT_EQ(frames[NGHTTP2_SETTINGS], 2);  // its own, and the ACK
  EXPECT_EQ(logged(R"("event":"http_access")"), 1U);
}

TEST_F(Http2SessionTest, ReadsAnyPieces) {
  start(false);
  out += "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  frame(NGHTTP2_SETTINGS, 0, 0, "");
  const auto id = get("/");
  const std::string all = std::exchange(out, "");
  for (const char byte : all) {
    out.push_back(byte);
    pump();
  }
  EXPECT_EQ(replies[id].status, 200);
}

TEST_F(Http2SessionTest, AnswersManyAtOnce) {
  start();
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 90; ++i) ids.push_back(get("/"));
  pump();
  for (const auto id : ids) EXPECT_EQ(replies[id].body, R"({"text":"hello"})");
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, HeadHasNoBody) {
  start();
  const auto small = open(head("HEAD", "/"));
  const auto stream = open(head("HEAD", "/stream"));
  const auto file = open(head("HEAD", "/files/file.txt"));
  pump();
  EXPECT_EQ(replies[small].fields.at("content-length"), "16");
  EXPECT_EQ(replies[file].fields.at("content-length"), "100000");
  for (const auto id : {small, stream, file}) {
    EXPECT_EQ(replies[id].status, 200);
    EXPECT_TRUE(replies[id].ended);
    EXPECT_TRUE(replies[id].body.empty());
  }
}

TEST_F(Http2SessionTest, ManyFieldsArrive) {
  start();
  const auto id = get("/fields");
  pump();
  EXPECT_EQ(replies[id].fields.at("x-many").size(), 20U * 20 + 20U * 200);
  EXPECT_TRUE(std::find(never_indexed.begin(), never_indexed.end(), "x-many") != never_indexed.end());
}

TEST_F(Http2SessionTest, TooManyFieldsEndTheStream) {
  start();
  const auto id = get("/too-many-fields");
  pump();
  EXPECT_EQ(replies[id].reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_FALSE(closes());
}

TEST_F(Http2SessionTest, NonceIsInTheFieldAndNeverIndexed) {
  start();
  const auto id = get("/page");
  pump();
  const std::string csp = replies[id].fields.at("content-security-policy");
  const std::size_t at = csp.find("'nonce-") + 7;
  const std::string nonce = csp.substr(at, csp.find('\'', at) - at);
  EXPECT_EQ(nonce.size(), gate::nonce_length);
  EXPECT_NE(replies[id].body.find(nonce), std::string::npos);
  EXPECT_NE(csp.find("report-to csp"), std::string::npos);
  EXPECT_TRUE(std::find(never_indexed.begin(), never_indexed.end(), "content-security-policy") != never_indexed.end());
}

TEST_F(Http2SessionTest, WaitsForWork) {
  start();
  const auto id = get("/later");
  pump();
  EXPECT_EQ(replies[id].status, 0);
  EXPECT_EQ(session->next(), Session::Next::read);
  ASSERT_TRUE(elsewhere().come_back());
  EXPECT_EQ(moves, 1);
  pump();
  EXPECT_EQ(replies[id].body, R"({"text":"late"})");
}

// --- Request bodies

TEST_F(Http2SessionTest, TakesAWholeBody) {
  start();
  const auto id = post("/json", json);
  pump();
  data(id, R"({"title":")");
  pump();
  data(id, R"(abc"})", true);
  pump();
  EXPECT_EQ(replies[id].body, R"({"text":"3"})");
}

TEST_F(Http2SessionTest, TakesABodyThatIsLargerThanItsWindow) {
  start();
  const auto id = post("/json", json);
  data(id, R"({"title":")");
  for (int i = 0; i < 10; ++i) {
    data(id, std::string(19'000, 'x'));
    pump();
  }
  data(id, R"("})", true);
  pump();
  EXPECT_EQ(replies[id].body, R"({"text":"190000"})");
  EXPECT_GT(windows[id], 100'000U);
}

TEST_F(Http2SessionTest, RefusesABodyBeyondItsLimit) {
  settings.limits.json = 1000;
  start();
  const auto at_limit = post("/json", json);
  data(at_limit, R"({"title":")" + std::string(988, 'x') + R"("})", true);
  const auto beyond = post("/json", json);
  data(beyond, std::string(1001, 'x'));
  pump();
  EXPECT_EQ(replies[at_limit].body, R"({"text":"988"})");
  EXPECT_EQ(replies[beyond].status, 413);
  EXPECT_TRUE(replies[beyond].ended);
  EXPECT_FALSE(replies[beyond].reset);
  EXPECT_EQ(logged("limit/body"), 1U);
  const auto announced = post("/json", {{"content-type", "application/json"}, {"content-length", "1001"}});
  pump();
  EXPECT_EQ(replies[announced].status, 413);
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, ABodyThatNobodyWantsIsReadIfItIsSmall) {
  settings.limits.drain_bytes = 100'000;
  start();
  const auto small = post("/nowhere");
  const auto large = post("/nowhere");
  const auto announced = post("/nowhere", {{"content-length", "100001"}});
  const auto silent = post("/nowhere");
  pump();
  for (const auto id : {small, large, announced, silent}) EXPECT_EQ(replies[id].status, 404);
  EXPECT_FALSE(replies[announced].reset) << "a reset right behind the answer would take it from some clients";
  pass(3s);
  EXPECT_EQ(replies[announced].reset, NGHTTP2_NO_ERROR);
  for (int i = 0; i < 10; ++i) {
    data(small, std::string(10'000, 'x'), i == 9);
    data(large, std::string(10'000, 'x'));
    pump();
  }
  EXPECT_FALSE(replies[large].reset);
  data(large, "x");
  pump();
  pass(3s);
  EXPECT_EQ(replies[large].reset, NGHTTP2_NO_ERROR);
  EXPECT_FALSE(replies[small].reset);
  pass(31s);
  EXPECT_EQ(replies[silent].reset, NGHTTP2_NO_ERROR);
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, WhatFollowsTheAnswerIsJudged) {
  start();
  const auto length = post("/nowhere", {{"content-length", "3"}});
  const auto trailers = post("/nowhere");
  const auto longer = post("/nowhere", {{"content-length", "3"}});
  pump();
  data(length, "12", true);
  data(longer, "1234", true);
  frame(NGHTTP2_HEADERS, end_stream | end_headers, trailers, block({{":path", "/"}}));
  pump();
  EXPECT_EQ(replies[length].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[trailers].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[longer].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(logged("h2/length_mismatch"), 2U);
}

TEST_F(Http2SessionTest, NoRequestOnAStreamThatIsClosed) {
  start();
  const auto first = get("/");
  pump();
  frame(NGHTTP2_HEADERS, end_stream | end_headers, first, block(head("GET", "/")));
  pump();
  EXPECT_EQ(goaway, NGHTTP2_STREAM_CLOSED);
  EXPECT_TRUE(closes());
  EXPECT_EQ(logged("h2/stream_closed"), 1U);
}

TEST_F(Http2SessionTest, NoDataOnAStreamThatIsClosed) {
  start();
  const auto id = get("/");
  pump();
  data(id, "x");
  pump();
  EXPECT_EQ(goaway, NGHTTP2_STREAM_CLOSED);
  EXPECT_EQ(logged("h2/stream_closed"), 1U);
}

TEST_F(Http2SessionTest, NoDataAfterTheClientsReset) {
  start();
  const auto id = post("/json", json);
  reset(id);
  data(id, "x");
  pump();
  EXPECT_EQ(goaway, NGHTTP2_STREAM_CLOSED);
}

TEST_F(Http2SessionTest, UnknownFramesAreIgnoredUpToAFlood) {
  start();
  for (int i = 0; i < 900; ++i) frame(0x42, 0, 0, "whatever");
  const auto id = get("/");
  pump();
  EXPECT_EQ(replies[id].status, 200);
  for (int i = 0; i < 900; ++i) frame(0x42, 0, 0, "whatever");
  pump();
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2SessionTest, WhatWasOnItsWayToAStreamThatWeResetIsFine) {
  start();
  const auto id = post("/json", {{"connection", "close"}});
  pump();
  EXPECT_EQ(replies[id].reset, NGHTTP2_PROTOCOL_ERROR);
  data(id, std::string(60'000, 'x'));
  frame(NGHTTP2_HEADERS, end_stream | end_headers, id, block({{"sum", "1"}}));
  pump();
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, APieceIsReadOnlyWhenItIsAskedFor) {
  start();
  const auto id = post("/sum");
  data(id, std::string(60'000, 'x'));
  pump();
  EXPECT_EQ(windows[id], 0U) << "the handler has not asked for the next piece yet";
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(windows[id], 0U) << "nor has it done with this one";
  while (elsewhere().come_back()) pump();
  EXPECT_GT(windows[id], 30'000U);
  data(id, std::string(50'000, 'x'), true);
  pump();
  while (elsewhere().come_back()) pump();
  EXPECT_EQ(replies[id].body, R"({"text":"110000"})");
}

TEST_F(Http2SessionTest, AClientThatIgnoresItsWindowIsCut) {
  start();
  const auto id = post("/sum");
  data(id, std::string(70'000, 'x'));
  pump();
  EXPECT_TRUE(replies[id].reset == NGHTTP2_FLOW_CONTROL_ERROR || goaway == NGHTTP2_FLOW_CONTROL_ERROR);
  EXPECT_EQ(logged("h2/flow_control"), 1U);
}

TEST_F(Http2SessionTest, WindowsOfStreamsThatAreResetComeBack) {
  start();
  for (int i = 0; i < 40; ++i) {  // more than the connection's window in all
    const auto id = post("/sum");
    data(id, std::string(60'000, 'x'));
    pump();
    reset(id);
    pump();
    while (elsewhere().come_back()) {
    }
  }
  EXPECT_FALSE(goaway);
  EXPECT_GT(windows[0], std::uint64_t{1'000'000});
}

TEST_F(Http2SessionTest, TheLengthMustBeTrue) {
  start();
  const auto longer = post("/sum", {{"content-length", "3"}});
  data(longer, "1234", true);
  const auto shorter = post("/sum", {{"content-length", "3"}});
  data(shorter, "12");
  pump();
  data(shorter, "", true);
  const auto exact = post("/sum", {{"content-length", "3"}});
  data(exact, "123", true);
  const auto headers_only = open(head("POST", "/sum", {{"origin", "http://x"}, {"content-length", "3"}}));
  pump();
  while (elsewhere().come_back()) pump();
  EXPECT_EQ(replies[longer].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[shorter].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[headers_only].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[exact].body, R"({"text":"3"})");
  EXPECT_EQ(logged("h2/length_mismatch"), 3U);
}

TEST_F(Http2SessionTest, TrailersAreJudgedAndDropped) {
  start();
  const auto good = post("/sum");
  data(good, "123");
  frame(NGHTTP2_HEADERS, end_stream | end_headers, good, block({{"sum", "1"}}));
  const auto pseudo = post("/sum");
  frame(NGHTTP2_HEADERS, end_stream | end_headers, pseudo, block({{":path", "/"}}));
  const auto unended = post("/sum");
  frame(NGHTTP2_HEADERS, end_headers, unended, block({{"sum", "1"}}));
  pump();
  while (elsewhere().come_back()) pump();
  EXPECT_EQ(replies[good].body, R"({"text":"3"})");
  EXPECT_EQ(replies[pseudo].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(replies[unended].reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(logged("h2/pseudo_in_trailers"), 1U);
  EXPECT_EQ(logged("h2/trailers_open"), 1U);
}

// --- Answers' bodies

TEST_F(Http2SessionTest, ALargeAnswerWaitsForTheWindow) {
  opens_windows = false;
  start();
  const auto id = get("/large");
  pump();
  EXPECT_EQ(replies[id].body.size(), 65'535U);
  window(id, 1000);
  pump();
  EXPECT_EQ(replies[id].body.size(), 65'535U) << "the connection's window is shut";
  window(0, 1'000'000);
  pump();
  EXPECT_EQ(replies[id].body.size(), 66'535U);
  window(id, 1'000'000);
  pump();
  EXPECT_EQ(replies[id].body, std::string(300'000, 'l'));
  EXPECT_TRUE(replies[id].ended);
}

TEST_F(Http2SessionTest, NoMoreOutputThanTheClientTakes) {
  frame(NGHTTP2_SETTINGS, 0, 0, big_endian(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 2) + big_endian(10'000'000, 4));
  const std::string wide = std::exchange(out, "");
  start();
  out += wide;
  window(0, 100'000'000);
  for (int i = 0; i < 50; ++i) get("/large");
  takes_output = false;
  pump();
  EXPECT_LE(session->output().size(), 100'000U);
  takes_output = true;
  pump();
  for (const auto& [id, reply] : replies) {
    EXPECT_EQ(reply.body.size(), id == 0 ? 0U : 300'000U);
  }
}

TEST_F(Http2SessionTest, SendsPieces) {
  start();
  const auto id = get("/stream");
  pump();
  std::string all;
  for (int i = 0; i < 20; ++i) all += std::string(10'000, static_cast<char>('a' + i));
  EXPECT_EQ(replies[id].body, all);
  EXPECT_TRUE(replies[id].ended);
  EXPECT_FALSE(replies[id].fields.contains("content-length"));
}

TEST_F(Http2SessionTest, MakesAPieceOnlyWhenTheLastIsTaken) {
  opens_windows = false;
  start();
  const auto id = get("/stream");
  pump();
  EXPECT_EQ(replies[id].body.size(), 65'535U);
  opens_windows = true;
  window(0, 65'535);
  window(id, 65'535);
  pump();
  EXPECT_EQ(replies[id].body.size(), 200'000U);
}

TEST_F(Http2SessionTest, APieceMayBeLongInComing) {
  start();
  const auto id = get("/stream-later");
  pump();
  EXPECT_EQ(replies[id].body, "first");
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].body, "firstsecond");
  EXPECT_TRUE(replies[id].ended);
}

TEST_F(Http2SessionTest, ABrokenAnswerIsSeenToBeBroken) {
  start();
  const auto id = get("/breaks");
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_FALSE(replies[id].ended);
  EXPECT_EQ(replies[id].reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_EQ(logged("answer/broken"), 1U);
}

TEST_F(Http2SessionTest, EchoesBothWaysAtOnce) {
  start();
  const auto id = post("/echo");
  pump();
  std::string sent;
  for (int i = 0; i < 30; ++i) {
    const std::string part(10'000, static_cast<char>('a' + i % 26));
    data(id, part);
    sent += part;
    pump();
  }
  data(id, "", true);
  pump();
  EXPECT_EQ(replies[id].body, sent);
  EXPECT_TRUE(replies[id].ended);
  EXPECT_FALSE(replies[id].reset);
}

TEST_F(Http2SessionTest, SendsAFile) {
  start();
  const auto id = get("/files/file.txt");
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_EQ(replies[id].body, std::string(100'000, 'f'));
  EXPECT_TRUE(replies[id].ended);
}

TEST_F(Http2SessionTest, EventsComeWhenTheyHappen) {
  start();
  const auto id = get("/events");
  pump();
  EXPECT_EQ(replies[id].status, 0) << "it may still be refused";
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_EQ(replies[id].body, "data: x\n\n");
  pass(16s);
  pump();
  EXPECT_EQ(replies[id].body, "data: x\n\n:\n\n");
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].body, "data: x\n\n:\n\ndata: x\n\n");
  for (int i = 0; i < 4 * 61; ++i) pass(15s);
  pump();
  EXPECT_TRUE(replies[id].ended);
  EXPECT_FALSE(replies[id].reset);
}

TEST_F(Http2SessionTest, EventsWhoseFirstTakesLong) {
  start();
  const auto id = get("/events");
  pump();
  pass(16s);
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_EQ(replies[id].body, ":\n\n");
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].body, ":\n\ndata: x\n\n");
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].body, ":\n\ndata: x\n\ndata: x\n\n");
  EXPECT_FALSE(replies[id].ended);
}

// --- What is refused

TEST_F(Http2SessionTest, MalformedRequestsEndTheirStreamOnly) {
  start();
  const std::vector<std::pair<Fields, std::string>> table{
      {head("GET", "/", {{"X", "y"}}), "h2/name_byte"},
      {head("GET", "/", {{"connection", "close"}}), "h2/connection_field"},
      {head("GET", "/", {{"te", "gzip"}}), "h2/te"},
      {head("GET", "/", {{"x", "a\nb"}}), "field/value_byte"},
      {head("GET", "/", {{":path", "/"}}), "h2/pseudo_repeated"},
      {head("GET", "/", {{":x", "/"}}), "h2/pseudo_unknown"},
      {head("GET", ""), "h2/pseudo_missing"},
      {{{":method", "GET"}, {"x", "y"}, {":path", "/"}, {":scheme", "http"}}, "h2/pseudo_order"}};
  for (const auto& [fields, rule] : table) {
    const auto id = open(fields);
    pump();
    EXPECT_EQ(replies[id].reset, NGHTTP2_PROTOCOL_ERROR) << rule;
    EXPECT_EQ(replies[id].status, 0) << rule;
    EXPECT_EQ(logged("\"" + rule + "\""), 1U) << rule;
  }
  EXPECT_EQ(logged(R"("event":"http_malformed")"), table.size());
  const auto after = get("/");
  pump();
  EXPECT_EQ(replies[after].status, 200);
}

TEST_F(Http2SessionTest, OtherFaultsAreAnswered) {
  start();
  const std::vector<std::pair<Fields, int>> table{
      {{{":method", "CONNECT"}, {":authority", "x:1"}}, 501},
      {head("GET", "/", {{"expect", "x"}}), 417},
      {head("GET", "/#"), 400},
      {head("GET", "/" + std::string(9000, 'x')), 414},
      {head("GET", "/", {{"x", std::string(17'000, 'v')}}), 431},
      {{{":method", "GET"}, {":scheme", "http"}, {":path", "/"}}, 400},
      {{{":method", "GET"}, {":scheme", "http"}, {":authority", "y"}, {":path", "/"}}, 421}};
  for (const auto& [fields, status] : table) {
    const auto id = open(fields);
    pump();
    EXPECT_EQ(replies[id].status, status);
    EXPECT_EQ(replies[id].fields.at("x-content-type-options"), "nosniff");
    EXPECT_TRUE(replies[id].ended);
  }
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, ARefusedHeadHasNoBodyWhenItAskedForNone) {
  start();
  const auto id = open(head("HEAD", "/#"));
  pump();
  EXPECT_EQ(replies[id].status, 400);
  EXPECT_TRUE(replies[id].body.empty());
  EXPECT_TRUE(replies[id].ended);
}

TEST_F(Http2SessionTest, OneStreamTooManyIsRefused) {
  settings.limits.streams = 3;
  start();
  for (int i = 0; i < 3; ++i) get("/later");
  const auto beyond = get("/");
  pump();
  EXPECT_EQ(replies[beyond].reset, NGHTTP2_REFUSED_STREAM);
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  const auto now = get("/");
  pump();
  EXPECT_EQ(replies[now].status, 200);
}

TEST_F(Http2SessionTest, WorkForStreamsThatAreGoneCounts) {
  settings.limits.streams = 3;
  start();
  frame(NGHTTP2_SETTINGS, 1, 0, "");
  for (int i = 0; i < 3; ++i) reset(get("/later"));
  pump();
  // Reset within the same bytes: no work was begun for them.
  EXPECT_TRUE(elsewhere().jobs.empty());
  for (int i = 0; i < 3; ++i) {
    const auto id = get("/later");
    pump();
    reset(id);
    pump();
  }
  EXPECT_EQ(elsewhere().jobs.size(), 3U);
  const auto beyond = get("/");
  pump();
  EXPECT_EQ(replies[beyond].reset, NGHTTP2_REFUSED_STREAM);
  ASSERT_TRUE(elsewhere().come_back());
  const auto now = get("/");
  pump();
  EXPECT_EQ(replies[now].status, 200);
}

TEST_F(Http2SessionTest, ABadPrefaceEndsTheConnection) {
  start(false);
  out += "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
  pump();
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(logged("h2/preface"), 1U);
}

TEST_F(Http2SessionTest, FramesThatAreWrongEndTheConnection) {
  start();
  frame(NGHTTP2_PING, 0, 0, "short");
  pump();
  EXPECT_EQ(goaway, NGHTTP2_FRAME_SIZE_ERROR);
  EXPECT_TRUE(closes());
  EXPECT_EQ(logged("h2/frame_size"), 1U);
}

TEST_F(Http2SessionTest, BrokenCompressionEndsTheConnection) {
  start();
  const auto before = get("/later");
  pump();
  frame(NGHTTP2_HEADERS, end_stream | end_headers, 3, "\xff\xff\xff\xff\xff\xff\xff");
  pump();
  EXPECT_EQ(goaway, NGHTTP2_COMPRESSION_ERROR);
  EXPECT_TRUE(closes());
  EXPECT_EQ(logged("h2/compression"), 1U);
  EXPECT_EQ(replies[before].status, 0);
}

// --- Attacks

TEST_F(Http2SessionTest, RapidReset) {
  start();
  for (int i = 0; i < 1000 && !closes(); ++i) {
    reset(get("/later"));
    pump();
  }
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_TRUE(closes());
  EXPECT_LE(last_id, 2 * 102);
  EXPECT_EQ(logged("h2/resets"), 1U);
}

TEST_F(Http2SessionTest, ResetsNowAndThenAreFine) {
  settings.limits.keep_alive_requests = 100'000;
  start();
  for (int i = 0; i < 300; ++i) {
    reset(get("/"));
    pump();
    pass(200ms);
  }
  EXPECT_FALSE(goaway);
}

// Each of these makes the server reset the stream, or give up the connection.
class MadeYouReset : public Http2SessionTest, public ::testing::WithParamInterface<std::string_view> {
 protected:
  void provoke(std::int32_t id) {
    const std::string_view way = GetParam();
    if (way == "no_increment") window(id, 0);
    if (way == "overflow") window(id, 0x7fff'ffff);
    if (way == "data_after_the_end") data(id, "x");
    if (way == "headers_after_the_end") frame(NGHTTP2_HEADERS, end_headers, id, block({{"x", "y"}}));
    if (way == "short_priority") frame(NGHTTP2_PRIORITY, 0, id, "xx");
    if (way == "self_dependency") frame(NGHTTP2_PRIORITY, 0, id, big_endian(static_cast<std::uint32_t>(id), 4) + "x");
  }
};

TEST_P(MadeYouReset, EndsTheConnection) {
  start();
  std::size_t begun = 0;
  for (int i = 0; i < 1000 && !closes(); ++i) {
    const auto id = get("/later");
    pump();
    provoke(id);
    pump();
    begun = std::max(begun, elsewhere().jobs.size());
  }
  EXPECT_TRUE(closes());
  EXPECT_TRUE(goaway.has_value());
  EXPECT_LE(begun, 102U);
  EXPECT_GE(logged(R"("event":"http_malformed")"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Ways, MadeYouReset,
                         ::testing::Values("no_increment", "overflow", "data_after_the_end", "headers_after_the_end",
                                           "short_priority", "self_dependency"));

TEST_F(Http2SessionTest, ContinuationFlood) {
  start();
  frame(NGHTTP2_HEADERS, 0, 1, "");
  for (int i = 0; i < 10'000 && !closes(); ++i) {
    frame(NGHTTP2_CONTINUATION, 0, 1, std::string("\x00\x01x\x01y", 5));
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(logged("h2/continuations"), 1U);
}

TEST_F(Http2SessionTest, PingFlood) {
  start();
  for (int i = 0; i < 3000 && !closes(); ++i) {
    frame(NGHTTP2_PING, 0, 0, "12345678");
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_LE(frames[NGHTTP2_PING], 1100);
  EXPECT_EQ(logged("h2/frames"), 1U);
}

TEST_F(Http2SessionTest, AnswersThatNobodyTakesStopTheReading) {
  start();
  takes_output = false;
  for (int i = 0; i < 700; ++i) frame(NGHTTP2_PING, 0, 0, "12345678");
  pump();
  get("/");
  pump();
  EXPECT_FALSE(session->reads_meanwhile());
  EXPECT_FALSE(out.empty());
  pass(41s);
  EXPECT_TRUE(cut);
  EXPECT_EQ(logged("deadline/write"), 1U);
}

TEST_F(Http2SessionTest, SettingsFlood) {
  start();
  for (int i = 0; i < 3000 && !closes(); ++i) {
    frame(NGHTTP2_SETTINGS, 0, 0, "");
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2SessionTest, PriorityFlood) {
  start();
  for (int i = 0; i < 3000 && !closes(); ++i) {
    frame(NGHTTP2_PRIORITY, 0, 2 * i + 1, std::string("\x00\x00\x00\x00\x0a", 5));
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2SessionTest, EmptyDataFlood) {
  start();
  const auto id = post("/sum");
  for (int i = 0; i < 3000 && !closes(); ++i) {
    if (i % 2 == 0) {
      frame(NGHTTP2_DATA, 0, id, "");
    } else {
      frame(NGHTTP2_DATA, 8, id, std::string("\x03\x00\x00\x00", 4));  // padding only
    }
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2SessionTest, WindowUpdatesOfADownloadAreNoFlood) {
  settings.limits.keep_alive_requests = 100'000;
  start();
  for (int i = 0; i < 500; ++i) {
    get("/large");
    pump();
  }
  EXPECT_GT(frames[NGHTTP2_DATA], 5000);
  EXPECT_FALSE(goaway);
}

// Go's client reads 8 KiB at a time and answers each 4 KiB of them with an update for the stream and one for the connection.
TEST_F(Http2SessionTest, SmallWindowUpdatesOfADownloadAreNoFlood) {
  settings.limits.keep_alive_requests = 100'000;
  update_every = 4096;
  start();
  for (int i = 0; i < 500; ++i) {
    get("/large");
    pump();
  }
  EXPECT_GT(frames[NGHTTP2_DATA], 5000);
  EXPECT_FALSE(goaway);
}

// `nghttp -w 8`: a window of 255 bytes, opened again whenever half of it is read.
TEST_F(Http2SessionTest, ASmallWindowIsNoFlood) {
  opens_windows = false;
  start();
  frame(NGHTTP2_SETTINGS, 0, 0, std::string("\x00\x04", 2) + big_endian(255, 4));
  window(0, 1'000'000);
  const auto id = get("/large");
  pump();
  for (int i = 0; i < 10'000 && !closes() && !replies[id].ended; ++i) {
    window(id, 128);
    pump();
  }
  EXPECT_FALSE(goaway);
  EXPECT_EQ(replies[id].body.size(), 300'000U);
}

// A client that reads later acknowledges all of it at once, when nothing more is sent.
TEST_F(Http2SessionTest, UpdatesThatComeLateAreNoFlood) {
  opens_windows = false;
  start();
  frame(NGHTTP2_SETTINGS, 0, 0, std::string("\x00\x04", 2) + big_endian(10'000'000, 4));
  window(0, 100'000'000);
  for (int i = 0; i < 30; ++i) get("/large");
  pump();
  EXPECT_GT(frames[NGHTTP2_DATA], 500);
  for (int i = 0; i < 2000; ++i) window(0, 4096);
  pump();
  EXPECT_FALSE(goaway);
  for (int i = 0; i < 10'000 && !closes(); ++i) {
    window(0, 1);
    pump();
  }
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM) << "what is due is no more than what was sent asks for";
}

// A stream of small pieces, whose client answers each with two updates.
TEST_F(Http2SessionTest, UpdatesForSmallPiecesAreNoFlood) {
  start();
  const auto id = get("/drops");
  pump();
  EXPECT_FALSE(goaway);
  EXPECT_EQ(replies[id].body.size(), 30'000U);
}

TEST_F(Http2SessionTest, AWindowOpenedByteByByteIsAFlood) {
  opens_windows = false;
  start();
  const auto id = get("/large");
  pump();
  window(0, 100'000);
  for (int i = 0; i < 5000 && !closes(); ++i) {
    window(id, 1);
    pump();
  }
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
}

// One field of nearly 3 KiB in the table, named thousands of times by one byte each.
TEST_F(Http2SessionTest, HpackBomb) {
  start();
  const auto id = open(head("GET", "/", {{"x", std::string(2900, 'v')}}));
  pump();
  EXPECT_EQ(replies[id].status, 200);
  std::string bomb = block(head("GET", "/"));
  bomb += std::string(16'000 - bomb.size(), '\xbe');  // index 62: the newest entry
  frame(NGHTTP2_HEADERS, end_stream | end_headers, 3, bomb);
  pump();
  EXPECT_EQ(replies[3].status, 431);
  EXPECT_EQ(logged("limit/head"), 1U);
}

// --- Deadlines

TEST_F(Http2SessionTest, AnIdleConnectionIsClosed) {
  start();
  get("/");
  pump();
  pass(14s);
  EXPECT_FALSE(closes());
  pass(2s);
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_NO_ERROR);
  EXPECT_EQ(last_id, 1);
  EXPECT_EQ(logged("http_malformed"), 0U);
}

TEST_F(Http2SessionTest, PingsDoNotKeepAnIdleConnection) {
  start();
  for (int i = 0; i < 16; ++i) {
    frame(NGHTTP2_PING, 0, 0, "12345678");
    pump();
    pass(1s);
  }
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, ThePrefaceMustCome) {
  start(false);
  out += "PRI * HTTP/2.0\r\n";
  pump();
  pass(9s);
  EXPECT_FALSE(closes());
  pass(2s);
  EXPECT_TRUE(closes());
  EXPECT_EQ(logged("deadline/head"), 1U);
}

TEST_F(Http2SessionTest, AHeaderBlockMustEnd) {
  start();
  frame(NGHTTP2_HEADERS, 0, 1, block(head("GET", "/")));
  pump();
  pass(9s);
  EXPECT_FALSE(closes());
  pass(2s);
  EXPECT_TRUE(closes());
  EXPECT_EQ(goaway, NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(logged("deadline/head"), 1U);
}

TEST_F(Http2SessionTest, ABodyMustNotDrip) {
  start();
  const auto slow = post("/json", json);
  const auto piece = post("/sum");
  pump();
  for (int i = 0; i < 10; ++i) {
    data(slow, "x");
    pump();
    pass(1s);
  }
  EXPECT_EQ(replies[slow].status, 408);
  EXPECT_TRUE(replies[slow].ended);
  EXPECT_EQ(replies[piece].status, 408);
  EXPECT_EQ(logged("deadline/body"), 2U);
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, AWholeBodyHasItsTime) {
  start();
  const auto id = post("/json", json);
  for (int i = 0; i < 32 && replies[id].status == 0; ++i) {
    data(id, std::string(1000, 'x'));
    pump();
    pass(1s);
  }
  EXPECT_EQ(replies[id].status, 408);
}

TEST_F(Http2SessionTest, AHandlerHasItsTime) {
  start();
  const auto id = get("/later");
  const auto stream = get("/stream-later");
  pump();
  pass(31s);
  EXPECT_EQ(replies[id].status, 503);
  EXPECT_EQ(replies[id].fields.at("retry-after"), "1");
  EXPECT_TRUE(replies[id].ended);
  EXPECT_EQ(replies[stream].reset, NGHTTP2_INTERNAL_ERROR);
  EXPECT_EQ(logged("deadline/handler"), 2U);
  while (elsewhere().come_back()) {  // to nobody
  }
  const auto after = get("/");
  pump();
  EXPECT_EQ(replies[after].status, 200);
}

TEST_F(Http2SessionTest, AWindowThatStaysShutEndsTheStream) {
  opens_windows = false;
  start();
  const auto id = get("/large");
  pump();
  pass(41s);
  EXPECT_EQ(replies[id].reset, NGHTTP2_CANCEL);
  EXPECT_EQ(logged("deadline/write"), 1U);
  EXPECT_FALSE(goaway);
}

TEST_F(Http2SessionTest, AWindowThatIsAlwaysOpenedInTimeDoesNot) {
  opens_windows = false;
  start();
  const auto id = get("/large");
  pump();
  window(0, 1'000'000);
  for (int i = 0; i < 100 && !replies[id].ended; ++i) {
    window(id, 12'500);
    pump();
    pass(5s);
  }
  EXPECT_FALSE(replies[id].reset);
  EXPECT_TRUE(replies[id].ended);
}

// What it has read faster than it must counts afterwards; what its first window took, before anybody knew whether it reads, does not.
TEST_F(Http2SessionTest, AWindowMayStayShutForAWhileOnceItWasOpened) {
  opens_windows = false;
  start();
  const auto id = get("/large");
  pump();
  window(0, 1'000'000);
  pass(39s);
  window(id, 120'000);
  pump();
  pass(45s);
  EXPECT_FALSE(replies[id].reset);
  pass(10s);
  EXPECT_EQ(replies[id].reset, NGHTTP2_CANCEL);
}

// --- Ends

// A client whose socket is closed answers the PING with a reset; one that still reads has its answer.
TEST_F(Http2SessionTest, AClientThatHasFinishedSendingIsAsked) {
  start();
  const auto id = get("/later");
  pump();
  session->end_of_input();
  pump();
  EXPECT_EQ(frames[NGHTTP2_PING], 1);
  EXPECT_FALSE(replies[id].reset);
  EXPECT_EQ(session->next(), Session::Next::wait);
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, StopFinishesWhatIsUnderWay) {
  start();
  const auto id = get("/later");
  const auto events = get("/events");
  pump();
  session->stop();
  pump();
  EXPECT_EQ(goaway, NGHTTP2_NO_ERROR);
  EXPECT_EQ(last_id, events);
  EXPECT_TRUE(replies[events].ended);
  const auto late = get("/");
  pump();
  EXPECT_EQ(replies[late].status, 0);
  EXPECT_FALSE(closes());
  while (elsewhere().come_back()) pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, StopOfAnIdleConnection) {
  start();
  session->stop();
  pump();
  EXPECT_EQ(goaway, NGHTTP2_NO_ERROR);
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, SoManyRequestsAndNoMore) {
  settings.limits.keep_alive_requests = 3;
  start();
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(get("/"));
  pump();
  EXPECT_EQ(goaway, NGHTTP2_NO_ERROR);
  EXPECT_EQ(last_id, ids[2]);
  EXPECT_EQ(replies[ids[2]].status, 200);
  EXPECT_EQ(replies[ids[3]].status, 0);
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, AnswersWhatWasAskedBeforeTheEndOfInput) {
  start();
  const auto whole = get("/later");
  const auto cut_off = post("/json", json);
  pump();
  session->end_of_input();
  EXPECT_NE(session->next(), Session::Next::close);
  pump();
  EXPECT_EQ(session->next(), Session::Next::wait);
  EXPECT_TRUE(replies[cut_off].reset);
  ASSERT_TRUE(elsewhere().come_back());
  pump();
  EXPECT_EQ(replies[whole].status, 200);
  EXPECT_TRUE(closes());
}

TEST_F(Http2SessionTest, WorkThatIsAwayKeepsTheConnectionAlive) {
  start();
  get("/later");
  pump();
  EXPECT_GT(kept.use_count(), 1);
  session->abandon();
  EXPECT_GT(kept.use_count(), 1);
  ASSERT_TRUE(elsewhere().come_back());
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(moves, 0);
}

TEST_F(Http2SessionTest, ClientsGoAwayIsTheEnd) {
  start();
  const auto id = get("/");
  frame(NGHTTP2_GOAWAY, 0, 0, big_endian(0, 8));
  pump();
  EXPECT_EQ(replies[id].status, 200);
  EXPECT_TRUE(closes());
}

}  // namespace
}  // namespace sallyport::wire
