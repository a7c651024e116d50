// Any bytes after the preface, in any pieces: what comes back is HTTP/2 from its first frame to its last, every answer carries the header set, and
// the session comes to its end when its input and its time do.
#include "wire/http2_session.hpp"

#include <sallyport/sallyport.hpp>

#include "ops/log.hpp"
#include "route/service.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

namespace sp = sallyport;
using sp::wire::Http2Session;
using sp::wire::Session;

struct Greeting {
  std::string message;
};
struct NewNote {
  sp::Text<1, 200> title;
  sp::Maybe<sp::Text<0, 1000>> body;
};

// A job that comes back when the fuzzer says so.
class Elsewhere final : public sp::detail::JobQueue {
 public:
  bool submit(sp::detail::Job& job) noexcept override {
    jobs.push_back(&job);
    return true;
  }
  void come_back() {
    if (jobs.empty()) return;
    sp::detail::Job* const job = jobs.front();
    jobs.pop_front();
    job->run(0);
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

}  // namespace

template <>
struct sallyport::view<Greeting> {
  using show = fields<&Greeting::message>;
};

namespace {

sp::Router routes() {
  sp::Router router;
  router.get("/", sp::anyone("for the fuzzer"), [] { return Greeting{"hello"}; });
  router.get("/l", sp::anyone("for the fuzzer"), []() -> sp::Task<Greeting> {
    co_await work();
    co_return Greeting{"late"};
  });
  router.post("/j", sp::anyone("for the fuzzer"),
              [](sp::Body<NewNote> in) { return Greeting{std::string(in->title)}; });
  router.post("/p", sp::anyone("for the fuzzer"), [](sp::BodyStream<3000> body) -> sp::Task<Greeting> {
    std::size_t sum = 0;
    while (const auto piece = co_await body.next()) {
      sum += piece->size();
      if (sum % 2 == 1) co_await work();
    }
    co_return Greeting{std::to_string(sum)};
  });
  router.post(
      "/e", sp::anyone("for the fuzzer"), [](sp::BodyStream<3000> body) -> sp::Stream<"text/plain"> {
        while (const auto piece = co_await body.next()) co_yield std::string(*piece);
      });
  router.get(
      "/s", sp::anyone("for the fuzzer"), []() -> sp::Stream<"text/plain"> {
        for (int i = 0; i < 8; ++i) {
          co_yield std::string(20'000, 's');
          if (i == 5) co_await work();
        }
      });
  router.get("/v", sp::anyone("for the fuzzer"), []() -> sp::EventStream {
    for (;;) {
      co_await work();
      co_yield sp::Event("x");
    }
  });
  router.get("/g", sp::anyone("for the fuzzer"),
             [] { return sp::Page{.title = "x", .scripts = {"/x.js"}, .body = sp::html<"<p>x</p>">()}; });
  router.asset("/x.js", sp::AssetType::javascript, "1;\n");
  return router;
}

class Loop final : public sp::net::Loop {
 public:
  Loop(const sp::base::Clock& the_clock, sp::ops::LogBuffer& log) : sp::net::Loop(the_clock), gate(*this, log) {}
  sp::gate::Loop gate;
  void post(sp::detail::Job& job) noexcept override { job.finish(); }
};

class Driver final : public Session::Driver {
 public:
  void session_moved() noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return self; }
  [[nodiscard]] bool can_send_files() const noexcept override { return false; }
  std::shared_ptr<void> self = std::make_shared<int>(0);
};

// What every session of this process shares.
struct World {
  sp::base::ManualClock clock;
  sp::ops::Findings findings;
  sp::detail::AppDefinition definition;
  std::unique_ptr<sp::ops::Log> log = sp::ops::Log::open({.file = "/dev/null"}, clock, findings);
  sp::route::Service service{settings(), routes(), definition, clock, findings};
  Loop loop{clock, log->new_buffer()};

  static sp::ops::Settings settings() {
    sp::ops::Settings settings;
    settings.mode = sp::ops::Mode::development;
    settings.server.origin = "http://x";
    settings.server.allowed_hosts = {"x"};
    settings.limits.json = settings.limits.form = 2000;
    settings.limits.streams = 4;
    settings.limits.drain_bytes = 1000;
    return settings;
  }
};

void require(bool condition) {
  if (!condition) std::abort();
}

// Reads the frames as a strict client would.
class Client {
 public:
  Client() {
    nghttp2_hd_inflater* inflater = nullptr;
    require(nghttp2_hd_inflate_new(&inflater) == 0);
    inflater_.reset(inflater);
  }
  void take(std::string_view bytes) {
    input_ += bytes;
    while (input_.size() >= 9 && input_.size() >= 9 + number(0, 3)) {
      const std::size_t size = number(0, 3);
      frame(static_cast<std::uint8_t>(input_[3]), static_cast<std::uint8_t>(input_[4]), number(5, 4),
            std::string_view(input_).substr(9, size));
      input_.erase(0, 9 + size);
    }
  }
  void end() const { require(input_.empty()); }

