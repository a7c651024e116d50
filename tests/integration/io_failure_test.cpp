// Each system call and each allocation that serving a connection takes fails once. Whatever becomes of that connection: the service lives,
// nothing stays behind, and the next client is served.
#include "support/io_failures.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#if defined(__has_feature)
#define THREAD_SANITIZER __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#else
#define THREAD_SANITIZER 0
#endif

#if !THREAD_SANITIZER  // which has its own, and lets nobody else define them
// The program's own, so that one can fail. What the sanitizers know of memory they know from malloc; whether new[] is met by delete[] they
// check in the unit tests.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return sallyport::testing::IoFailure::allocation_fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* const memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return operator new(size, std::nothrow); }
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

// Asio's.
extern "C" __attribute__((weak)) void* sanitizers_aligned_alloc(std::size_t,
                                                                std::size_t) __asm__("__interceptor_aligned_alloc");
extern "C" __attribute__((visibility("default"))) void* aligned_alloc(std::size_t alignment,
                                                                      std::size_t size) noexcept {
  if (sallyport::testing::IoFailure::allocation_fails()) return nullptr;
  if (&sanitizers_aligned_alloc) return sanitizers_aligned_alloc(alignment, size);
  void* memory = nullptr;
  return ::posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}
#endif

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t file_size = 150'000;

