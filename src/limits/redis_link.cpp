// The link's thread: connect, take what is queued, ask, hand back; and what happens when that fails.
#include "limits/redis_link.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>
#include <utility>

namespace sallyport::limits {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t batch_limit = 512;
// Nobody waits for it: room for TLS and a distant machine.
constexpr Milliseconds connect_time{2000};

base::Descriptor make_signal() {
  base::Descriptor made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!made) throw std::system_error(errno, std::system_category(), "eventfd");
  return made;
}

void raise_signal(const base::Descriptor& signal) noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(signal.get(), &one, sizeof one));  // fails only where it is readable already
}

void lower_signal(const base::Descriptor& signal) noexcept {
  std::uint64_t count = 0;
  static_cast<void>(!::read(signal.get(), &count, sizeof count));
}

// What a server says goes into the log: its first line, printable.
std::string refusal(std::string_view error) {
  std::string text = "Redis refuses: ";
  for (const char c : error.substr(0, error.find_first_of("\r\n"))) text += c >= ' ' && c <= '~' ? c : '?';
  return text;
}

RedisRequest* next_of(const RedisRequest* request) noexcept { return static_cast<RedisRequest*>(request->next); }

}  // namespace

Milliseconds redis_retry_delay(std::uint32_t failures, double chance) noexcept {
  const std::int64_t whole = std::min<std::int64_t>(std::int64_t{100} << std::min(failures, 10U), 5000);
  return Milliseconds(whole / 2 + static_cast<std::int64_t>(static_cast<double>(whole) / 2 * chance));
}

RedisLink::RedisLink(RedisLinkOptions options)
    : options_(std::move(options)),
      stop_(make_signal()),
      wake_(make_signal()),
      connection_(stop_.get()),
      random_(std::random_device{}()) {
  // Signals are for others to handle; SIGPIPE among them, so that a closed connection is an error of write() here.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

RedisLink::~RedisLink() {
  {
    const std::lock_guard lock(mutex_);
    up_ = false;
    stopping_ = true;
  }
  raise_signal(stop_);
  thread_.join();
  for (const Sent& sent : in_flight_)
    if (sent.request) sent.request->finish();
  for (RedisRequest* request = queue_; request;) std::exchange(request, next_of(request))->finish();
}

std::string RedisLink::first_attempt() {
  std::unique_lock lock(mutex_);
  first_over_.wait(lock, [this] { return first_.has_value(); });
  return *first_;
}

bool RedisLink::submit(RedisRequest& request) noexcept {
  request.submitted_ = std::chrono::steady_clock::now();
  request.next = nullptr;
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (!up_ || queued_ == options_.queue_limit) return false;
    if (queue_end_) {
      queue_end_->next = &request;
    } else {
      queue_ = &request;
    }
    queue_end_ = &request;
    ++queued_;
    wakes = std::exchange(asleep_, false);
  }
  if (wakes) raise_signal(wake_);
  return true;
}

void RedisLink::note(RedisArguments call) {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (!up_ || notes_.size() >= options_.queue_limit) {
      ++lost_notes_;
      return;
    }
    notes_.push_back(std::move(call));
    wakes = std::exchange(asleep_, false);
  }
  if (wakes) raise_signal(wake_);
}

void RedisLink::work() noexcept {
  std::uint32_t failures = 0;
  while (!stopping_) {
    std::string why = connect();
    if (stopping_) why = "the service stops";
    change(why.empty(), why);
    if (why.empty()) {
      try {
        why = serve(failures);
      } catch (const std::exception& error) {
        why = error.what();
      }
      connection_.close();
      if (stopping_) return;
      change(false, why);
      fail_all();
    }
    pause(redis_retry_delay(failures++, std::uniform_real_distribution<double>()(random_)));
  }
}

void RedisLink::change(bool up, std::string_view why) {
  bool tell = false;
  {
    const std::lock_guard lock(mutex_);
    const bool is_first = !first_;
    if (is_first) first_ = why;
    tell = !is_first && up_ != up && !stopping_;
    if (!stopping_) up_ = up;
  }
  first_over_.notify_all();
  if (tell && options_.on_change) options_.on_change(up, why);
}

