// A closed-loop HTTP/1.1 load generator: sends the bytes of one file over and over and checks every answer.
//
// wrk stops by time only and shapes its own requests; CPU time and instructions per request need a known number
// of known requests. One thread, level-triggered epoll, keep-alive, optional pipelining. Prints one JSON object;
// exits 1 unless every answer arrived whole with a 2xx status.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <strings.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 8080;
  std::uint64_t connections = 32;
  std::uint64_t requests = 10'000;  // 0: until the seconds are over
  std::uint64_t seconds = 0;        // 0: until the requests are done
  std::uint64_t pipeline = 1;       // requests in flight per connection
  std::uint64_t timeout = 300;      // seconds after which the run has failed
  std::string request;
};

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "load: %s\n", what.c_str());
  std::exit(1);
}

[[noreturn]] void die_errno(const char* what) { die(std::string{what} + ": " + std::strerror(errno)); }

/// Latencies in nanoseconds in buckets less than 1 % wide, whatever their number.
class Histogram {
 public:
  void add(std::uint64_t nanoseconds) noexcept {
    const auto shift = static_cast<unsigned>(std::bit_width(nanoseconds | 255)) - 8;
    ++counts_[shift * 128 + (nanoseconds >> shift)];
    ++total_;
  }

  /// The latency in microseconds that `share` of all requests do not exceed.
  double microseconds(double share) const noexcept {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen <= rank && i + 1 < counts_.size()) continue;
      const auto shift = i < 256 ? 0 : i / 128 - 1;
      return static_cast<double>((i - shift * 128) << shift) / 1e3;
    }
    return 0;
  }

 private:
  std::array<std::uint64_t, 58 * 128> counts_{};
  std::uint64_t total_ = 0;
};

/// What a run needs to know of an answer's head.
struct Head {
  int status = 0;
  std::size_t size = 0;  // with the empty line; 0 while incomplete
  std::size_t body = 0;
  bool close = false;
};

bool starts_with_name(std::string_view line, std::string_view name) noexcept {
  return line.size() >= name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0;
}

Head parse_head(std::string_view input) {
  Head head;
  const auto end = input.find("\r\n\r\n");
  if (end == input.npos) return head;
  head.size = end + 4;
  if (!input.starts_with("HTTP/1.1 ") || end < 12) die("not an HTTP/1.1 answer: " + std::string{input.substr(0, 40)});
  std::from_chars(input.data() + 9, input.data() + 12, head.status);
  bool sized = head.status == 204;
  for (auto at = input.find('\n') + 1; at < end; at = input.find('\n', at) + 1) {
    const auto line = input.substr(at, head.size - at);
    if (starts_with_name(line, "content-length: ")) {
      std::from_chars(line.data() + 16, line.data() + line.size(), head.body);
      sized = true;
    } else if (starts_with_name(line, "connection: close")) {
      head.close = true;
    }
  }
  if (!sized) die("an answer without Content-Length");
  return head;
}

class Run {
 public:
  explicit Run(const Options& options) : options_{options}, epoll_{epoll_create1(EPOLL_CLOEXEC)} {
    for (std::uint64_t i = 0; i < options.pipeline; ++i) burst_ += options.request;
    connections_.resize(options.connections);
  }

