// A service that is replaced, reloaded, stopped and overrun while clients go on asking.
#include "wire/takeover.hpp"
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

std::uint16_t port_of(const std::string& output) {
  return static_cast<std::uint16_t>(std::stoi(output.substr(output.find("localhost:") + 10)));
}

// A program in development mode that can be taken over, and takes over from who runs.
class Service : public Process {
 public:
  Service(const std::string& program, const TemporaryFolder& folder, std::vector<std::string> more = {})
      : Process(program, arguments(std::move(more)), {}, folder.file(".")) {}

  [[nodiscard]] bool ready() { return wait_for("ready: http://localhost:") && wait_for("\n"); }
  [[nodiscard]] std::uint16_t port() const { return port_of(output.substr(output.find("ready:"))); }

 private:
  static std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> all{"--mode",
                                 "development",
                                 "--server.takeover",
                                 "var/takeover",
                                 "--log.file",
                                 "log",
                                 "--database.path",
                                 "notes.db",
                                 "--limits.general-per-second",
                                 "1000000",
                                 "--limits.general-burst",
                                 "1000000"};
    if (std::find(more.begin(), more.end(), "--port") == more.end()) all.insert(all.end(), {"--port", "0"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

std::string read(const std::string& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// What another process writes to its log comes soon.
bool comes(const std::string& file, const std::string& text) {
  for (int waits = 0; waits < 500; ++waits) {
    if (read(file).find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

std::string get(std::uint16_t port, const std::string& more = {}) {
  return "GET / HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n" + more + "\r\n";
}

// Clients that connect, ask and leave, all the time, until they are told to end. `failed` says what went wrong first.
class Clients {
 public:
  explicit Clients(std::uint16_t port) {
    for (int i = 0; i < 4; ++i) {
      threads_.emplace_back([this, port, i] {
        while (!over_) {
          try {
            HttpClient client(port);
            // A quarter of them keep their connection until they are told that it ends.
            for (bool again = true; again && !over_;) {
              client.send(get(port, i == 0 ? "" : "Connection: close\r\n"));
              const auto answer = client.receive();
              again = i == 0 && answer && answer->field("connection") != "close";
              // An idle connection may be closed at any time (RFC 9112 9.3.1), so that one alone may go without an answer.
              if (answer ? answer->status != 200 : i != 0) ++failures;
              if (answer) ++answers;
              if (!answer) break;
            }
          } catch (const std::exception&) {
            ++failures;  // refused
          }
        }
      });
    }
  }
  ~Clients() {
    over_ = true;
    for (auto& thread : threads_) thread.join();
  }
  void wait_for_more() const {
    const std::uint64_t before = answers;
    while (answers < before + 200) std::this_thread::sleep_for(1ms);
  }

  std::atomic<std::uint64_t> answers{0};
  std::atomic<std::uint64_t> failures{0};

 private:
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

TEST(Takeover, NoConnectionIsRefusedOrReset) {
  TemporaryFolder folder;
  auto running = std::make_unique<Service>("hello", folder, std::vector<std::string>{"--server.threads", "2"});
  ASSERT_TRUE(running->ready()) << running->errors;
  const std::uint16_t port = running->port();
  Clients clients(port);
  // Fewer loops, then more, then as many.
  for (const char* threads : {"1", "3", "3"}) {
    clients.wait_for_more();
    auto next = std::make_unique<Service>(
        "hello", folder, std::vector<std::string>{"--port", std::to_string(port), "--server.threads", threads});
    ASSERT_TRUE(next->ready()) << next->errors;
    EXPECT_EQ(running->wait(), 0) << running->errors;
    running = std::move(next);
  }
  clients.wait_for_more();
  EXPECT_EQ(clients.failures, 0U) << "of " << clients.answers;
  EXPECT_NE(read(folder.file("log")).find(R"("reason":"taken over")"), std::string::npos);
}

TEST(Takeover, TheOldProcessFinishesWhatItHasBegun) {
  TemporaryFolder folder;
  Service old("notes", folder);
  ASSERT_TRUE(old.ready()) << old.errors;
  HttpClient waiting(old.port());
  const std::string login = R"({"email":"nobody@example.org","password":"takes a while to hash"})";
  waiting.send("POST /api/login HTTP/1.1\r\nHost: localhost:" + std::to_string(old.port()) +
               "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nExpect: "
               "100-continue\r\nContent-Length: " +
               std::to_string(login.size()) + "\r\n\r\n");
  const auto interim = waiting.receive();
  ASSERT_TRUE(interim);
  ASSERT_EQ(interim->status, 100);

  Service next("notes", folder);
  ASSERT_TRUE(next.ready()) << next.errors;
  EXPECT_EQ(next.port(), old.port());
  ASSERT_TRUE(comes(folder.file("log"), R"("reason":"taken over")"));
  waiting.send(login);
  const auto answer = waiting.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  waiting.finish_sending();
  EXPECT_EQ(old.wait(), 0) << old.errors;
  HttpClient fresh(next.port());
  fresh.send(get(next.port()));
  EXPECT_TRUE(fresh.receive());
}

TEST(Takeover, ANewProcessThatDiesChangesNothing) {
  TemporaryFolder folder;
  Service running("hello", folder);
  ASSERT_TRUE(running.ready()) << running.errors;
  {
    wire::Predecessor dies;
    std::vector<wire::Descriptor> sockets;
    EXPECT_EQ(dies.ask(folder.file("var/takeover"), ::geteuid(), sockets), "");
    EXPECT_FALSE(sockets.empty());
  }
  EXPECT_TRUE(comes(folder.file("log"), "this one goes on"));
  for (int i = 0; i < 20; ++i) {
    HttpClient client(running.port());
    client.send(get(running.port()));
    EXPECT_TRUE(client.receive());
  }
  Service next("hello", folder);
  ASSERT_TRUE(next.ready()) << next.errors;
  EXPECT_EQ(running.wait(), 0);
}

TEST(Takeover, ForAnotherPortItIsRefused) {
  TemporaryFolder folder;
  Service running("hello", folder);
  ASSERT_TRUE(running.ready()) << running.errors;
  Service other("hello", folder, {"--port", running.port() == 8099 ? "8098" : "8099"});
  EXPECT_EQ(other.wait(), 1);
  EXPECT_NE(other.errors.find("port " + std::to_string(running.port())), std::string::npos) << other.errors;
  HttpClient client(running.port());
  client.send(get(running.port()));
  EXPECT_TRUE(client.receive());
}

TEST(Takeover, WithoutItAPortInUseIsAnError) {
  TemporaryFolder folder;
  Service running("hello", folder);
  ASSERT_TRUE(running.ready()) << running.errors;
  Process second("hello", {"--mode", "development", "--port", std::to_string(running.port())}, {}, folder.file("."));
  EXPECT_EQ(second.wait(), 1);
  EXPECT_NE(second.errors.find("in use"), std::string::npos) << second.errors;
}

TEST(Reload, TheLogFileIsOpenedAgainAndNoLineIsLost) {
  TemporaryFolder folder;
  Service running("hello", folder, {"--tls"});
  ASSERT_TRUE(running.wait_for("ready: https://localhost:")) << running.errors;
  ASSERT_TRUE(comes(folder.file("log"), "sys_startup"));
  std::filesystem::rename(folder.file("log"), folder.file("log.1"));
  running.signal(SIGHUP);
  ASSERT_TRUE(comes(folder.file("log"), "SIGHUP: the log file is opened again, the certificates are loaded again"));

  // A certificate that can't be used is said, and the old one stays.
  std::ofstream(folder.file("var/development-certificate.pem")) << "no certificate";
  running.signal(SIGHUP);
  ASSERT_TRUE(comes(folder.file("log"), "the certificates stay as they were"));
  running.signal(SIGTERM);
  EXPECT_EQ(running.wait(), 0) << running.errors;
  EXPECT_NE(read(folder.file("log")).find("sys_shutdown"), std::string::npos);
}

TEST(Reload, RequestsMeanwhileAreAllLogged) {
  TemporaryFolder folder;
  Service running("hello", folder);
  ASSERT_TRUE(running.ready()) << running.errors;
  std::uint64_t answers = 0;
  {
    Clients clients(running.port());
    for (int i = 1; i <= 3; ++i) {
      clients.wait_for_more();
      std::filesystem::rename(folder.file("log"), folder.file("log." + std::to_string(i)));
      running.signal(SIGHUP);
      ASSERT_TRUE(comes(folder.file("log"), "SIGHUP"));
    }
    clients.wait_for_more();
    EXPECT_EQ(clients.failures, 0U);
    answers = clients.answers;
  }
  running.signal(SIGTERM);
  EXPECT_EQ(running.wait(), 0);
  std::uint64_t lines = 0;
  for (const char* name : {"log", "log.1", "log.2", "log.3"}) {
    const std::string text = read(folder.file(name));
    for (std::size_t at = text.find("http_access"); at != text.npos; at = text.find("http_access", at + 1)) ++lines;
  }
  EXPECT_GE(lines, answers);
}

// A program of the test's own in a child process, with a handler that holds its event loop for ever.
class Hanging {
 public:
  explicit Hanging(const TemporaryFolder& folder) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      if (::chdir(folder.file(".").c_str()) != 0) ::_exit(9);
      std::vector<std::string> words{"hanging",    "--mode", "development",           "--port", "0",
                                     "--log.file", "log",    "--server.stop-seconds", "0",      "--server.threads",
                                     "1"};
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      App app(static_cast<int>(arguments.size()), arguments.data());
      app.get("/", anyone("for the test of a handler that hangs"), []() -> small::Greeting {
        for (;;) std::this_thread::sleep_for(1h);
      });
      ::_exit(app.run());
    }
    ::close(pipe[1]);
    std::array<char, 200> text{};
    while (output_.find('\n') == output_.npos) {
      const ssize_t n = ::read(pipe[0], text.data(), text.size());
      if (n <= 0) break;
      output_.append(text.data(), static_cast<std::size_t>(n));
    }
    ::close(pipe[0]);
  }
  ~Hanging() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  [[nodiscard]] std::uint16_t port() const { return port_of(output_); }
  int stop() {
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = -1;
  std::string output_;
};

TEST(Stop, EndsInTimeWhateverHangs) {
  TemporaryFolder folder;
  Hanging hanging(folder);
  HttpClient client(hanging.port());
  client.send(get(hanging.port()));
  std::this_thread::sleep_for(200ms);  // so that the handler has begun; without it the test would pass all the sooner
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(hanging.stop(), 1) << "by force";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST(Stop, WhoHasJustBeenLetInIsHeard) {
  TemporaryFolder folder;
  Service running("hello", folder, {"--server.threads", "1"});
  ASSERT_TRUE(running.ready()) << running.errors;
  HttpClient fresh(running.port());
  HttpClient later(running.port());  // accepted after the other: once it is answered, both are in
  later.send(get(running.port()));
  ASSERT_TRUE(later.receive());
  running.signal(SIGTERM);
  ASSERT_TRUE(comes(folder.file("log"), "sys_shutdown"));
  std::this_thread::sleep_for(50ms);
  fresh.send(get(running.port(), "Connection: close\r\n"));
  const auto answer = fresh.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(running.wait(), 0) << running.errors;
}

TEST(Stop, RequestsThatDoNotFinishAreCut) {
  TemporaryFolder folder;
  Service running("notes", folder, {"--server.stop-seconds", "1"});
  ASSERT_TRUE(running.ready()) << running.errors;
  HttpClient slow(running.port());
  slow.send("POST /api/login HTTP/1.1\r\nHost: localhost:" + std::to_string(running.port()) +
            "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
            "Content-Length: 100\r\n\r\n");
  ASSERT_TRUE(slow.receive());
  const auto begin = std::chrono::steady_clock::now();
  running.signal(SIGTERM);
  EXPECT_EQ(running.wait(), 0) << running.errors;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 6s);
}

// Passwords to hash one after the other, far more than can be hashed before the end.
TEST(Stop, QueuedPasswordsAreNotHashed) {
  TemporaryFolder folder;
  Service running("notes", folder, {"--server.stop-seconds", "0", "--limits.hash-queue", "200"});
  ASSERT_TRUE(running.ready()) << running.errors;
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 60; ++i) {
    const std::string login =
        R"({"email":"nobody)" + std::to_string(i) + R"(@example.org","password":"takes a while"})";
    clients.push_back(std::make_unique<HttpClient>(running.port()));
    clients.back()->send("POST /api/login HTTP/1.1\r\nHost: localhost:" + std::to_string(running.port()) +
                         "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: " +
                         std::to_string(login.size()) + "\r\n\r\n" + login);
  }
  const auto begin = std::chrono::steady_clock::now();
  running.signal(SIGTERM);
  EXPECT_EQ(running.wait(), 0) << running.errors;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST(Limits, BeyondThemAFast503WhileOthersGoOn) {
  SmallService service([](ops::Settings& settings) { settings.limits.connections_per_client = 2; });
  HttpClient first(service.port());
  HttpClient second(service.port());
  for (HttpClient* client : {&first, &second}) {
    client->send(service.head("GET /"));
    ASSERT_EQ(client->receive()->status, 200);
  }
  for (int i = 0; i < 20; ++i) {
    HttpClient third(service.port());
    const auto answer = third.receive();
    ASSERT_TRUE(answer) << "nothing was asked, and yet";
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(answer->field("connection"), "close");
    EXPECT_TRUE(third.closed());
  }
  first.send(service.head("GET /"));
  EXPECT_EQ(first.receive()->status, 200);
  const std::string log = service.log();
  const std::size_t line = log.find(R"("reason":"limit/connections_per_client")");
  ASSERT_NE(line, log.npos) << log;
  EXPECT_EQ(log.find(R"("reason":"limit/connections_per_client")", line + 1), log.npos) << "one line for all";
}

TEST(Limits, TheTotal) {
  SmallService service([](ops::Settings& settings) { settings.limits.connections = 1; });
  HttpClient first(service.port());
  first.send(service.head("GET /"));
  ASSERT_EQ(first.receive()->status, 200);
  {
    HttpClient second(service.port());
    const auto answer = second.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
  }
  first.send(service.head("GET /"));
  EXPECT_EQ(first.receive()->status, 200);
  EXPECT_NE(service.log().find(R"("reason":"limit/connections")"), std::string::npos);
}

TEST(Limits, AProxySpeaksForMany) {
  SmallService service([](ops::Settings& settings) {
    settings.limits.connections_per_client = 1;
    settings.server.trusted_proxies = {*base::IpRange::parse("127.0.0.1")};
  });
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<HttpClient>(service.port()));
    clients.back()->send(service.head("GET /", "X-Forwarded-Proto: https\r\n"));
    EXPECT_EQ(clients.back()->receive()->status, 200);
  }
}

TEST(Limits, ProxyProtocolIsForProxiesOnly) {
  SmallService service([](ops::Settings& settings) {
    settings.server.proxy_protocol = true;
    settings.server.trusted_proxies = {*base::IpRange::parse("10.0.0.7")};
  });
  HttpClient stranger(service.port());
  EXPECT_TRUE(stranger.closed());
  EXPECT_NE(service.log().find(R"("reason":"proxy/untrusted_peer")"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::testing
