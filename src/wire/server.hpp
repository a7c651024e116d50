// Server: an event loop and listeners per core, started together and stopped gracefully.
#pragma once

#include "gate/site.hpp"
#include "limits/connection_counter.hpp"
#include "wire/connection.hpp"
#include "wire/listeners.hpp"
#include "wire/loop.hpp"
#include "wire/tls_context.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::wire {

/// How many event loops these settings ask for.
[[nodiscard]] std::size_t event_loop_count(const ops::ServerSettings& settings) noexcept;

class Server {
 public:
  /// `tls` may be null: plain HTTP.
  Server(const gate::Site& site, ops::Log& log, std::unique_ptr<TlsContext> tls);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds every loop's listeners to the settings' address and ports. Empty when all went well, else what went wrong.
  [[nodiscard]] std::string listen();
  /// The same with sockets that are there already, divided among the loops.
  [[nodiscard]] std::string listen_on(Listeners listeners);
  /// The port bound: that of the settings, or the free one that port 0 asked for.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// All listening sockets, for a process that takes over; valid until `stop`.
  [[nodiscard]] const std::vector<int>& listening_sockets() const noexcept { return sockets_; }
  [[nodiscard]] TlsContext* tls() noexcept { return tls_.get(); }

  void start();
  /// No new connections; those that serve a request finish it, within `time`. Returns when all loops have ended.
  void stop(std::chrono::milliseconds time);

  /// Has every loop look at its deadlines, and waits for it: for tests that move the clock.
  void tick();

 private:
  struct Listening;
  struct Port;
  /// Why a connection is refused before it begins.
  enum class Refusal : std::uint8_t { connections, connections_per_client, not_a_proxy, descriptors };

  void accept_later(Port& port);
  [[nodiscard]] bool accept_some(Port& port);
  void take_connection(Port& port, Descriptor descriptor, const base::IpAddress& peer) noexcept;
  void count_refused(Refusal refusal, Loop& loop, const base::IpAddress& peer) noexcept;

  const gate::Site& site_;
  const std::unique_ptr<TlsContext> tls_;
  const ConnectionKind main_;
  const ConnectionKind redirect_;
  limits::ConnectionCounter counter_;
  /// Refusals are logged as one line every few seconds, not one per connection.
  struct Refused {
    std::atomic<std::uint64_t> unlogged{0};
    std::atomic<std::int64_t> quiet_until{0};  // in nanoseconds of the steady clock
  };
  std::array<Refused, 4> refused_;
  std::uint16_t port_ = 0;
  std::vector<int> sockets_;
  std::vector<std::unique_ptr<Listening>> loops_;
};

}  // namespace sallyport::wire
