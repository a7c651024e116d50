// Any bytes on a connection, in any pieces: every answer is whole and carries the header set, and after an answer that ends
// the connection there is no other.
#include "wire/http1_session.hpp"

#include <sallyport/sallyport.hpp>

#include "ops/log.hpp"
#include "route/service.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace {

namespace sp = sallyport;
using sp::wire::Http1Session;

struct Greeting {
  std::string message;
};
struct NewNote {
  sp::Text<1, 200> title;
  std::optional<sp::Text<0, 1000>> body;
};

}  // namespace

template <>
struct sallyport::view<Greeting> {
  using show = fields<&Greeting::message>;
};

namespace {

sp::Router routes() {
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
  router.asset("/x.js", sp::AssetType::javascript, "1;\n");
  return router;
}

class Loop final : public sp::gate::Loop {
 public:
  using sp::gate::Loop::Loop;
  void post(sp::detail::Job& job) noexcept override { job.finish(); }
};

class Driver final : public Http1Session::Driver {
 public:
  void session_moved() noexcept override {}
  std::shared_ptr<void> keep_alive() noexcept override { return self; }
  std::shared_ptr<void> self = std::make_shared<int>(0);
};

// What every session of this process shares.
struct World {
  sp::ops::ManualClock clock;
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
    return settings;
  }
};

void require(bool condition) {
  if (!condition) std::abort();
}

// Reads the answers in `output` as a strict client would.
void check_answers(std::string_view output) {
  bool ended = false;
  while (!output.empty()) {
    require(!ended);
    require(output.starts_with("HTTP/1.1 "));
    const std::size_t end = output.find("\r\n\r\n");
    require(end != output.npos);
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
    require(length_at != head.npos);
    std::size_t length = 0;
    std::from_chars(head.data() + length_at + 18, head.data() + head.size(), length);
    if (output.empty() || (output.starts_with("HTTP/1.1 ") && length > 0)) continue;  // the answer to a HEAD
    require(output.size() >= length);
    output.remove_prefix(length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size == 0) return 0;
  const std::size_t piece = data[0] == 0 ? size : data[0];  // how many bytes arrive at once
  std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  world.clock.advance(std::chrono::hours(1));  // the general limit starts afresh

  Driver driver;
  Http1Session session(world.service, world.loop, driver, sp::ops::IpAddress::v4(127, 0, 0, 1));
  std::string answers;
  bool told = false;
  for (;;) {
    const Http1Session::Next next = session.next();
    if (next == Http1Session::Next::write) {
      const std::string_view output = session.output();
      require(!output.empty());
      answers.append(output);
      session.sent(output.size());
    } else if (next == Http1Session::Next::read) {
      if (input.empty() && !told) {
        session.expired();  // nothing more comes: its deadline does
        told = true;
        continue;
      }
      if (input.empty()) {
        session.end_of_input();
        continue;
      }
      const auto space = session.receive_space();
      require(!space.empty());
      const std::size_t bytes = std::min({space.size(), input.size(), piece});
      std::memcpy(space.data(), input.data(), bytes);
      input.remove_prefix(bytes);
      session.received(bytes);
    } else {
      break;
    }
  }
  check_answers(answers);
  return 0;
}