 private:
  struct Deleter {
    void operator()(nghttp2_hd_inflater* inflater) const noexcept { nghttp2_hd_inflate_del(inflater); }
  };
  struct Answer {
    bool begun = false;
    bool ended = false;
  };

  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + size; ++i) value = value << 8 | static_cast<unsigned char>(input_[i]);
    return value;
  }

  void frame(std::uint8_t type, std::uint8_t flags, std::uint32_t id, std::string_view payload) {
    require(payload.size() <= 16'384);
    require(first_ == (type == NGHTTP2_SETTINGS && flags == 0));
    first_ = false;
    Answer& answer = answers_[id];
    switch (type) {
      case NGHTTP2_HEADERS:
        require(id % 2 == 1 && !answer.begun && (flags & NGHTTP2_FLAG_END_HEADERS) != 0);
        answer.begun = true;
        answer.ended = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
        head(payload);
        break;
      case NGHTTP2_DATA:
        require(answer.begun && !answer.ended);
        answer.ended = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
        break;
      case NGHTTP2_RST_STREAM:
        require(id % 2 == 1);
        answer.begun = answer.ended = true;
        break;
      case NGHTTP2_SETTINGS:
      case NGHTTP2_PING:
      case NGHTTP2_GOAWAY:
        require(id == 0);
        break;
      case NGHTTP2_WINDOW_UPDATE:
        break;
      default:
        require(false);
    }
  }

  void head(std::string_view block) {
    std::map<std::string, std::string> fields;
    const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
    std::size_t left = block.size();
    for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
      nghttp2_nv field;
      flags = 0;
      const ssize_t read = nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, at, left, 1);
      require(read >= 0);
      at += read;
      left -= static_cast<std::size_t>(read);
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
      const std::string name(reinterpret_cast<const char*>(field.name), field.namelen);
      const std::string value(reinterpret_cast<const char*>(field.value), field.valuelen);
      require(fields.emplace(name, value).second || name == "vary");
    }
    nghttp2_hd_inflate_end_headers(inflater_.get());
    require(fields[":status"].size() == 3 && fields[":status"] >= "200");
    require(fields["x-content-type-options"] == "nosniff");
    for (const char* name : {"date", "content-security-policy", "cache-control"}) require(!fields[name].empty());
    for (const char* name : {"connection", "transfer-encoding"}) require(!fields.contains(name));
  }

  std::string input_;
  bool first_ = true;
  std::map<std::uint32_t, Answer> answers_;
  std::unique_ptr<nghttp2_hd_inflater, Deleter> inflater_;
};

}  // namespace

// The first byte says how many bytes arrive at once, the second what happens between: the driver's choices, work that comes back, time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < 2) return 0;
  const std::size_t piece = data[0] == 0 ? size : data[0];
  const std::uint8_t habits = data[1];
  std::string input = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  input.append(reinterpret_cast<const char*>(data + 2), size - 2);
  std::string_view rest = input;
  world.clock.advance(std::chrono::hours(1));  // the general limit starts afresh

  Driver driver;
  Client client;
  Http2Session session(world.service, world.loop.gate, driver, sp::base::IpAddress::v4(127, 0, 0, 1));
  const auto read = [&] {
    const auto space = session.receive_space();
    require(!space.empty());
    const std::size_t bytes = std::min({space.size(), rest.size(), piece});
    std::memcpy(space.data(), rest.data(), bytes);
    rest.remove_prefix(bytes);
    session.received(bytes);
  };
  bool told = false;
  for (int turn = 0; turn < 100'000; ++turn) {
    const Session::Next next = session.next();
    if (next == Session::Next::close) break;
    if ((habits & 1) != 0 && turn % 3 == 0) elsewhere().come_back();
    if ((habits & 2) != 0 && turn == 20) session.stop();
    if (next == Session::Next::write) {
      const std::string_view output = session.output();
      require(!output.empty() && output.size() < 200'000);
      if ((habits & 4) != 0 && !rest.empty() && session.reads_meanwhile()) read();
      const std::size_t bytes = (habits & 8) != 0 ? std::min<std::size_t>(output.size(), 100) : output.size();
      client.take(session.output().substr(0, bytes));
      session.sent(bytes);
    } else if (!rest.empty() && next == Session::Next::read) {
      read();
    } else if ((habits & 16) != 0 && !std::exchange(told, true)) {
      session.end_of_input();
    } else {
      // Nothing more comes: its deadlines do. Events may go on for an hour.
      world.clock.advance(std::chrono::seconds(60));
      if (!session.expired()) break;
      if (turn > 90'000) require(false);
    }
  }
  session.abandon();
  while (!elsewhere().jobs.empty()) elsewhere().come_back();
  require(driver.self.use_count() == 1);
  return 0;
}
