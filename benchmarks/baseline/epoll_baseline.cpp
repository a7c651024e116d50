// The bare epoll loop: answers constant bytes over HTTP/1.1, the lower bound the framework is compared with.
//
// It checks nothing and logs nothing. It is meant to be as fast as a plain readiness loop gets: one recv and one
// send per turn, pipelined requests answered in one call, no allocation and no copy per request.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <strings.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t input_capacity = 64 * 1024;  // one request, head and body, must fit
constexpr std::size_t answers_per_send = 64;
constexpr int events_per_wait = 256;

struct Answers {
  std::string get;
  std::string post;
};

struct Connection {
  std::size_t filled = 0;
  std::string unsent;                      // what a full socket buffer left over; empty in a closed loop
  std::array<char, input_capacity> input;  // left uninitialised on purpose
};

[[noreturn]] void die(std::string_view what) {
  const auto reason = std::error_code{errno, std::generic_category()}.message();
  std::fprintf(stderr, "epoll_baseline: %.*s: %s\n", static_cast<int>(what.size()), what.data(), reason.c_str());
  std::exit(1);
}

/// The value of Content-Length in a request head, 0 when there is none.
std::size_t content_length(std::string_view head) noexcept {
  constexpr std::string_view name = "content-length:";
  for (auto line = head.find('\n'); line != head.npos; line = head.find('\n', line + 1)) {
    const auto field = head.substr(line + 1);
    if (field.size() <= name.size() || (field[0] | 0x20) != 'c') continue;
    if (strncasecmp(field.data(), name.data(), name.size()) != 0) continue;
    const auto first = field.find_first_not_of(' ', name.size());
    std::size_t value = 0;
    if (first != field.npos) std::from_chars(field.data() + first, field.data() + field.size(), value);
    return value;
  }
  return 0;
}

/// Bytes of the first whole request in `input`, 0 while it is incomplete.
std::size_t request_size(std::string_view input) noexcept {
  const auto end = input.find("\r\n\r\n");
  if (end == input.npos) return 0;
  const auto head = end + 4;
  const auto body = input.front() == 'P' ? content_length(input.substr(0, head)) : 0;
  return input.size() - head >= body ? head + body : 0;
}

