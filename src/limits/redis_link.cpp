// The link's task: connects, sends what is queued, reads the answers and hands them back; and what it does when that
// fails.
#include "limits/redis_link.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace sallyport::limits {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t batch_limit = 512;

// Waits with a precision of a millisecond.
class Pause final : public sallyport::detail::Wait, private net::Alarm {
 public:
  Pause(net::EventLoop& loop, Milliseconds time) noexcept : loop_(loop), time_(time) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits_here(waiter, *waiter.promise().context);
    loop_.set(*this, loop_.clock.now() + time_);
  }
  void await_resume() const noexcept {}

 private:
  void rang() noexcept override { finish(); }
  net::EventLoop& loop_;
  const Milliseconds time_;
};

}  // namespace

// The link's own wait for a request. Requests of the same turn of the loop are sent together.
class RedisLink::Quiet final : public sallyport::detail::Wait, private net::Deferred {
 public:
  explicit Quiet(RedisLink& link) noexcept : link_(link) {}
  ~Quiet() { link_.quiet_ = nullptr; }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

  [[nodiscard]] bool await_ready() const noexcept { return link_.first_ || !link_.one_way_calls_.empty(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits_here(waiter, *waiter.promise().context);
    link_.quiet_ = this;
  }
  void await_resume() const noexcept {}
  void end() noexcept { link_.loop_.defer(*this); }

 private:
  void run_deferred() noexcept override { finish(); }
  RedisLink& link_;
};

// Meanwhile the server may close the connection, or send something that was not requested.
class RedisLink::Watch final : public net::Reading {
 public:
  explicit Watch(RedisLink& link) noexcept
      : Reading(link.session_.stream().core(), byte_, net::no_deadline), link_(link) {}
  void begin() noexcept { over_ = try_now() || !suspend(); }
  [[nodiscard]] bool over() const noexcept { return over_; }
  void finish() noexcept override {
    over_ = true;
    link_.wake();
  }

