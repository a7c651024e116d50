// Turns charges into arguments of the script, and its answers into decisions.
#include "limits/redis_limits.hpp"

#include "limits/redis_script.hpp"
#include "limits/redis_session.hpp"
#include "net/background.hpp"
#include "net/client_tls.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sallyport::limits {
namespace {

constexpr std::int64_t ns_per_us = 1000;
constexpr std::int64_t longest_ns = 400 * 86'400'000'000'000;  // as for LimitTable
constexpr std::size_t numbers_per_charge = 4;

// A decision that is being made, in the frame of the coroutine that waits for it.
class Asking final : public RedisRequest {
 public:
  Asking(RedisLink* link, RedisArguments call, std::size_t count) noexcept : link_(link), count_(count) {
    arguments = std::move(call);
    decision_.store_failed = count != 0;
    decision_.admitted = count == 0;
  }

  bool await_ready() const noexcept { return !link_ || count_ == 0 || count_ > max_charges; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits_here(waiter, *waiter.promise().context);
    return link_->submit(*this);
  }
  Decision await_resume() const noexcept { return decision_; }
  [[nodiscard]] std::int64_t counted_at_ns() const noexcept { return counted_at_ns_; }

  bool read(const RedisReply& reply) noexcept override {
    const std::span<const std::int64_t> numbers = reply.list();
    const auto is_possible = [](std::int64_t n) { return n >= 0 && n <= largest; };
    if (numbers.size() != 2 + numbers_per_charge * count_ || !std::all_of(numbers.begin(), numbers.end(), is_possible))
      return false;
    decision_.store_failed = false;
    decision_.admitted = numbers[0] == 1;
    counted_at_ns_ = numbers[1] * ns_per_us;
    decision_.count = count_;
    for (std::size_t i = 0; i < count_; ++i) {
      const auto of_charge = numbers.subspan(2 + numbers_per_charge * i, numbers_per_charge);
      const auto remaining = std::min<std::int64_t>(of_charge[1], std::numeric_limits<std::uint32_t>::max());
      decision_.quotas[i] = {of_charge[0] == 1, static_cast<std::uint32_t>(remaining), of_charge[2] * ns_per_us,
                             of_charge[3] * ns_per_us};
    }
    return true;
  }

 private:
  static constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max() / ns_per_us;

