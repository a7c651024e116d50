// A Redis of the test's own: in a folder of its own, on a free port of this machine, and gone with the test.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::testing {

class RedisServer {
 public:
  /// Whether this machine has redis-server.
  [[nodiscard]] static bool installed();

  /// Starts one that keeps nothing on disk, and waits until it answers. `options` as on its command line. With a
  /// certificate and its key (files in PEM) its port speaks TLS.
  explicit RedisServer(std::vector<std::string> options = {}, std::string certificate = {}, std::string key = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `redis://127.0.0.1:port`, or `rediss:` with TLS.
  [[nodiscard]] std::string url() const;

  /// As by a power failure. `start` on the same port again.
  void kill();
  void start();
  /// It keeps its connections, and answers nothing until `resume`.
  void pause() const;
  void resume() const;
  /// Runs a command on a connection of its own: the answer's text, or the decimal number.
  std::string command(const std::vector<std::string>& words) const;

 private:
  [[nodiscard]] bool try_start();

  const std::vector<std::string> options_;
  const std::string certificate_;
  const std::string key_;
  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// A TCP port of 127.0.0.1 that nobody listens on just now.
[[nodiscard]] std::uint16_t free_port();

}  // namespace sallyport::testing
