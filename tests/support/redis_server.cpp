// fork, exec, and a Unix socket for commands beside the port under test.
#include "support/redis_server.hpp"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

#include "base/descriptor.hpp"

namespace sallyport::testing {
namespace {

std::string program() {
  for (const char* const folder : {"/usr/bin", "/usr/local/bin", "/opt/redis/bin"}) {
    std::string path = std::string(folder) + "/redis-server";
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

struct Free {
  void operator()(redisContext* context) const noexcept { redisFree(context); }
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};

}  // namespace

std::uint16_t free_port() {
  const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* const address = reinterpret_cast<sockaddr*>(&place);
  if (::bind(socket.get(), address, size) != 0 || ::getsockname(socket.get(), address, &size) != 0)
    throw std::runtime_error("no free port");
  return ntohs(place.sin_port);
}

bool RedisServer::installed() { return !program().empty(); }

RedisServer::RedisServer(std::vector<std::string> options, std::string certificate, std::string key)
    : options_(std::move(options)), certificate_(std::move(certificate)), key_(std::move(key)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sallyport-redis-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  folder_ = pattern;
  for (int tries = 0; tries < 5; ++tries) {  // somebody else may take the port first
    port_ = free_port();
    if (try_start()) return;
  }
  throw std::runtime_error("redis-server does not start");
}

RedisServer::~RedisServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string RedisServer::url() const {
  return (certificate_.empty() ? "redis://127.0.0.1:" : "rediss://127.0.0.1:") + std::to_string(port_);
}

bool RedisServer::try_start() {
  const std::string path = program();
  const std::string number = std::to_string(port_);
  std::vector<std::string> words{path,
                                 "--bind",
                                 "127.0.0.1",
                                 "--save",
                                 "",
                                 "--dir",
                                 folder_,
                                 "--unixsocket",
                                 folder_ + "/commands",
                                 "--appendonly",
                                 "no",
                                 "--logfile",
                                 folder_ + "/log"};
  if (certificate_.empty()) {
    words.insert(words.end(), {"--port", number});
  } else {
    words.insert(words.end(), {"--port", "0", "--tls-port", number, "--tls-cert-file", certificate_, "--tls-key-file",
                               key_, "--tls-auth-clients", "no"});
  }
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* const no_environment[] = {nullptr};

  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    // Between fork and exec only what is async-signal-safe. Ends with the test however that ends.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    ::execve(path.c_str(), argv.data(), no_environment);
    ::_exit(127);
  }
  for (int waits = 0; waits < 2000; ++waits) {
    const std::string answer = command({"PING"});
    if (answer == "PONG" || answer.starts_with("NOAUTH")) return true;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    ::poll(nullptr, 0, 5);
  }
  kill();
  return false;
}

void RedisServer::start() {
  if (!try_start()) throw std::runtime_error("redis-server does not start again");
}

void RedisServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

void RedisServer::pause() const {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  ::waitpid(pid_, &status, WUNTRACED);
}

void RedisServer::resume() const { ::kill(pid_, SIGCONT); }

std::string RedisServer::command(const std::vector<std::string>& words) const {
  const std::unique_ptr<redisContext, Free> context(redisConnectUnix((folder_ + "/commands").c_str()));
  if (!context || context->err != 0) return {};
  std::vector<const char*> argv;
  std::vector<std::size_t> sizes;
  for (const std::string& word : words) {
    argv.push_back(word.data());
    sizes.push_back(word.size());
  }
  const std::unique_ptr<redisReply, Free> reply(static_cast<redisReply*>(
      redisCommandArgv(context.get(), static_cast<int>(argv.size()), argv.data(), sizes.data())));
  if (!reply) return {};
  return reply->type == REDIS_REPLY_INTEGER ? std::to_string(reply->integer)
         : reply->str                       ? std::string(reply->str, static_cast<std::size_t>(reply->len))
                                            : std::string();
}

}  // namespace sallyport::testing