std::string RedisLink::connect() {
  try {
    return connection_.find(options_.address) ? reconnect(connect_time) : connection_.why();
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string RedisLink::reconnect(Milliseconds time) {
  const RedisDeadline deadline = std::chrono::steady_clock::now() + time;
  return connection_.open(options_.address, options_.tls.get(), deadline) ? sign_in(deadline) : connection_.why();
}

std::string RedisLink::sign_in(RedisDeadline deadline) {
  std::string& out = connection_.outgoing();
  out.reserve(2 * options_.script.size() + 4096);  // the password is not to be moved about
  const RedisArguments nothing;
  std::size_t due = 2;
  options_.password.expose([&](std::span<const unsigned char> bytes) {
    if (bytes.empty()) return;
    ++due;
    const std::string_view password(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (options_.user.empty()) {
      nothing.append_to(out, {"AUTH", password});
    } else {
      nothing.append_to(out, {"AUTH", options_.user, password});
    }
  });
  if (options_.address.database != 0) {
    ++due;
    nothing.append_to(out, {"SELECT", std::to_string(options_.address.database)});
  }
  nothing.append_to(out, {"SCRIPT", "LOAD", options_.script});
  options_.probe.append_to(out, {"EVAL", options_.script});

  for (; due > 0; --due) {
    const RedisReply* const reply = connection_.next_reply(deadline);
    if (!reply) return options_.address.text() + ": " + connection_.why();
    if (reply->type == RedisReply::Type::error) return refusal(reply->text);
    if (due == 2) digest_ = reply->text;
  }
  const bool is_digest = digest_.size() == 40;
  return is_digest ? "" : options_.address.text() + " answers as Redis does not";
}

bool RedisLink::must_sleep() {
  const std::lock_guard lock(mutex_);
  asleep_ = !queue_ && notes_.empty();
  return asleep_;
}

std::string RedisLink::serve(std::uint32_t& failures) {
  for (;;) {
    std::array<pollfd, 3> files{pollfd{connection_.socket(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0},
                                pollfd{wake_.get(), POLLIN, 0}};
    if (::poll(files.data(), files.size(), must_sleep() ? -1 : 0) < 0 && errno != EINTR)
      return std::system_category().message(errno);
    if (files[1].revents != 0) return "the service stops";
    if (files[2].revents != 0) lower_signal(wake_);
    // Closed while nothing was asked (a restart, its idle timeout): no outage if it is there again at once.
    if (files[0].revents != 0 && !connection_.is_quiet()) {
      std::string why = reconnect(options_.timeout);
      if (!why.empty()) return why;
    }
    take_batch();
    if (in_flight_.empty()) continue;
    std::string why = round_trip();
    if (!why.empty()) return why;
    failures = 0;
  }
}

void RedisLink::take_batch() {
  const RedisDeadline too_old = std::chrono::steady_clock::now() - options_.timeout;
  notes_in_flight_.clear();
  in_flight_.clear();
  in_flight_.reserve(batch_limit);
  notes_in_flight_.reserve(batch_limit);
  RedisRequest* late = nullptr;
  {
    const std::lock_guard lock(mutex_);
    asleep_ = false;
    while (!notes_.empty() && notes_in_flight_.size() < batch_limit / 2) {
      notes_in_flight_.push_back(std::move(notes_.front()));
      notes_.pop_front();
    }
    for (const RedisArguments& note : notes_in_flight_) in_flight_.push_back({&note, nullptr});
    while (queue_ && in_flight_.size() < batch_limit) {
      RedisRequest* const request = std::exchange(queue_, next_of(queue_));
      --queued_;
      if (request->submitted_ < too_old) {
        request->next = std::exchange(late, request);
      } else {
        in_flight_.push_back({&request->arguments, request});
      }
    }
    if (!queue_) queue_end_ = nullptr;
  }
  while (late) std::exchange(late, next_of(late))->run(0);
}

std::string RedisLink::round_trip() {
  const RedisDeadline deadline = std::chrono::steady_clock::now() + options_.timeout;
  std::vector<Sent*> asked;
  asked.reserve(in_flight_.size());
  for (Sent& sent : in_flight_) asked.push_back(&sent);
  for (bool known = true; !asked.empty(); known = false) {
    // When the script has been forgotten (SCRIPT FLUSH), the first call brings it again, for those that follow too.
    std::string& out = connection_.outgoing();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (i == 0 && !known) {
        asked[i]->arguments->append_to(out, {"EVAL", options_.script});
      } else {
        asked[i]->arguments->append_to(out, {"EVALSHA", digest_});
      }
    }
    std::vector<Sent*> again;
    for (Sent* const sent : asked) {
      const RedisReply* const reply = connection_.next_reply(deadline);
      if (!reply) return connection_.why();
      if (reply->type == RedisReply::Type::error) {
        if (!reply->text.starts_with("NOSCRIPT")) return refusal(reply->text);
        again.push_back(sent);
      } else if (RedisRequest* const request = std::exchange(sent->request, nullptr)) {
        const bool fits = request->read(*reply);
        request->run(0);
        if (!fits) return "an answer of Redis is not the script's";
      }
    }
    asked = std::move(again);
  }
  in_flight_.clear();
  notes_in_flight_.clear();
  return connection_.has_surplus() ? "Redis answers what nobody asked" : "";
}

void RedisLink::fail_all() noexcept {
  // The link is down: nobody adds anything.
  for (const Sent& sent : in_flight_)
    if (sent.request) sent.request->run(0);
  in_flight_.clear();
  RedisRequest* queue = nullptr;
  {
    const std::lock_guard lock(mutex_);
    lost_notes_ += notes_.size() + notes_in_flight_.size();
    notes_.clear();
    queue = std::exchange(queue_, nullptr);
    queue_end_ = nullptr;
    queued_ = 0;
  }
  while (queue) std::exchange(queue, next_of(queue))->run(0);
}

void RedisLink::pause(Milliseconds time) const noexcept {
  pollfd stop{stop_.get(), POLLIN, 0};
  static_cast<void>(
      ::poll(&stop, 1, static_cast<int>(time.count())));  // cut short by nothing but the end: no signals here
}

}  // namespace sallyport::limits