  int execute() {
    start_ = Clock::now();
    for (auto& connection : connections_) {
      open(connection);
      issue(connection);
    }
    std::array<epoll_event, 256> events;
    while (outstanding_ != 0) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1000);
      for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        auto& connection = connections_[event.data.u64];
        if ((event.events & EPOLLOUT) != 0) push(connection);
        if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) receive(connection);
      }
      if (elapsed() > static_cast<double>(options_.timeout)) die("timed out");
    }
    return report();
  }

 private:
  struct Connection {
    int fd = -1;
    std::uint64_t in_flight = 0;
    std::size_t unsent = 0;     // bytes of issued requests the socket has not taken yet
    std::size_t body_left = 0;  // bytes of the current answer's body still to come
    bool answer_open = false;   // a head was read, its body was not yet
    Head head;
    std::size_t filled = 0;
    std::vector<char> input = std::vector<char>(64 * 1024);
    std::vector<Clock::time_point> issued_at;  // ring, one entry per request in flight
    std::size_t oldest = 0;
    bool watching_output = false;
  };

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  bool may_issue() const {
    if (options_.requests != 0 && issued_ >= options_.requests) return false;
    return options_.seconds == 0 || elapsed() < static_cast<double>(options_.seconds);
  }

  void watch(int operation, Connection& connection, std::uint32_t interest) {
    epoll_event event{};
    event.events = interest;
    event.data.u64 = static_cast<std::uint64_t>(&connection - connections_.data());
    if (epoll_ctl(epoll_, operation, connection.fd, &event) != 0) die_errno("epoll_ctl");
  }

  void open(Connection& connection) {
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die_errno("connect");
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(connection.fd, F_SETFL, O_NONBLOCK);
    connection.issued_at.resize(options_.pipeline);
    watch(EPOLL_CTL_ADD, connection, EPOLLIN);
  }

  /// Fills the connection up to the pipelining depth.
  void issue(Connection& connection) {
    const auto now = Clock::now();
    while (connection.in_flight < options_.pipeline && may_issue()) {
      connection.issued_at[(connection.oldest + connection.in_flight) % options_.pipeline] = now;
      ++connection.in_flight;
      ++outstanding_;
      ++issued_;
      connection.unsent += options_.request.size();
    }
    if (connection.unsent != 0) push(connection);
  }

  void push(Connection& connection) {
    const auto size = options_.request.size();
    const auto offset = (size - connection.unsent % size) % size;
    const auto sent = send(connection.fd, burst_.data() + offset, connection.unsent, MSG_NOSIGNAL);
    // A connection the server closed after its last answer is found by receive, which reads that answer first.
    if (sent < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) die_errno("send");
    if (sent > 0) connection.unsent -= static_cast<std::size_t>(sent);
    const bool more = connection.unsent != 0;
    if (more != connection.watching_output) {
      connection.watching_output = more;
      watch(EPOLL_CTL_MOD, connection, more ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
  }

  void receive(Connection& connection) {
    auto& input = connection.input;
    const auto got = recv(connection.fd, input.data() + connection.filled, input.size() - connection.filled, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got < 0) die_errno("recv");
    if (got == 0) {
      if (connection.in_flight != 0) die("the server closed a connection without an answer");
      reopen(connection);
      return;
    }
    bytes_ += static_cast<std::uint64_t>(got);
    connection.filled += static_cast<std::size_t>(got);
    if (consume(connection)) {
      issue(connection);
    } else {
      reopen(connection);
    }
  }

  /// Takes every whole answer out of the input; false when the server announced the end of the connection.
  bool consume(Connection& connection) {
    const std::string_view input{connection.input.data(), connection.filled};
    const auto now = Clock::now();
    std::size_t taken = 0;
    for (;;) {
      if (!connection.answer_open) {
        connection.head = parse_head(input.substr(taken));
        if (connection.head.size == 0) break;
        taken += connection.head.size;
        connection.body_left = connection.head.body;
        connection.answer_open = true;
      }
      const auto part = std::min(connection.body_left, input.size() - taken);
      taken += part;
      connection.body_left -= part;
      if (connection.body_left != 0) break;
      connection.answer_open = false;
      finish(connection, now);
      if (connection.head.close) return false;
    }
    connection.filled -= taken;
    if (connection.filled == connection.input.size()) die("an answer head of more than 64 KiB");
    std::memmove(connection.input.data(), connection.input.data() + taken, connection.filled);
    return true;
  }

  void finish(Connection& connection, Clock::time_point now) {
    if (connection.in_flight == 0) die("an answer nobody asked for");
    const auto latency = now - connection.issued_at[connection.oldest];
    latencies_.add(static_cast<std::uint64_t>(std::chrono::nanoseconds{latency}.count()));
    connection.oldest = (connection.oldest + 1) % options_.pipeline;
    --connection.in_flight;
    --outstanding_;
    ++finished_;
    if (connection.head.status / 100 != 2 && refused_++ == 0) first_refusal_ = connection.head.status;
  }

  /// A new connection for one the server ended; requests it left unanswered are issued again.
  void reopen(Connection& connection) {
    close(connection.fd);
    outstanding_ -= connection.in_flight;
    issued_ -= connection.in_flight;
    connection.in_flight = connection.unsent = connection.filled = connection.oldest = 0;
    connection.watching_output = false;
    if (!may_issue()) return;
    ++reconnects_;
    open(connection);
    issue(connection);
  }

  int report() const {
    const auto seconds = elapsed();
    std::printf(
        "{\"requests\":%llu,\"refused\":%llu,\"seconds\":%.6f,\"per_second\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
        "\"reconnects\":%llu,\"bytes\":%llu}\n",
        static_cast<unsigned long long>(finished_), static_cast<unsigned long long>(refused_), seconds,
        static_cast<double>(finished_) / seconds, latencies_.microseconds(0.5), latencies_.microseconds(0.99),
        static_cast<unsigned long long>(reconnects_), static_cast<unsigned long long>(bytes_));
    if (refused_ == 0) return 0;
    std::fprintf(stderr, "load: %llu answers were not 2xx, the first was %d\n",
                 static_cast<unsigned long long>(refused_), first_refusal_);
    return 1;
  }

  const Options& options_;
  int epoll_;
  std::string burst_;
  std::vector<Connection> connections_;
  Clock::time_point start_;
  Histogram latencies_;
  std::uint64_t issued_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t reconnects_ = 0;
  std::uint64_t bytes_ = 0;
  int first_refusal_ = 0;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) die("not a number: " + std::string{text});
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--port") {
      options.port = static_cast<int>(number(value) & 0xffff);
    } else if (name == "--connections") {
      options.connections = number(value);
    } else if (name == "--requests") {
      options.requests = number(value);
    } else if (name == "--seconds") {
      options.seconds = number(value);
    } else if (name == "--pipeline") {
      options.pipeline = number(value);
    } else if (name == "--timeout") {
      options.timeout = number(value);
    } else if (name == "--request") {
      std::ifstream file{std::string{value}, std::ios::binary};
      options.request.assign(std::istreambuf_iterator<char>{file}, {});
    } else {
      die("unknown option " + std::string{name});
    }
  }
  if (options.request.empty()) die("--request FILE must name a file with the bytes of one request");
  if (options.connections == 0 || options.connections > 10'000) die("--connections is 1 to 10000");
  if (options.pipeline == 0 || options.pipeline > 1000) die("--pipeline is 1 to 1000");
  if (options.requests == 0 && options.seconds == 0) die("a run needs --requests or --seconds");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  return Run{options}.execute();
}
