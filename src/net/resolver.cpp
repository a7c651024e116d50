// getaddrinfo on detached threads.
#include "net/resolver.hpp"

#include "net/openssl.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace sallyport::net {
namespace {

Failure resolver_failure(int error) noexcept {
  return error == EAI_MEMORY ? out_of_memory : Failure{NetError::no_such_host, ::gai_strerror(error)};
}

}  // namespace

Resolved look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return {{}, resolver_failure(error)};
  const Owned<addrinfo, ::freeaddrinfo> owner(found);
  Resolved resolved;
  for (const addrinfo* place = found; place; place = place->ai_next) {
    SocketAddress& address = resolved.addresses.emplace_back();
    address.size = place->ai_addrlen;
    std::memcpy(&address.storage, place->ai_addr, std::min<std::size_t>(place->ai_addrlen, sizeof address.storage));
  }
  return resolved;
}

// One look-up. The coroutine that waits for it may be destroyed before it ends.
class Resolver::Lookup final : public sallyport::detail::Job {
 public:
  Lookup(EventLoop& the_loop, std::string the_host, std::uint16_t the_port, Resolving& asks)
      : loop(the_loop), host(std::move(the_host)), port(the_port), asks_(&asks) {}

  void forget() noexcept { asks_ = nullptr; }
  /// On the loop's thread.
  void finish() noexcept override {
    const std::shared_ptr<Lookup> keep = std::move(self);
    Resolving* const asks = std::exchange(asks_, nullptr);
    if (!asks) return;
    base::TimingWheel::disarm(*asks);
    asks->lookup_.reset();
    asks->answer_ = std::move(answer);
    asks->finish();
  }

  EventLoop& loop;
  const std::string host;
  const std::uint16_t port;
  Resolved answer;
  std::shared_ptr<Lookup> self;  // while it is posted to the loop

 private:
  void perform(std::size_t) override {}
  Resolving* asks_;
};

struct Resolver::Shared {
  explicit Shared(LookUp the_look_up) : look_up(std::move(the_look_up)) {}
  const LookUp look_up;
  std::mutex mutex;
  std::deque<std::shared_ptr<Lookup>> waiting;
  std::size_t threads = 0;
  bool closed = false;
};

Resolver::Resolver(LookUp look_up) : shared_(std::make_shared<Shared>(std::move(look_up))) {}

Resolver::~Resolver() {
  const std::lock_guard lock(shared_->mutex);
  shared_->closed = true;
  shared_->waiting.clear();
}

Resolver::Resolving Resolver::resolve(EventLoop& loop, const std::string& host, std::uint16_t port,
                                      base::Clock::SteadyTime deadline) {
  return {*this, loop, host, port, deadline};
}

bool Resolver::submit(const std::shared_ptr<Lookup>& lookup) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->waiting.size() == max_waiting) return false;
  if (shared_->threads < max_threads) {
    std::thread([shared = shared_] { work(shared); }).detach();
    ++shared_->threads;  // it waits for the lock
  }
  shared_->waiting.push_back(lookup);
  return true;
}

void Resolver::work(const std::shared_ptr<Shared>& shared) noexcept {
  std::unique_lock lock(shared->mutex);
  while (!shared->waiting.empty()) {
    std::shared_ptr<Lookup> lookup = std::move(shared->waiting.front());
    shared->waiting.pop_front();
    lock.unlock();
    try {
      lookup->answer = shared->look_up(lookup->host, lookup->port);
    } catch (...) {
      lookup->answer = {{}, out_of_memory};
    }
    lock.lock();
    if (shared->closed) break;  // the loop may be gone
    Lookup& back = *lookup;
    back.self = std::move(lookup);
    back.loop.post(back);
  }
  --shared->threads;
}

Resolver::Resolving::Resolving(Resolver& resolver, EventLoop& loop, const std::string& host, std::uint16_t port,
                               base::Clock::SteadyTime deadline)
    : resolver_(resolver), loop_(loop), host_(host), port_(port), deadline_(deadline) {}

Resolver::Resolving::~Resolving() {
  if (lookup_) lookup_->forget();
}

bool Resolver::Resolving::is_address() noexcept {
  SocketAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET, host_.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port_);
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, host_.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port_);
    address.size = sizeof v6;
  } else if (host_.starts_with('/')) {
    auto& local = reinterpret_cast<sockaddr_un&>(address.storage);
    if (host_.size() >= sizeof local.sun_path) {
      answer_.failure = {NetError::no_such_host, "the path of a Unix socket is too long"};
      return true;
    }
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, host_.c_str(), host_.size() + 1);
    address.size = sizeof local;
  } else {
    return false;
  }
  try {
    answer_.addresses.push_back(address);
  } catch (...) {
    answer_.failure = out_of_memory;
  }
  return true;
}

bool Resolver::Resolving::start() noexcept {
  try {
    lookup_ = std::make_shared<Lookup>(loop_, host_, port_, *this);
    if (resolver_.submit(lookup_)) {
      if (deadline_ != base::Clock::SteadyTime::max()) loop_.wheel.arm(*this, deadline_);
      return true;
    }
    answer_.failure = {NetError::too_many, "too many names are being looked up"};
  } catch (...) {
    answer_.failure = out_of_memory;  // or no thread
  }
  lookup_.reset();
  return false;
}

void Resolver::Resolving::expired() noexcept {
  lookup_->forget();
  lookup_.reset();
  answer_.failure = {NetError::timed_out, "the name server did not answer in time"};
  finish();
}

}  // namespace sallyport::net
