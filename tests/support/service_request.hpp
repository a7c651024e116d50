// A request of a whole service, through its real list of steps, without a connection or a socket.
#pragma once

#include <sallyport/router.hpp>

#include "http/http1_parser.hpp"
#include "ops/log.hpp"
#include "route/service.hpp"
#include "support/gate_request.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace sallyport::testing {

/// The stores are not open: routes that look at the database or at sessions are for other tests.
class ServiceRequest final : private gate::ExchangeOwner {
 public:
  explicit ServiceRequest(const Router& router, ops::Settings settings = notes_settings())
      : log_(ops::Log::open({.file = folder_.file("log")}, clock_, findings_)),
        service(std::move(settings), router, definition, clock_, findings_),
        events_(clock_),
        loop_(events_, log_->new_buffer()),
        exchange(service, loop_, *this, base::IpAddress::v4(192, 0, 2, 1)) {}

  /// Forgets the last request and takes another: a head with its empty line.
  gate::Progress begin(std::string head) {
    exchange.reset();
    bytes_ = std::move(head);
    if (http::parse_request_head(bytes_, exchange.head).state != http::ParseResult::State::complete)
      throw std::invalid_argument("not a whole head: " + bytes_);
    exchange.started = clock_.now();
    return service.head_complete(exchange);
  }
  /// The status of the answer, which waits for nothing but `body`.
  int ask(std::string head, std::string_view body = {}) {
    gate::Progress progress = begin(std::move(head));
    if (progress == gate::Progress::wants_body) {
      body_.assign(body).reserve(body.size() + 64);
      exchange.body = body_;
      progress = service.body_arrived(exchange);
    }
    if (progress != gate::Progress::answered) throw std::logic_error("not answered: " + bytes_);
    exchange.ended = clock_.now();
    service.sent(exchange);
    return exchange.answer.status;
  }
  /// The lines that have been logged.
  [[nodiscard]] std::string logged() {
    log_->flush();
    std::ifstream file(folder_.file("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  void exchange_moved(gate::Exchange&) noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return {}; }

  base::ManualClock clock_;
  TemporaryFolder folder_;
  ops::Findings findings_;
  std::string bytes_;
  std::string body_;
  std::unique_ptr<ops::Log> log_;

 public:
  sallyport::detail::AppDefinition definition;
  route::Service service;

 private:
  StillLoop events_;
  gate::Loop loop_;

 public:
  gate::Exchange exchange;
};

}  // namespace sallyport::testing