 private:
  RedisLink& link_;
  std::array<char, 1> byte_{};
  bool over_ = false;
};

RedisRequest::~RedisRequest() {
  if (link_) link_->leave_queue(*this);
  if (sent_) sent_->request = nullptr;
}

void RedisHealth::link_down(std::string_view why) {
  const std::lock_guard lock(mutex_);
  if (down_.fetch_add(1, std::memory_order_relaxed) == 0 && !why.empty() && on_change_) on_change_(false, why);
}

void RedisHealth::link_up() {
  const std::lock_guard lock(mutex_);
  if (down_.fetch_sub(1, std::memory_order_relaxed) == 1 && on_change_) on_change_(true, {});
}

Milliseconds redis_retry_delay(std::uint32_t failures, double chance) noexcept {
  const std::int64_t whole = std::min<std::int64_t>(std::int64_t{100} << std::min(failures, 10U), 5000);
  return Milliseconds(whole / 2 + static_cast<std::int64_t>(static_cast<double>(whole) / 2 * chance));
}

RedisLink::RedisLink(net::EventLoop& loop, net::Resolver& resolver, const RedisOptions& options, RedisHealth& health,
                     bool down)
    : loop_(loop),
      options_(options),
      health_(health),
      session_(loop, resolver, options),
      random_(std::random_device{}()),
      up_(!down) {
  in_flight_.reserve(batch_limit);
  if (down) health_.link_down({});
  task_ = net::Background(loop, work());
}

RedisLink::~RedisLink() {
  if (!std::exchange(up_, false)) health_.down_link_ended();
  task_ = {};
  fail_all();
}

bool RedisLink::submit(RedisRequest& request) noexcept {
  if (!up_ || queued_ == options_.queue_limit) return false;
  request.submitted_ = loop_.clock.now();
  request.link_ = this;
  request.previous_ = last_;
  (last_ ? last_->next_ : first_) = &request;
  last_ = &request;
  if (++queued_ == 1) set_alarm();
  wake();
  return true;
}

void RedisLink::call_one_way(RedisArguments call) {
  if (!up_ || one_way_calls_.size() >= options_.queue_limit) {
    ++health_.lost_one_way_calls;
    return;
  }
  one_way_calls_.push_back(std::move(call));
  wake();
}

void RedisLink::wake() noexcept {
  if (quiet_) quiet_->end();
}

void RedisLink::leave_queue(RedisRequest& request) noexcept {
  (request.previous_ ? request.previous_->next_ : first_) = request.next_;
  (request.next_ ? request.next_->previous_ : last_) = request.previous_;
  request.next_ = request.previous_ = nullptr;
  request.link_ = nullptr;
  --queued_;
}

// The waiting coroutine is resumed in the next turn, so that it does not run in the middle of the link's own work.
void RedisLink::hand_back(RedisRequest& request) noexcept {
  if (request.link_) leave_queue(request);
  if (request.sent_) std::exchange(request.sent_, nullptr)->request = nullptr;
  loop_.defer(request);
}

Milliseconds RedisLink::next_delay() {
  const double chance = std::uniform_real_distribution<double>()(random_);
  return redis_retry_delay(failures_++, chance);
}

Task<void> RedisLink::work() {
  if (!up_) co_await Pause(loop_, next_delay());
  for (;;) {
    std::string why;
    try {
      why = co_await connect(redis_connect_time);
      if (why.empty()) {
        change(true, {});
        why = co_await serve();
      }
    } catch (const std::exception& error) {
      why = error.what();
    }
    session_.close();
    change(false, why);
    fail_all();
    co_await Pause(loop_, next_delay());
  }
}

void RedisLink::change(bool up, std::string_view why) {
  if (std::exchange(up_, up) == up) return;
  up ? health_.link_up() : health_.link_down(why);
}

Task<std::string> RedisLink::connect(Milliseconds time) { co_return co_await session_.open(loop_.clock.now() + time); }

Task<std::string> RedisLink::serve() {
  for (;;) {
    std::string why = co_await wait_until_asked();
    if (!why.empty()) co_return why;
    take_batch();
    if (in_flight_.empty()) continue;
    answers_until_ = loop_.clock.now() + options_.timeout;
    set_alarm();
    why = co_await round_trip();
    answers_until_ = net::no_deadline;
    set_alarm();
    if (!why.empty()) co_return why;
    failures_ = 0;
  }
}

Task<std::string> RedisLink::wait_until_asked() {
  if (first_ || !one_way_calls_.empty()) co_return "";
  bool spoke = false;
  {
    Watch watch(*this);
    watch.begin();
    if (!watch.over()) co_await Quiet(*this);
    spoke = watch.over();
  }
  // The connection was closed while no request waited (a restart, an idle timeout): no outage if the server can be
  // reached again at once.
  if (!spoke && session_.stream().quiet()) co_return "";
  std::string why = co_await connect(options_.timeout);
  if (why.empty()) change(true, {});
  co_return why;
}

void RedisLink::take_batch() {
  const auto too_old = loop_.clock.now() - options_.timeout;
  in_flight_.clear();
  while (!one_way_calls_.empty() && in_flight_.size() < batch_limit / 2) {
    in_flight_.push_back({std::move(one_way_calls_.front()), nullptr});
    one_way_calls_.pop_front();
  }
  one_way_in_flight_ = in_flight_.size();
  while (first_ && in_flight_.size() < batch_limit) {
    RedisRequest& request = *first_;
    if (request.submitted_ < too_old) {
      hand_back(request);
      continue;
    }
    in_flight_.push_back({std::move(request.arguments), &request});
    leave_queue(request);
    request.sent_ = &in_flight_.back();
  }
}

Task<std::string> RedisLink::round_trip() {
  std::vector<Sent*> asked;
  asked.reserve(in_flight_.size());
  for (Sent& sent : in_flight_) asked.push_back(&sent);
  for (bool known = true; !asked.empty(); known = false) {
    // When Redis no longer has the script (SCRIPT FLUSH), the first call sends it again, also for the calls that
    // follow.
    outgoing_.clear();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (i == 0 && !known) {
        asked[i]->arguments.append_to(outgoing_, {"EVAL", options_.script});
      } else {
        asked[i]->arguments.append_to(outgoing_, {"EVALSHA", session_.digest()});
      }
    }
    // The alarm ends these two waits: a step of the timing wheel may be longer than their time.
    const net::Transfer sent = co_await session_.stream().write(outgoing_, net::no_deadline);
    if (sent.failure) co_return std::string(sent.failure.text);
    std::vector<Sent*> again;
    for (Sent* const each : asked) {
      if (session_.next_reply() != RedisReplies::State::complete) {
        const std::string why = co_await session_.wait_for_reply(net::no_deadline);
        if (!why.empty()) co_return why;
      }
      std::string why = take_answer(*each, again);
      if (!why.empty()) co_return why;
    }
    asked = std::move(again);
  }
  in_flight_.clear();
  one_way_in_flight_ = 0;
  co_return session_.has_unexpected_reply() ? "Redis sent an answer to no call" : "";
}

std::string RedisLink::take_answer(Sent& sent, std::vector<Sent*>& again) {
  const RedisReply& reply = session_.reply();
  if (reply.type == RedisReply::Type::error) {
    if (!reply.text.starts_with("NOSCRIPT")) return redis_refusal(reply.text);
    again.push_back(&sent);
  } else if (RedisRequest* const request = sent.request) {
    const bool fits = request->read(reply);
    hand_back(*request);
    if (!fits) return "an answer of Redis is not the script's";
  }
  return {};
}

void RedisLink::fail_all() noexcept {
  for (const Sent& sent : in_flight_)
    if (sent.request) hand_back(*sent.request);
  in_flight_.clear();
  health_.lost_one_way_calls += one_way_calls_.size() + std::exchange(one_way_in_flight_, 0);
  one_way_calls_.clear();
  while (first_) hand_back(*first_);
  answers_until_ = net::no_deadline;
  net::EventLoop::clear(*this);
}

void RedisLink::set_alarm() noexcept {
  auto due = answers_until_;
  if (first_) due = std::min(due, first_->submitted_ + 2 * options_.timeout);
  if (due == net::no_deadline) return net::EventLoop::clear(*this);
  loop_.set(*this, due);
}

void RedisLink::rang() noexcept {
  const auto now = loop_.clock.now();
  if (answers_until_ <= now) {
    answers_until_ = net::no_deadline;
    session_.stream().give_up(net::timed_out);
  } else if (answers_until_ == net::no_deadline && first_ && first_->submitted_ + 2 * options_.timeout <= now) {
    // The link still connects, and one request has waited for the whole timeout: all others fail now, too.
    change(false, net::timed_out.text);
    fail_all();
  }
  set_alarm();
}

}  // namespace sallyport::limits