class Loop {
 public:
  Loop(int port, const Answers& answers) : answers_{answers}, epoll_{epoll_create1(EPOLL_CLOEXEC)} {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("bind");
    if (listen(listener_, 1024) != 0) die("listen");
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, events_per_wait> events;
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), events_per_wait, -1);
      for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == listener_) {
          accept_all();
        } else if (!serve(event.data.fd, event.events)) {
          connections_[static_cast<std::size_t>(event.data.fd)].reset();
          close(event.data.fd);
        }
      }
    }
  }

 private:
  void watch(int operation, int fd, std::uint32_t interest) {
    epoll_event event{};
    event.events = interest;
    event.data.fd = fd;
    if (epoll_ctl(epoll_, operation, fd, &event) != 0) die("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto slot = static_cast<std::size_t>(fd);
      if (slot >= connections_.size()) connections_.resize(slot + 1);
      connections_[slot] = std::make_unique_for_overwrite<Connection>();
      watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
  }

  /// One turn of one connection; false when it is over.
  bool serve(int fd, std::uint32_t ready) {
    auto& connection = *connections_[static_cast<std::size_t>(fd)];
    if ((ready & EPOLLOUT) != 0) return flush(fd, connection);
    auto& input = connection.input;
    const auto got = recv(fd, input.data() + connection.filled, input.size() - connection.filled, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    connection.filled += static_cast<std::size_t>(got);
    return answer(fd, connection) && connection.filled < input.size();
  }

  /// Answers every whole request of the input; what is left stays at its front.
  bool answer(int fd, Connection& connection) {
    const std::string_view input{connection.input.data(), connection.filled};
    std::size_t taken = 0;
    while (taken < input.size() && connection.unsent.empty()) {
      std::size_t count = 0;
      std::size_t bytes = 0;
      while (count < parts_.size() && taken < input.size()) {
        const auto size = request_size(input.substr(taken));
        if (size == 0) break;
        const auto& bytes_out = input[taken] == 'P' ? answers_.post : answers_.get;
        parts_[count++] = {const_cast<char*>(bytes_out.data()), bytes_out.size()};
        bytes += bytes_out.size();
        taken += size;
      }
      if (count == 0) break;
      if (!send_all(fd, connection, {parts_.data(), count}, bytes)) return false;
    }
    connection.filled -= taken;
    if (taken != 0 && connection.filled != 0) {
      std::memmove(connection.input.data(), connection.input.data() + taken, connection.filled);
    }
    return true;
  }

  struct Parts {
    iovec* data;
    std::size_t count;
  };

  bool send_all(int fd, Connection& connection, Parts parts, std::size_t bytes) {
    msghdr message{};
    message.msg_iov = parts.data;
    message.msg_iovlen = parts.count;
    const auto sent = parts.count == 1 ? send(fd, parts.data->iov_base, parts.data->iov_len, MSG_NOSIGNAL)
                                       : sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    auto done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    if (done == bytes) return true;
    for (std::size_t i = 0; i < parts.count; ++i) {
      const std::string_view part{static_cast<const char*>(parts.data[i].iov_base), parts.data[i].iov_len};
      const auto skip = std::min(done, part.size());
      connection.unsent += part.substr(skip);
      done -= skip;
    }
    watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
    return true;
  }

  bool flush(int fd, Connection& connection) {
    const auto sent = send(fd, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    connection.unsent.erase(0, static_cast<std::size_t>(sent));
    if (!connection.unsent.empty()) return true;
    watch(EPOLL_CTL_MOD, fd, EPOLLIN);
    return answer(fd, connection);
  }

  const Answers& answers_;
  std::array<iovec, answers_per_send> parts_{};  // a member: hardened builds clear arrays on the stack
  int epoll_;
  int listener_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;  // by file descriptor
};

/// A JSON answer with the header set the framework gives an API, for a run without captured bytes.
std::string default_answer(std::string_view status, std::string_view body) {
  std::string answer = "HTTP/1.1 ";
  answer += status;
  answer +=
      "\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
      "Content-Type: application/json; charset=utf-8\r\n"
      "Cache-Control: no-store\r\n"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
      "form-action 'none'; sandbox\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Embedder-Policy: require-corp\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "X-Frame-Options: DENY\r\n"
      "X-Permitted-Cross-Domain-Policies: none\r\n"
      "Content-Length: ";
  answer += std::to_string(body.size());
  answer += "\r\n\r\n";
  answer += body;
  return answer;
}

std::string read_file(const char* path) {
  std::ifstream file{path, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  if (bytes.empty()) die(path);
  return bytes;
}

int number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > 65535) {
    errno = EINVAL;
    die(text);
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  int port = 8080;
  int threads = 1;
  Answers answers{default_answer("200 OK", R"({"message":"Hello, World!"})"),
                  default_answer("201 Created", R"({"title":"A note","body":"Its text"})")};
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--port") {
      port = number(value);
    } else if (name == "--threads") {
      threads = number(value);
    } else if (name == "--get-response") {
      answers.get = read_file(value);
    } else if (name == "--post-response") {
      answers.post = read_file(value);
    } else {
      std::fputs("usage: epoll_baseline [--port N] [--threads N] [--get-response FILE] [--post-response FILE]\n",
                 stderr);
      return 2;
    }
  }
  std::vector<std::unique_ptr<Loop>> loops;
  for (int i = 0; i < threads; ++i) loops.push_back(std::make_unique<Loop>(port, answers));
  std::printf("ready: http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < loops.size(); ++i) others.emplace_back([&loop = *loops[i]] { loop.run(); });
  loops.front()->run();
}
