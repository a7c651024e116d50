// The log's rings and its thread.
#include "ops/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/json_text.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace sallyport::ops {
namespace {

constexpr std::chrono::milliseconds flush_interval{100};
// A pipe or socket that poll() calls writable takes this much without blocking (POSIX PIPE_BUF on Linux).
constexpr std::size_t unblocked_write = 4096;

std::string make_constant_members(const LogOptions& options) {
  std::string members;
  const auto add = [&members](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    members.append(",\"").append(key).append("\":");
    base::append_json_string(members, value.substr(0, 64), base::JsonEscapes::line);
  };
  add("app", options.app);
  add("ver", options.version);
  // On standard output, what the program prints stands between these lines. It can't know this number, so text that a client made the
  // program print is no line of the log.
  if (options.file.empty()) add("run", crypto::encode_hex(crypto::ByteView(crypto::random_128()).first(8)));
  return members;
}

// For errors of the log itself.
void print_to_stderr(const char* what, std::string_view why) noexcept {
  std::array<char, 200> message{};
  const int size =
      std::snprintf(message.data(), message.size(), "%s: %.*s\n", what, static_cast<int>(why.size()), why.data());
  const int limit = static_cast<int>(message.size()) - 1;
  (void)!::write(STDERR_FILENO, message.data(), static_cast<std::size_t>(std::clamp(size, 0, limit)));
}

}  // namespace

// ---- LogBuffer: the producer's side

LogBuffer::LogBuffer(Log& log, std::string_view constant_members)
    : log_(log), constant_members_(constant_members), bytes_(std::make_unique<char[]>(capacity)) {}

bool LogBuffer::wants(Severity severity) const noexcept { return severity >= log_.options_.level; }

JsonLine LogBuffer::line(Severity severity, EventName event) noexcept {
  return JsonLine{timestamp_.at(log_.clock_.wall()), severity, event, constant_members_};
}

void LogBuffer::write(JsonLine& line) noexcept {
  if (wants(line.severity())) push(line.finish());
}

void LogBuffer::access(const AccessLine& access) noexcept {
  if (!log_.options_.access || !wants(Severity::info)) return;
  // Its two kilobytes are written before they are read: no need to have the compiler clear them for every request.
  __attribute__((uninitialized)) JsonLine line = this->line(Severity::info, "http_access");
  if (!access.request_id.empty()) line.plain("req", access.request_id);
  if (!access.client.empty()) line.plain("src", access.client);
  if (!access.user.empty()) line.text("user", access.user);
  if (!access.route.empty()) line.text("route", access.route);
  if (!access.method.empty()) line.text("method", access.method);
  line.number("status", access.status).number("bytes", access.bytes).number("micros", access.micros);
  push(line.finish());
}

void LogBuffer::push(std::string_view text) noexcept {
  const std::size_t head = head_.load(std::memory_order_relaxed);
  if (head - seen_tail_ + text.size() > capacity / 2) {
    seen_tail_ = tail_.load(std::memory_order_acquire);
    if (head - seen_tail_ + text.size() > capacity / 2) log_.wake();
    if (head - seen_tail_ + text.size() > capacity) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
  }
  const std::size_t at = head % capacity;
  const std::size_t first = std::min(text.size(), capacity - at);
  std::memcpy(bytes_.get() + at, text.data(), first);
  if (first < text.size()) std::memcpy(bytes_.get(), text.data() + first, text.size() - first);
  head_.store(head + text.size(), std::memory_order_release);
}

// ---- Log: opening and closing

Log::Sink::Sink(int fd, bool owned) noexcept : fd_(fd), owned_(owned) {
  struct stat status {};
  can_block_ = fd >= 0 && (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode));
}

Log::Sink::~Sink() {
  if (owned_ && fd_ >= 0) ::close(fd_);
}

Log::Sink Log::open_sink(const std::string& file) noexcept {
  if (file.empty()) return Sink{STDOUT_FILENO, false};
  // O_NONBLOCK: a pipe without a reader is refused now instead of stopping the start for ever. No links: the file may be
  // in a directory that others write to.
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
  return Sink{::open(file.c_str(), flags, S_IRUSR | S_IWUSR), true};
}

std::unique_ptr<Log> Log::open(LogOptions options, const base::Clock& clock, Findings& findings) {
  Sink sink = open_sink(options.file);
  if (sink.fd() < 0 || ::fcntl(sink.fd(), F_GETFL) < 0) {
    findings.add("CFG-032", "log.file", "the log can't be written: " + std::generic_category().message(errno));
    return nullptr;
  }
  Sink wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), true};
  if (wake.fd() < 0) {
    findings.add("CFG-032", "log", "the log can't start: " + std::generic_category().message(errno),
                 "raise the limit on open files");
    return nullptr;
  }
  return std::unique_ptr<Log>{new Log{std::move(options), clock, std::move(sink), std::move(wake)}};
}

Log::Log(LogOptions options, const base::Clock& clock, Sink sink, Sink wake)
    : options_(std::move(options)),
      clock_(clock),
      constant_members_(make_constant_members(options_)),
      sink_(std::move(sink)),
      patience_(options_.patience),
      wake_(std::move(wake)),
      shared_buffer_(new_buffer()) {
  // Signals are for the loops to handle; SIGPIPE among them, so that a closed pipe is an error of write() here.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread{[this] { run(); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Log::~Log() {
  stopping_.store(true, std::memory_order_release);
  wake();
  thread_.join();
}

