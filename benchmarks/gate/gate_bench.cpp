// What each check of the gate costs, one after the other, and all of them together: nanoseconds and allocations per request.
// Prints a JSON object per line for bench.py.
#include <sallyport/sallyport.hpp>

#include "base/byte_buffer.hpp"
#include "gate/answer_fields.hpp"
#include "gate/checks.hpp"
#include "gate/limits.hpp"
#include "http/http1_parser.hpp"
#include "ops/log.hpp"
#include "route/service.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::size_t allocations = 0;  // of the one thread that measures

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

namespace sp = sallyport;
using namespace sallyport;

class QuietLoop final : public net::Loop {
 public:
  QuietLoop(const base::Clock& the_clock, ops::LogBuffer& log) : Loop(the_clock), gate(*this, log) {}
  gate::Loop gate;
  void post(detail::Job&) noexcept override {}
};

class Nobody final : public gate::ExchangeOwner {
  void exchange_moved(gate::Exchange&) noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return {}; }
};

struct NewNote {
  sp::Text<1, 200> title;
};

Router routes() {
  Router router;
  router.get("/", anyone("for the measurement"), [] { return NoContent{}; });
  router.post("/notes", anyone("for the measurement"), cors<"https://app.example">,
              [](Body<NewNote>) { return NoContent{}; });
  return router;
}

// Runs `step` in rounds; the median of what one run took.
template <class Step>
void measure(const char* name, gate::Exchange& exchange, Step&& step) {
  constexpr int rounds = 21;
  constexpr int runs = 20'000;
  std::vector<double> times;
  for (int i = 0; i < 1000; ++i) step();  // its memory, and the caches
  const std::size_t before = allocations;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < runs; ++i) step();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count() / runs);
  }
  const double allocated = static_cast<double>(allocations - before) / (rounds * runs);
  std::sort(times.begin(), times.end());
  std::printf("{\"check\":\"%s\",\"ns\":%.1f,\"least\":%.1f,\"allocations\":%.3f}\n", name, times[rounds / 2],
              times.front(), allocated);
  static_cast<void>(exchange);
}

void measure_request(const char* name, const std::string& request) {
  base::SystemClock clock;
  ops::Findings findings;
  detail::AppDefinition definition;
  const auto log = ops::Log::open({.file = "/dev/null"}, clock, findings);
  ops::Settings settings;
  settings.server.origin = "https://notes.example";
  settings.server.allowed_hosts = {"notes.example"};
  settings.limits.general_per_second = 1'000'000;
  settings.limits.general_burst = 10'000'000;
  const Router router = routes();
  route::Service service(settings, router, definition, clock, findings);
  QuietLoop loop(clock, log->new_buffer());
  Nobody nobody;
  gate::Exchange exchange(service, loop.gate, nobody, base::IpAddress::v4(192, 0, 2, 1));
  exchange.started = clock.now();
  if (http::parse_request_head(request, exchange.head).state != http::ParseResult::State::complete) std::abort();

  const auto label = [&](const char* step) { return std::string(name) + " " + step; };
  const auto check = [&](const char* step, gate::Check run) {
    measure(label(step).c_str(), exchange, [&] {
      if (!run(exchange)) std::abort();
    });
  };
  check("client_address", gate::client_address);
  check("not_denied", gate::not_denied);
  check("not_overloaded", gate::not_overloaded);
  check("host", gate::host);
  check("path_shape", gate::path_shape);
  measure(label("find_route").c_str(), exchange, [&] { service.table.match(exchange); });
  const auto limits = [&] {
    exchange.counted_limits = 0;
    if (gate::general_limit(exchange) != gate::Outcome::next) std::abort();
    gate::refund_limits(exchange);
  };
  measure(label("limits").c_str(), exchange, limits);
  check("https_only", gate::https_only);
  check("cors", gate::cors);
  check("resource_isolation", gate::resource_isolation);
  check("csrf", gate::csrf);

  base::ByteBuffer out;
  exchange.answer.status = 200;
  const auto fields = [&] {
    out.clear(std::size_t{64} * 1024);
    const gate::HeaderBlock& block = exchange.header_block();
    out.reserve_more(block.size + 768);
    out.append(block.lines);
    gate::for_each_field(exchange,
                         [&](std::string_view field, std::string_view value) { out.append_field(field, value); });
  };
  measure(label("fields").c_str(), exchange, fields);
  measure(label("all").c_str(), exchange, [&] {
    const bool passed = gate::client_address(exchange) && gate::not_denied(exchange) &&
                        gate::not_overloaded(exchange) && gate::host(exchange) && gate::path_shape(exchange);
    service.table.match(exchange);
    limits();
    if (!passed || !gate::https_only(exchange) || !gate::cors(exchange) || !gate::resource_isolation(exchange) ||
        !gate::csrf(exchange))
      std::abort();
    fields();
  });
}

}  // namespace

int main() {
  measure_request("GET", "GET / HTTP/1.1\r\nHost: notes.example\r\nUser-Agent: load/1.0\r\nAccept: */*\r\n\r\n");
  measure_request("POST",
                  "POST /notes HTTP/1.1\r\nHost: notes.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
                  "Accept: application/json\r\nAccept-Language: en\r\nAccept-Encoding: gzip, br\r\n"
                  "Content-Type: application/json\r\nContent-Length: 20\r\nOrigin: https://notes.example\r\n"
                  "Cookie: __Host-Http-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
                  "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n\r\n");
}
