// Both ends of a takeover.
#include "wire/takeover.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sallyport::wire {
namespace {

constexpr char version = 1;
constexpr char hello = 'h';
constexpr char more = 'm';
constexpr char last = 'l';
constexpr char serves = 's';

constexpr std::size_t at_once = 128;        // the kernel takes 253 (SCM_MAX_FD)
constexpr std::size_t most_sockets = 4096;  // two for each of the most event loops that can be asked for, twice

constexpr std::size_t control_size = CMSG_SPACE(at_once * sizeof(int));

std::string error_text() { return std::generic_category().message(errno); }

Descriptor seqpacket(int flags = 0) noexcept {
  return Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
}

bool fill(sockaddr_un& address, const std::string& path) noexcept {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  return true;
}

void wait_at_most(int socket, int seconds) noexcept {
  const timeval time{.tv_sec = seconds, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);  // connect waits by this, too
}

// Of the process that has connected, or that has called listen.
bool belongs_to(int socket, uid_t user) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == user || peer.uid == 0);
}

bool send_message(int socket, char letter, std::span<const int> sockets = {}) noexcept {
  std::array<char, 2> bytes{version, letter};
  iovec part{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, control_size> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!sockets.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sockets.size_bytes());
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sockets.size_bytes());
    std::memcpy(CMSG_DATA(header), sockets.data(), sockets.size_bytes());
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

// The letter of the next message, its descriptors added to `sockets`; 0 for the end, a time-out or anything else.
char receive_message(int socket, std::vector<Descriptor>& sockets) {
  std::array<char, 3> bytes{};  // one more than a message has
  iovec part{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, control_size> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  sockets.reserve(sockets.size() + at_once);  // so that what has come is owned before anything can throw
  ssize_t size = 0;
  do {
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + i * sizeof descriptor, sizeof descriptor);
      sockets.emplace_back(descriptor);
    }
  }
  const bool whole = size == 2 && bytes[0] == version && (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) == 0;
  return whole ? bytes[1] : char{0};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

void check_takeover_path(const std::string& path, uid_t user, ops::Findings& findings) {
  constexpr const char* where = "server.takeover";
  struct stat status {};
  const std::string folder = folder_of(path);
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    findings.add("CFG-024", where, "its folder is not there",
                 "as the service's user: `mkdir -p " + folder + " && chmod 0700 " + folder + '`');
  } else if ((status.st_uid != user && status.st_uid != 0) || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    findings.add("CFG-024", where, "others can write its folder, and so hand sockets to this service",
                 "put it into a folder of the service's user with mode 0700");
  } else if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode)) {
    findings.add("CFG-024", where, "there is a file of another kind in its place", "name a file that is not there yet");
  }
}

// ---- The new process

std::string Predecessor::ask(const std::string& path, uid_t user, std::vector<Descriptor>& sockets) {
  sockaddr_un address{};
  Descriptor connection = seqpacket();
  if (!connection || !fill(address, path)) return "takeover: " + error_text();
  wait_at_most(connection.get(), 5);
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return {};  // no process listens, or a dead process has left the file
    return "takeover: " + error_text();
  }
  if (!belongs_to(connection.get(), user)) return "takeover: another user's process answers";
  char letter = send_message(connection.get(), hello) ? more : char{0};
  while (letter == more && sockets.size() < most_sockets) letter = receive_message(connection.get(), sockets);
  if (letter != last || sockets.empty())
    return "takeover: the running process hands out nothing: it ends, is being taken over, or is too old for this one";
  connection_ = std::move(connection);
  return {};
}

void Predecessor::serving() noexcept {
  // If this fails there is no old process any more.
  if (connection_) static_cast<void>(send_message(connection_.get(), serves));
  connection_ = {};
}

// ---- The old process

TakeoverPoint::~TakeoverPoint() {
  struct stat status {};
  if (listener_ && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_)
    ::unlink(path_.c_str());
}

std::string TakeoverPoint::listen(const std::string& path, uid_t user) {
  const std::string draft = path + ".new";
  sockaddr_un address{};
  Descriptor listener = seqpacket(SOCK_NONBLOCK);
  if (!listener || !fill(address, draft)) return error_text();
  ::unlink(draft.c_str());
  struct stat status {};
  // The mode of a socket's file is that of the socket when it is bound. Under its own name only once it listens: a
  // process that connects meanwhile reaches the previous listener.
  if (::fchmod(listener.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), 4) != 0 || ::lstat(draft.c_str(), &status) != 0 ||
      ::rename(draft.c_str(), path.c_str()) != 0) {
    return error_text();
  }
  listener_ = std::move(listener);
  path_ = path;
  user_ = user;
  device_ = status.st_dev;
  inode_ = status.st_ino;
  return {};
}

std::array<pollfd, 2> TakeoverPoint::waits_for() const noexcept {
  return {pollfd{listener_.get(), POLLIN, 0}, pollfd{successor_.get(), POLLIN, 0}};
}

TakeoverPoint::Event TakeoverPoint::handle(std::span<const int> sockets) {
  auto ready = waits_for();
  if (::poll(ready.data(), ready.size(), 0) <= 0) return Event::nothing;
  std::vector<Descriptor> none;
  if (ready[1].revents != 0) {
    const char letter = receive_message(successor_.get(), none);
    successor_ = Descriptor();
    return letter == serves ? Event::successor_serves : Event::successor_died;
  }
  if (ready[0].revents == 0) return Event::nothing;
  Descriptor caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!caller || successor_ || !belongs_to(caller.get(), user_)) return Event::nothing;
  wait_at_most(caller.get(), 1);
  if (receive_message(caller.get(), none) != hello) return Event::nothing;
  while (!sockets.empty()) {
    const auto some = sockets.first(std::min(sockets.size(), at_once));
    sockets = sockets.subspan(some.size());
    if (!send_message(caller.get(), sockets.empty() ? last : more, some)) return Event::nothing;
  }
  successor_ = std::move(caller);
  return Event::handed_out;
}

}  // namespace sallyport::wire