struct Scenario {
  const char* name;
  std::vector<std::string> sends;  // one after the other; the service has seen each before the next comes
  std::string expected;            // in what comes back
  bool tls = false;
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

EventStream few_events() {
  for (const char* text : {"one", "two", "last event"}) {
    co_yield Event(text);
    co_await sleep_for(1s);
  }
}
Stream<"text/plain; charset=utf-8"> few_pieces() {
  for (int i = 0; i < 3; ++i) co_yield std::string(10'000, 'p');
  co_yield "last piece";
}
Task<small::Greeting> count_body(BodyStream<100'000> body) {
  std::size_t size = 0;
  while (const auto piece = co_await body.next()) size += piece->size();
  co_return small::Greeting{std::to_string(size)};
}

class Service {
 public:
  explicit Service(bool tls) : folder_(), service_(make(tls)) {}

  [[nodiscard]] TestService& operator*() { return *service_; }
  [[nodiscard]] TestService* operator->() { return service_.get(); }

 private:
  std::unique_ptr<TestService> make(bool tls) {
    std::filesystem::create_directory(folder_.file("public"));
    std::ofstream(folder_.file("public/large.txt")) << std::string(file_size, 'f') << "last of the file";
    Router router = small_routes();
    router.get("/stream", anyone("for the tests of failures"), few_pieces);
    router.get("/events", anyone("for the tests of failures"), few_events);
    router.post("/count", anyone("for the tests of failures"), count_body);
    router.files("/public", anyone("for the tests of failures"), folder_.file("public"));
    return std::make_unique<TestService>(router, std::vector<Migration>{}, [tls](ops::Settings& settings) {
      settings.limits.connections = 2;  // one that is leaked is missed
      settings.tls.enabled = tls;
    });
  }

  TemporaryFolder folder_;
  std::unique_ptr<TestService> service_;
};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

// A client that turns the service's loop while it waits, and its clock when the loop has nothing to do.
class Peer {
 public:
  enum class Patience : std::uint8_t { clock_passes, clock_stands };

  Peer(TestService& service, bool tls, Patience patience)
      : service_(service), patience_(patience), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(service.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;  // what is sent is there when the loop turns, not when the last segment has been acknowledged
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int flags = ::fcntl(socket_, F_GETFL);
    ::fcntl(socket_, F_SETFL, flags | O_NONBLOCK);
    if (!tls) return;
    context_.reset(SSL_CTX_new(TLS_client_method()));
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    SSL_set_tlsext_host_name(ssl_.get(), "localhost");
    while (open_ && !did(SSL_connect(ssl_.get()))) {
    }
  }
  ~Peer() {
    ssl_.reset();
    ::close(socket_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void send(std::string_view bytes) {
    while (open_ && !bytes.empty()) {
      if (ssl_) {
        if (did(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())))) return;
        continue;
      }
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else {
        open_ = errno == EAGAIN && wait(POLLOUT);
      }
    }
    for (int i = 0; i < 5; ++i) service_.advance(0s);
  }

  // What comes until the connection ends, or until `enough` has come.
  std::string receive(std::string_view enough = {}) {
    std::string all;
    std::array<char, 16'384> bytes;
    while (open_ && (enough.empty() || all.find(enough) == all.npos)) {
      if (ssl_) {
        const int got = SSL_read(ssl_.get(), bytes.data(), bytes.size());
        if (did(got)) all.append(bytes.data(), static_cast<std::size_t>(got));
        continue;
      }
      const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (got > 0) {
        all.append(bytes.data(), static_cast<std::size_t>(got));
      } else {
        open_ = got < 0 && errno == EAGAIN && wait(POLLIN);
      }
    }
    return all;
  }

 private:
  // What OpenSSL says. When it wants something, that is there afterwards, or the connection is over.
  bool did(int result) {
    if (result > 0) return true;
    const int error = SSL_get_error(ssl_.get(), result);
    ERR_clear_error();
    open_ = (error == SSL_ERROR_WANT_READ && wait(POLLIN)) || (error == SSL_ERROR_WANT_WRITE && wait(POLLOUT));
    return false;
  }

  bool wait(short events) {
    constexpr int turns = 20;  // after so many, a loop that has something to do has done it
    const bool passes = patience_ == Patience::clock_passes;
    pollfd waiter{socket_, events, 0};
    for (int turn = 1; turn < 2000; ++turn) {
      if (::poll(&waiter, 1, passes ? 0 : 1) > 0) return true;
      service_.advance(passes && turn % turns == 0 ? 5s : 0s);
    }
    ADD_FAILURE() << "hangs";
    return false;
  }

  TestService& service_;
  Patience patience_;
  int socket_;
  bool open_ = false;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
};

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class Failures : public ::testing::TestWithParam<Scenario> {
 protected:
  // Whether the scenario went as if nothing had been.
  bool play(Peer::Patience patience = Peer::Patience::clock_passes) {
    Peer peer(*service_, GetParam().tls, patience);
    for (std::string text : GetParam().sends) {
      for (std::size_t at = 0; (at = text.find("$HOST")) != text.npos;) text.replace(at, 5, service_->authority());
      peer.send(text);
    }
    return peer.receive().find(GetParam().expected) != std::string::npos;
  }

  // As many new clients as there may be at once are served. Then everything is as it was.
  void check_service() {
    settle();
    {
      const bool tls = GetParam().tls;
      Peer one(*service_, tls, Peer::Patience::clock_stands);
      Peer two(*service_, tls, Peer::Patience::clock_stands);
      for (Peer* peer : {&one, &two}) {
        peer->send("GET / HTTP/1.1\r\nHost: " + service_->authority() + "\r\n\r\n");
        EXPECT_NE(peer->receive("hello").find("HTTP/1.1 200 "), std::string::npos) << "a new client is not served";
      }
    }
    settle();
  }

  void settle() {
    for (int turn = 1; turn < 400; ++turn) {
      service_->advance(turn % 20 == 0 ? 5s : 0s);
      if (open_descriptors() == descriptors_) return;
    }
    EXPECT_EQ(open_descriptors(), descriptors_) << "descriptors stay open";
  }

  // The scenario again and again, with the first call failing, the second, and so on. How many there are.
  std::uint32_t fail_each(FailingCalls calls, int error) {
    for (std::uint32_t nth = 1; nth < 1000; ++nth) {
      SCOPED_TRACE("call " + std::to_string(nth) + ": " +
                   (error == IoFailure::only_one_byte ? "only one byte" : std::strerror(error)));
      bool went_well = false;
      {
        const IoFailure failure(calls, nth, error);
        went_well = play();
        settle();
      }
      const char* const call = IoFailure::failed_call();
      SCOPED_TRACE(call ? call : "none failed");
      EXPECT_TRUE(went_well || (call && !IoFailure::is_transient())) << "a failure that passes was not passed over";
      if (call) check_service();
      if (HasFailure() || !call) return nth - 1;
    }
    ADD_FAILURE() << "there is no end of calls";
    return 0;
  }

  void SetUp() override {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // as the service does
    ASSERT_TRUE(play(Peer::Patience::clock_passes)) << "without any failure";
    descriptors_ = open_descriptors() + 1;  // that of the connection just closed may be among them: found below
    for (int turn = 0; turn < 100; ++turn) {
      service_->advance(turn % 20 == 0 ? 5s : 0s);
      descriptors_ = std::min(descriptors_, open_descriptors());
    }
    check_service();
  }

  Service service_{GetParam().tls};
  std::size_t descriptors_ = 0;
};

TEST_P(Failures, EveryCallFailsOnce) {
  const std::uint32_t calls = fail_each(FailingCalls::connection, ECONNRESET);
  EXPECT_GE(calls, 4U) << "they are not seen: the test tests nothing";
  for (const int error : {IoFailure::only_one_byte, EAGAIN, EINTR, EPIPE, ENOMEM, ENOBUFS, EMFILE, EIO}) {
    if (HasFailure()) return;
    fail_each(FailingCalls::connection, error);
  }
}

#if !THREAD_SANITIZER  // which allocates by itself
TEST_P(Failures, EveryAllocationFailsOnce) { EXPECT_GE(fail_each(FailingCalls::allocation, ENOMEM), 5U); }
#endif

std::string head(const std::string& line, const std::string& rest = {}) {
  return line + " HTTP/1.1\r\nHost: $HOST\r\n" + rest + "\r\n";
}

const std::string last = "Connection: close\r\n";
const std::string json = "Content-Type: application/json\r\n";
const std::string echo = R"({"title":"echoed","body":")" + std::string(3000, 'b') + R"("})";

std::string chunk(const std::string& data) {
  std::array<char, 8> size{};
  *std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr = '\0';
  return std::string(size.data()) + "\r\n" + data + "\r\n";
}

// The connection's preface, SETTINGS of none, and HEADERS of stream 1: GET / of localhost (RFC 9113 3.4, 6.2; RFC 7541 appendix A).
const std::string http2_get = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9) +
                              std::string("\0\0\x14\1\5\0\0\0\1\x82\x87\x84\x41\x0f", 14) + "$HOST";

INSTANTIATE_TEST_SUITE_P(
    Scenarios, Failures,
    ::testing::Values(
        Scenario{"get_twice", {head("GET /") + head("GET /users/second", last)}, R"({"message":"second"})"},
        Scenario{"post_in_pieces",
                 {head("POST /echo", last + json + "Content-Length: " + std::to_string(echo.size()) + "\r\n"),
                  echo.substr(0, 1000), echo.substr(1000)},
                 R"({"message":"echoed"})"},
        Scenario{"post_chunked",
                 {head("POST /echo", last + json + "Transfer-Encoding: chunked\r\n") + chunk(echo.substr(0, 16)),
                  chunk(echo.substr(16)), "0\r\n\r\n"},
                 R"({"message":"echoed"})"},
        Scenario{"body_stream",
                 {head("POST /count", last + "Content-Length: 60000\r\n") + std::string(30'000, 'x'),
                  std::string(30'000, 'y')},
                 R"({"message":"60000"})"},
        Scenario{"stream", {head("GET /stream", last)}, "last piece\r\n0\r\n\r\n"},
        Scenario{"events", {head("GET /events", last)}, "data: last event\n\n\r\n0\r\n\r\n"},
        Scenario{"file", {head("GET /public/large.txt", last)}, std::string(file_size, 'f') + "last of the file"},
        Scenario{"tls_get", {head("GET /", last)}, R"({"message":"hello"})", true},
        Scenario{"tls_post",
                 {head("POST /echo", last + json + "Content-Length: " + std::to_string(echo.size()) + "\r\n"), echo},
                 R"({"message":"echoed"})",
                 true},
        Scenario{
            "tls_file", {head("GET /public/large.txt", last)}, std::string(file_size, 'f') + "last of the file", true},
        Scenario{"http2_get", {http2_get}, R"({"message":"hello"})"}),
    [](const auto& scenario) { return std::string(scenario.param.name); });

// Accepting and waiting have nothing to do with what the connection is for.
class Loop : public Failures {};

TEST_P(Loop, AcceptFails) {
  for (const int error : {EMFILE, ENOBUFS, ECONNABORTED, EINTR, EAGAIN}) {
    SCOPED_TRACE(std::strerror(error));
    const IoFailure failure(FailingCalls::accept, 1, error);
    EXPECT_TRUE(play(Peer::Patience::clock_stands)) << "the client was still in the queue";
    EXPECT_NE(IoFailure::failed_call(), nullptr);
    check_service();
  }
}

TEST_P(Loop, WaitIsInterrupted) {
  for (std::uint32_t nth = 1; nth <= 10; ++nth) {
    const IoFailure failure(FailingCalls::wait, nth, EINTR);
    EXPECT_TRUE(play(Peer::Patience::clock_stands));
    check_service();
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Loop,
                         ::testing::Values(Scenario{"get", {head("GET /", last)}, R"({"message":"hello"})"}),
                         [](const auto& scenario) { return std::string(scenario.param.name); });

}  // namespace
}  // namespace sallyport::testing
