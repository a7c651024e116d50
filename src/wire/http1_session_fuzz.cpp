// Any bytes on a connection, in any pieces, taken back at any pace, with time passing in between: every answer is whole and carries the
// header set, and after an answer that ends the connection there is no other.
#include "wire/http1_session.hpp"

#include <sallyport/sallyport.hpp>

#include "ops/log.hpp"
#include "route/service.hpp"

#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace sp = sallyport;
using sp::wire::Http1Session;
using std::chrono::seconds;

struct Greeting {
  std::string message;
};
struct NewNote {
  sp::Text<1, 200> title;
  sp::Maybe<sp::Text<0, 1000>> body;
};

}  // namespace

template <>
struct sallyport::view<Greeting> {
  using show = fields<&Greeting::message>;
};

namespace {

sp::Task<Greeting> count(sp::BodyStream<5000> body) {
  std::size_t size = 0;
  while (const auto piece = co_await body.next()) size += piece->size();
  co_return Greeting{std::to_string(size)};
}
sp::Task<Greeting> read_one_piece(sp::BodyStream<5000> body) {
  const auto piece = co_await body.next();
  co_return Greeting{piece ? "some" : "none"};
}
sp::Task<Greeting> too_slow() {
  co_await sp::sleep_for(seconds(40));
  co_return Greeting{"late"};
}
sp::Stream<"text/plain"> pieces() {
  for (const std::size_t size : {0U, 1U, 70'000U, 100U}) co_yield std::string(size, 'p');
}
sp::Stream<"text/plain"> echo(sp::BodyStream<5000> body) {
  while (const auto piece = co_await body.next()) co_yield std::string(*piece);
}
sp::Stream<"text/plain"> break_off() {
  co_yield "half";
  throw std::runtime_error("the other half");
}
sp::EventStream events() {
  for (int i = 0; i < 3; ++i) {
    co_yield sp::Event("x", "name", "1");
    co_await sp::sleep_for(seconds(20));
  }
}

sp::Router routes(const std::string& folder) {
  sp::Router router;
  router.get("/", sp::anyone("for the fuzzer"), [] { return Greeting{"hello"}; });
  router.post("/json", sp::anyone("for the fuzzer"),
              [](sp::Body<NewNote> in) { return Greeting{std::string(in->title)}; });
  router.post("/form", sp::anyone("for the fuzzer"),
              [](sp::Form<NewNote> in) { return Greeting{std::string(in->title)}; });
  router.get("/page", sp::anyone("for the fuzzer"),
             [] { return sp::Page{.title = "x", .scripts = {"/x.js"}, .body = sp::html<"<p>x</p>">()}; });
  router.get("/files/*rest", sp::anyone("for the fuzzer"),
             [](sp::Path<"rest", sp::Text<1, 100>> rest) { return Greeting{std::string(rest->view())}; });
  router.post("/count", sp::anyone("for the fuzzer"), count);
  router.post("/one-piece", sp::anyone("for the fuzzer"), read_one_piece);
  router.post("/echo", sp::anyone("for the fuzzer"), echo);
  router.get("/slow", sp::anyone("for the fuzzer"), too_slow);
  router.get("/pieces", sp::anyone("for the fuzzer"), pieces);
  router.get("/breaks", sp::anyone("for the fuzzer"), break_off);
  router.get("/events", sp::anyone("for the fuzzer"), events);
  router.files("/folder", sp::anyone("for the fuzzer"), folder);
  router.asset("/x.js", sp::AssetType::javascript, "1;\n");
  return router;
}

class Loop final : public sp::net::Loop {
 public:
  Loop(const sp::base::Clock& the_clock, sp::ops::LogBuffer& log) : sp::net::Loop(the_clock), gate(*this, log) {}
  sp::gate::Loop gate;
  void post(sp::detail::Job& job) noexcept override { job.finish(); }
};

class Driver final : public Http1Session::Driver {
 public:
  explicit Driver(bool sends_files) : sends_files_(sends_files) {}
  void session_moved() noexcept override { moved = true; }
  std::shared_ptr<void> hold() noexcept override { return self_; }
  [[nodiscard]] bool can_send_files() const noexcept override { return sends_files_; }

  bool moved = false;

 private:
  bool sends_files_;
  std::shared_ptr<void> self_ = std::make_shared<int>(0);
};

void require(bool condition) {
  if (!condition) std::abort();
}

class Folder : public sallyport::testing::TemporaryFolder {
 public:
  Folder() {
    std::ofstream(file("a.txt")) << "a file";
    std::ofstream(file("a.txt.gz")) << "smaller";
    std::ofstream(file("empty.txt"));
    std::ofstream(file("large.txt")) << std::string(150'000, 'f');
    std::ofstream(file("index.html")) << "<p>";
  }
};

// What every session of this process shares.
struct World {
  Folder folder;
  sp::base::ManualClock clock;
  sp::ops::Findings findings;
  sp::detail::AppDefinition definition;
  std::unique_ptr<sp::ops::Log> log = sp::ops::Log::open({.file = "/dev/null"}, clock, findings);
  sp::route::Service service{settings(), routes(folder.path()), definition, clock, findings};
  Loop loop{clock, log->new_buffer()};

  World() { require(findings.empty()); }

  static sp::ops::Settings settings() {
    sp::ops::Settings settings;
    settings.mode = sp::ops::Mode::development;
    settings.server.origin = "http://x";
    settings.server.allowed_hosts = {"x"};
    settings.limits.json = settings.limits.form = 2000;
    settings.limits.drain_bytes = 500;
    return settings;
  }
};

// Takes the chunks of one body off `output`. False: it is cut.
bool take_chunks(std::string_view& output) {
  for (;;) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(output.data(), output.data() + output.size(), size, 16);
    if (end == output.data() + output.size()) return false;
    require(error == std::errc{});
    output.remove_prefix(static_cast<std::size_t>(end - output.data()));
    if (output.size() < size + 4) return false;
    require(output.starts_with("\r\n"));
    require(output.substr(size + 2, 2) == "\r\n");
    output.remove_prefix(size + 4);
    if (size == 0) return true;
  }
}

// Reads the answers in `output` as a strict client would. `may_break`: the last may not be whole.
void check_answers(std::string_view output, bool may_break) {
  bool ended = false;
  while (!output.empty()) {
    require(!ended);
    const std::size_t end = output.find("\r\n\r\n");
    if (end == output.npos) return require(may_break);
    require(output.starts_with("HTTP/1.1 "));
    const std::string_view head = output.substr(0, end + 2);
    output.remove_prefix(end + 4);
    int status = 0;
    std::from_chars(head.data() + 9, head.data() + 12, status);
    require(status >= 100 && status <= 599);
    if (status == 100) continue;
    for (const char* name : {"\r\nDate: ", "\r\nX-Content-Type-Options: nosniff\r\n",
                             "\r\nContent-Security-Policy: ", "\r\nCache-Control: "}) {
      const std::size_t first = head.find(name);
      require(first != head.npos && head.find(name, first + 1) == head.npos);
    }
    ended = head.find("\r\nConnection: close\r\n") != head.npos;
    if (status == 204 || status == 304) continue;
    const std::size_t length_at = head.find("\r\nContent-Length: ");
    const bool to_head = output.empty() || output.starts_with("HTTP/1.1 ");
    if (head.find("\r\nTransfer-Encoding: chunked\r\n") != head.npos) {
      require(length_at == head.npos);
      if (!to_head && !take_chunks(output)) return require(may_break);
      continue;
    }
    if (length_at == head.npos) {  // a client of HTTP/1.0: up to the end of the connection
      require(ended);
      return;
    }
    std::size_t length = 0;
    std::from_chars(head.data() + length_at + 18, head.data() + head.size(), length);
    if (to_head && length > 0) continue;
    if (output.size() < length) return require(may_break);
    output.remove_prefix(length);
  }
}

// The other side of a session: what it does next depends on the input's first bytes.
class Peer {
 public:
  Peer(World& world, const std::uint8_t* data, std::size_t size)
      : world_(world),
        piece_(data[0] == 0 ? size : data[0]),
        state_(data[1]),
        calm_(data[1] == 0),
        input_(reinterpret_cast<const char*>(data + 2), size - 2),
        driver_((data[1] & 1) == 0),
        session_(world.service, world.loop.gate, driver_, sp::base::IpAddress::v4(127, 0, 0, 1)) {
    may_break_ = input_.find("/breaks") != input_.npos || input_.find("/echo") != input_.npos;
  }

  void run() {
    int turns = 0;
    while (turn()) require(++turns < 1'000'000);
    check_answers(answers_, may_break_);
    session_.abandon();
  }

 private:
  // 0 to n - 1. Always the first when the peer is calm.
  std::size_t dice(std::size_t n) {
    if (calm_) return 0;
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % n;
  }

  bool turn() {
    if (dice(64) == 63 && !pass_time(seconds(dice(8)))) return false;
    if (dice(512) == 511) {
      session_.stop();
      may_break_ = true;
    }
    switch (session_.next()) {
      case Http1Session::Next::write:
        return take_output();
      case Http1Session::Next::send_file:
        return take_file();
      case Http1Session::Next::read:
        return give_input();
      case Http1Session::Next::wait:
        return pass_time(seconds(1));
      case Http1Session::Next::close:
        return false;
    }
    return false;
  }

  // False: the session wants the connection cut.
  bool pass_time(seconds time) {
    const auto deadline = session_.deadline();
    driver_.moved = false;
    world_.clock.advance(time);
    world_.loop.wheel.advance(world_.clock.now());
    if (session_.next() == Http1Session::Next::close || driver_.moved || deadline > world_.clock.now()) return true;
    may_break_ = true;
    return session_.expired();
  }

  bool take_output() {
    const std::string_view output = session_.output();
    require(!output.empty());
    const std::size_t most = calm_ ? output.size() : std::min(output.size(), std::size_t{1} << dice(18));
    const std::size_t taken = dice(8) == 7 ? 0 : most;
    answers_.append(output.substr(0, taken));
    session_.sent(taken);
    return taken > 0 || pass_time(seconds(dice(3)));
  }

  bool take_file() {
    require(driver_.can_send_files());
    const Http1Session::FilePiece file = session_.file();
    require(file.descriptor >= 0 && file.size > 0);
    std::string bytes(calm_ ? file.size : std::min(file.size, std::uint64_t{1} << dice(18)), '\0');
    const ssize_t got = ::pread(file.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(file.offset));
    require(got == static_cast<ssize_t>(bytes.size()));
    if (dice(64) == 63) {  // it has become shorter
      may_break_ = true;
      bytes.clear();
    }
    answers_ += bytes;
    session_.file_sent(bytes.size());
    return true;
  }

  // A read is under way while other things happen: its place must stay what it was.
  bool give_input() {
    const std::span<char> space = session_.receive_space();
    require(!space.empty());
    if (input_.empty()) {
      if (told_ || dice(4) == 3) {
        session_.end_of_input();
        return true;
      }
      told_ = true;
      may_break_ = true;
      return session_.expired();  // nothing more comes: its deadline does
    }
    if (dice(64) == 63 && !pass_time(seconds(dice(20)))) return false;
    const std::size_t bytes = std::min({space.size(), input_.size(), piece_});
    std::memcpy(space.data(), input_.data(), bytes);
    input_.remove_prefix(bytes);
    session_.received(bytes);
    return true;
  }

  World& world_;
  std::size_t piece_;  // how many bytes arrive at once
  std::uint64_t state_;
  bool calm_;
  std::string_view input_;
  Driver driver_;
  Http1Session session_;
  std::string answers_;
  bool told_ = false;
  bool may_break_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < 2) return 0;
  world.clock.advance(std::chrono::hours(1));  // the general limit starts afresh
  world.loop.wheel.advance(world.clock.now());
  Peer(world, data, size).run();
  return 0;
}