LogBuffer& Log::new_buffer() {
  auto buffer = std::make_unique<LogBuffer>(*this, constant_members_);
  const std::lock_guard lock{mutex_};
  return *buffers_.emplace_back(std::move(buffer));
}

// ---- Log: asking the thread for something

void Log::wake() noexcept {
  // One write for many requests, until the thread has noticed.
  if (wake_asked_.load(std::memory_order_relaxed) || wake_asked_.exchange(true, std::memory_order_acq_rel)) return;
  const std::uint64_t one = 1;
  (void)!::write(wake_.fd(), &one, sizeof one);
}

void Log::reopen() noexcept {
  if (options_.file.empty()) return;  // standard output has no name to open again
  reopen_asked_.store(true, std::memory_order_release);
  wake();
}

void Log::flush() {
  std::unique_lock lock{mutex_};
  const std::uint64_t ticket = ++flush_asked_;
  wake();
  flushed_changed_.wait(lock, [&] { return flushed_ >= ticket; });
}

// ---- Log: the thread

void Log::wait_for_work() noexcept {
  pollfd asked{wake_.fd(), POLLIN, 0};
  if (::poll(&asked, 1, flush_interval.count()) > 0) {
    std::uint64_t count = 0;
    (void)!::read(wake_.fd(), &count, sizeof count);
  }
  wake_asked_.store(false, std::memory_order_release);
}

void Log::run() {
  std::vector<LogBuffer*> buffers;
  for (bool last_round = false; !last_round;) {
    wait_for_work();
    last_round = stopping_.load(std::memory_order_acquire);
    std::uint64_t ticket = 0;
    {
      const std::lock_guard lock{mutex_};
      ticket = flush_asked_;
      buffers.clear();
      for (const auto& buffer : buffers_) buffers.push_back(buffer.get());
    }
    if (reopen_asked_.exchange(false, std::memory_order_acq_rel)) reopen_sink();
    for (LogBuffer* buffer : buffers) drain(*buffer);
    {
      const std::lock_guard lock{mutex_};
      flushed_ = ticket;
    }
    flushed_changed_.notify_all();
  }
}

void Log::drain(LogBuffer& buffer) noexcept {
  const std::size_t tail = buffer.tail_.load(std::memory_order_relaxed);
  const std::size_t head = buffer.head_.load(std::memory_order_acquire);
  if (head != tail) {
    const std::size_t at = tail % LogBuffer::capacity;
    const std::size_t first = std::min(head - tail, LogBuffer::capacity - at);
    write_out({buffer.bytes_.get() + at, first});
    if (first < head - tail) write_out({buffer.bytes_.get(), head - tail - first});
    buffer.tail_.store(head, std::memory_order_release);
  }
  if (const std::uint64_t dropped = buffer.dropped_.exchange(0, std::memory_order_relaxed); dropped != 0) {
    dropped_lines_.fetch_add(dropped, std::memory_order_relaxed);
    JsonLine line{timestamp_.at(clock_.wall()), Severity::warning, "log_lines_dropped", constant_members_};
    write_out(line.number("count", dropped).finish());
  }
}

void Log::write_out(std::string_view text) noexcept {
  if (line_incomplete_ && !text.empty()) {
    line_incomplete_ = false;
    write_out("\n");  // so that the next text begins on a new line
    if (line_incomplete_) return;
  }
  while (!text.empty()) {
    if (sink_.can_block() && !wait_writable()) {
      failed("it takes no more");
      return;
    }
    const std::size_t size = sink_.can_block() ? std::min(text.size(), unblocked_write) : text.size();
    const ssize_t written = ::write(sink_.fd(), text.data(), size);
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (written < 0 && errno != EINTR && errno != EAGAIN) {
      failed(std::generic_category().message(errno));
      return;
    }
  }
}

bool Log::wait_writable() noexcept {
  pollfd writable{sink_.fd(), POLLOUT, 0};
  while (true) {
    const bool stopping = stopping_.load(std::memory_order_acquire);
    const auto wait = stopping ? std::min(patience_, flush_interval) : flush_interval;
    if (::poll(&writable, 1, static_cast<int>(wait.count())) > 0)
      return true;  // on POLLERR too: write() returns the error
    if (!stopping) continue;
    patience_ -= wait;
    if (patience_ <= std::chrono::milliseconds{0}) return false;
  }
}

void Log::failed(std::string_view what) noexcept {
  line_incomplete_ = true;
  if (write_errors_.fetch_add(1, std::memory_order_relaxed) != 0) return;
  print_to_stderr("the log can't be written, lines are lost", what);
}

void Log::reopen_sink() noexcept {
  Sink opened = open_sink(options_.file);
  if (opened.fd() < 0) {
    write_errors_.fetch_add(1, std::memory_order_relaxed);
    print_to_stderr("the log can't be opened again, the old file stays in use", std::generic_category().message(errno));
    return;
  }
  sink_ = std::move(opened);
  line_incomplete_ = false;
}

}  // namespace sallyport::ops
