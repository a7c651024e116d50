// Takeover: a newly started process gets the listening sockets of the running one, so that no connection is refused meanwhile.
//
// Over a SOCK_SEQPACKET socket at the path of `server.takeover`, each message two bytes: the version (1) and a letter.
//   new to old  'h'  hello, which is followed at once by
//   old to new  'm'… 'l'  messages with up to 128 descriptors each (SCM_RIGHTS), the last one 'l'
//   new to old  's'  it serves: the old process closes its copies and drains
// If the new process ends before 's', the old one goes on. Both processes hold descriptors of the same kernel sockets: each
// may accept from them, and connections in their queues wait for the next one that accepts.
#pragma once

#include "ops/finding.hpp"
#include "wire/listeners.hpp"

#include <poll.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sallyport::wire {

/// Adds CFG-024 unless `path` is a socket or nothing yet, in a folder that only `user` and root can write.
void check_takeover_path(const std::string& path, uid_t user, ops::Findings& findings);

/// The running process, as the new one sees it.
class Predecessor {
 public:
  /// Asks the process that listens at `path`; it must belong to `user` or root. Waits for some seconds at most. Empty when all
  /// went well, even if no process answers: then `sockets` stays empty.
  [[nodiscard]] std::string ask(const std::string& path, uid_t user, std::vector<Descriptor>& sockets);
  /// Tells the old process that this one accepts connections, so that it can stop. Does nothing when there is none.
  void serving() noexcept;

 private:
  Descriptor connection_;
};

/// Where the running process waits for the next one. Used by one thread, which polls.
class TakeoverPoint {
 public:
  TakeoverPoint() = default;
  TakeoverPoint(const TakeoverPoint&) = delete;
  TakeoverPoint& operator=(const TakeoverPoint&) = delete;
  /// Removes the file, unless it is another process's by now.
  ~TakeoverPoint();

  /// Listens at `path` (mode 0600), in the place of any process that did. Empty when all went well.
  [[nodiscard]] std::string listen(const std::string& path, uid_t user);

  /// What poll(2) is to wait for; negative descriptors, which it skips, where there is nothing.
  [[nodiscard]] std::array<pollfd, 2> waits_for() const noexcept;

  enum class Event : std::uint8_t { nothing, handed_out, successor_died, successor_serves };
  /// Handles what has arrived; blocks for a second at most. Passes `sockets` to a process that asks.
  [[nodiscard]] Event handle(std::span<const int> sockets);

 private:
  Descriptor listener_;
  Descriptor successor_;  // has the sockets, and does not serve yet
  std::string path_;
  uid_t user_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace sallyport::wire
