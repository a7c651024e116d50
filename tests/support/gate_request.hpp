// A request at the gate without a service, a connection or a socket: for tests of checks and of other steps.
#pragma once

#include "gate/exchange.hpp"
#include "gate/site.hpp"
#include "gate/step.hpp"
#include "http/http1_parser.hpp"
#include "ops/log.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::testing {

/// An event loop that keeps no time of its own: what is posted to it is done at once.
class StillLoop final : public net::Loop {
 public:
  using net::Loop::Loop;
  void post(sallyport::detail::Job& job) noexcept override { job.finish(); }
};

/// A site that takes the steps it is given.
class StepsSite final : public gate::Site {
 public:
  StepsSite(ops::Settings the_settings, const base::Clock& the_clock, std::span<const gate::Step> steps = {})
      : Site(std::move(the_settings), the_clock), steps_(steps) {
    rules.set(settings);
  }

  gate::Progress head_complete(gate::Exchange& exchange) const noexcept override {
    return steps_.head_complete(exchange);
  }
  gate::Progress body_arrived(gate::Exchange& exchange) const noexcept override {
    return steps_.body_arrived(exchange);
  }
  gate::Progress resumed(gate::Exchange& exchange) const noexcept override { return steps_.resumed(exchange); }
  void begin_events(gate::Exchange& exchange) const noexcept override { steps_.begin_events(exchange); }
  gate::Progress next_piece(gate::Exchange& exchange) const noexcept override { return steps_.next_piece(exchange); }
  void sent(gate::Exchange& exchange) const noexcept override { steps_.sent(exchange); }
  [[nodiscard]] std::unique_ptr<gate::Call> make_call(gate::Exchange&) const override {
    return std::make_unique<NoCall>();
  }
  [[nodiscard]] bool has_ambient_authority(const gate::Exchange& exchange) const noexcept override {
    return ambient_authority ? ambient_authority(exchange) : Site::has_ambient_authority(exchange);
  }
  [[nodiscard]] bool trusts_pages_of(const gate::Exchange& exchange, std::string_view origin) const noexcept override {
    return trusted_pages ? trusted_pages(origin) : Site::trusts_pages_of(exchange, origin);
  }

  /// A site's own answers, in the place of the library's.
  std::function<bool(const gate::Exchange&)> ambient_authority;
  std::function<bool(std::string_view)> trusted_pages;

 private:
  class NoCall final : public gate::Call {
   public:
    void reset() noexcept override {}
    void abandon() noexcept override {}
  };
  const gate::Steps steps_;
};

/// Settings of a service at https://notes.example.
inline ops::Settings notes_settings() {
  ops::Settings settings;
  settings.server.origin = "https://notes.example";
  settings.server.allowed_hosts = {"notes.example"};
  return settings;
}

/// `GateRequest request; request.parse("GET / HTTP/1.1\r\nHost: …\r\n\r\n"); EXPECT_TRUE(gate::host(request.exchange));`
class GateRequest final : private gate::ExchangeOwner {
 public:
  explicit GateRequest(ops::Settings settings = notes_settings(), std::span<const gate::Step> steps = {},
                       const base::IpAddress& peer = base::IpAddress::v4(192, 0, 2, 1))
      : log(ops::Log::open({.file = folder_.file("log")}, clock, findings_)),
        site(std::move(settings), clock, steps),
        events(clock),
        loop(events, log->new_buffer()),
        exchange(site, loop, *this, peer) {
    exchange.started = clock.now();
  }

  /// Forgets the last request and takes another: a head with its empty line.
  gate::Exchange& parse(std::string head) {
    exchange.reset();
    bytes_ = std::move(head);
    if (http::parse_request_head(bytes_, exchange.head).state != http::ParseResult::State::complete)
      throw std::invalid_argument("not a whole head: " + bytes_);
    exchange.started = clock.now();
    return exchange;
  }
  /// The same with our own host and these field lines.
  gate::Exchange& get(const std::string& target, const std::string& fields = {}) {
    return parse("GET " + target + " HTTP/1.1\r\nHost: notes.example\r\n" + fields + "\r\n");
  }

  /// The lines that have been logged.
  [[nodiscard]] std::string logged() {
    log->flush();
    std::ifstream file(folder_.file("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  base::ManualClock clock;

 private:
  TemporaryFolder folder_;
  ops::Findings findings_;
  std::string bytes_;

 public:
  std::unique_ptr<ops::Log> log;
  StepsSite site;
  StillLoop events;
  gate::Loop loop;
  gate::Exchange exchange;
  int moved = 0;  ///< how often the exchange has told that it has gone on

 private:
  void exchange_moved(gate::Exchange&) noexcept override { ++moved; }
  std::shared_ptr<void> hold() noexcept override { return {}; }
};

}  // namespace sallyport::testing