  RedisLink* const link_;
  const std::size_t count_;
  std::int64_t counted_at_ns_ = 0;
  Decision decision_;
};

// Keys appear in logs and tools: so only letters, digits and a few signs. No braces, which would choose the slot in a
// Redis cluster.
bool is_prefix(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

std::shared_ptr<SSL_CTX> make_tls(const std::string& ca, std::string& wrong) {
  net::TrustProblem problem{};
  auto made = net::make_client_tls(ca, problem);
  if (problem == net::TrustProblem::openssl) wrong = "TLS: OpenSSL has no memory";
  if (problem == net::TrustProblem::authorities) wrong = "TLS: the system's certificate authorities can't be read";
  if (problem == net::TrustProblem::file) wrong = "redis.ca " + ca + ": can't be read as certificates in PEM";
  return made;
}

}  // namespace

RedisLimits::RedisLimits(const ops::RedisSettings& settings, OnChange on_change, const base::Clock* clock)
    : settings_(settings), clock_(clock), health_(std::move(on_change)) {}

std::string RedisLimits::connect() {
  std::string wrong = read_redis_url(settings_.url, options_.address);
  if (!wrong.empty()) return wrong;
  if (!is_prefix(settings_.prefix)) return "redis.prefix must be 1 to 64 letters, digits, '-', '_', '.' or ':'";
  if (!settings_.password_file.empty()) {
    wrong = read_password_file(settings_.password_file, options_.password);
  } else if (!settings_.user.empty()) {
    wrong = "redis.user needs redis.password_file";
  }
  if (wrong.empty() && options_.address.tls) options_.tls = make_tls(settings_.ca, wrong);
  if (!wrong.empty()) return wrong;
  options_.user = settings_.user;
  options_.timeout = std::chrono::milliseconds(settings_.timeout_milliseconds);
  options_.script = redis_limits_script;
  const Charge nobody{0, Counting::fixed_window, 1, ns_per_us, 1};  // gone after a millisecond
  options_.probe = call("charge", {&nobody, 1}, 0, "probe");
  usable_ = true;
  wrong = first_attempt();
  down_ = !wrong.empty();
  return wrong;
}

// No event loop runs yet, so this makes one of its own.
std::string RedisLimits::first_attempt() {
  const base::SystemClock clock;
  net::EventLoop loop(clock);
  RedisSession session(loop, resolver_, options_);
  std::string wrong = "it could not be tried";
  const auto attempt = [&]() -> Task<void> { wrong = co_await session.open(clock.now() + redis_connect_time); };
  const net::Background running(loop, attempt());
  while (running.running()) {
    loop.context().restart();
    loop.context().run_one_for(base::TimingWheel::step);
    loop.tick();
  }
  return wrong;
}

void RedisLimits::attach(net::EventLoop& loop) {
  if (usable_) links_.push_back(std::make_unique<RedisLink>(loop, resolver_, options_, health_, down_));
}

void RedisLimits::detach(const net::EventLoop& loop) noexcept {
  std::erase_if(links_, [&](const auto& link) { return &link->loop() == &loop; });
}

RedisLink* RedisLimits::link_of(const net::Loop& loop) const noexcept {
  const auto found =
      std::find_if(links_.begin(), links_.end(), [&](const auto& link) { return &link->loop() == &loop; });
  return found == links_.end() ? nullptr : found->get();
}

RedisArguments RedisLimits::call(std::string_view what, std::span<const Charge> charges, std::int64_t counted_at_ns,
                                 std::string_view name) const {
  RedisArguments arguments;
  arguments.add(charges.size());
  std::string key = settings_.prefix + ":{limits}:";
  const std::size_t size = key.size();
  for (const Charge& charge : charges) {
    key.resize(size);
    key += name;
    for (int shift = 60; shift >= 0 && name.empty(); shift -= 4) key += "0123456789abcdef"[charge.key >> shift & 0xf];
    arguments.add(key);
  }
  arguments.add(what);
  if (clock_) {
    arguments.add(static_cast<std::uint64_t>(clock_->wall().time_since_epoch().count() / ns_per_us));
  } else {
    arguments.add(std::string_view{});
  }
  arguments.add(static_cast<std::uint64_t>(counted_at_ns / ns_per_us));
  for (const Charge& charge : charges) {
    const std::int64_t period_ns = std::clamp(charge.period_ns, std::int64_t{1}, longest_ns);
    arguments.add(static_cast<std::uint64_t>(charge.counting));
    arguments.add(charge.limit);
    arguments.add(static_cast<std::uint64_t>((period_ns + ns_per_us - 1) / ns_per_us));
    arguments.add(std::max(charge.cost, 1U));
  }
  return arguments;
}

Task<Decision> RedisLimits::charge(const net::Loop& loop, std::span<const Charge> charges,
                                   std::int64_t* counted_at_ns) {
  Asking asking(link_of(loop), call("charge", charges), charges.size());
  const Decision decision = co_await asking;
  if (counted_at_ns) *counted_at_ns = asking.counted_at_ns();
  co_return decision;
}

void RedisLimits::give_back(const net::Loop& loop, std::span<const Charge> charges, std::int64_t counted_at_ns) {
  RedisLink* const link = link_of(loop);
  if (link && !charges.empty()) link->call_one_way(call("give_back", charges, counted_at_ns));
}

void RedisLimits::forget(const net::Loop& loop, const Charge& charge) {
  if (RedisLink* const link = link_of(loop)) link->call_one_way(call("forget", {&charge, 1}));
}

}  // namespace sallyport::limits
