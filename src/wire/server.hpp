// Server: an event loop and a listener per core, started together and stopped gracefully.
#pragma once

#include "route/service.hpp"
#include "wire/connection_counter.hpp"
#include "wire/event_loop.hpp"
#include "wire/tls_context.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::wire {

class Server {
 public:
  /// `tls` may be null: plain HTTP.
  Server(const route::Service& service, ops::Log& log, std::unique_ptr<TlsContext> tls);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds every loop's listener to the settings' address and port. Empty when all went well, else what went wrong.
  [[nodiscard]] std::string listen();
  /// The port bound: that of the settings, or the free one that port 0 asked for.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  void start();
  /// No new connections; those that serve a request finish it, within `time`. Returns when all loops have ended.
  void stop(std::chrono::milliseconds time);

  /// Has every loop look at its deadlines, and waits for it: for tests that move the clock.
  void tick();

 private:
  struct Listening;

  void accept(Listening& listening);

  const route::Service& service_;
  std::unique_ptr<TlsContext> tls_;
  ConnectionCounter counter_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Listening>> loops_;
};

}  // namespace sallyport::wire
