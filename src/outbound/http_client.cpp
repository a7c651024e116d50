// Writes a request, reads its answer, and gives the connection back where that is safe.
#include "outbound/http_client.hpp"

#include "base/character_class.hpp"
#include "http/http1_response.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

namespace sallyport::outbound {
namespace {

using detail::OutboundReply;
using detail::OutboundRequest;

// Node and Apache close a connection after five seconds without a request: one that was idle for almost as long is not used for a request
// that can't be repeated.
constexpr std::chrono::seconds idle_for_any_request{4};
constexpr std::chrono::seconds idle_for_repeatable{30};
constexpr std::size_t read_step = 16'384;

OutboundReply failed(OutboundFailure failure, std::string_view reason) {
  OutboundReply reply;
  reply.failure = failure;
  reply.reason = reason;
  return reply;
}

OutboundFailure failure_of(net::NetError error) noexcept {
  switch (error) {
    case net::NetError::none:
      return OutboundFailure::none;
    case net::NetError::no_such_host:
      return OutboundFailure::no_such_host;
    case net::NetError::unreachable:
      return OutboundFailure::unreachable;
    case net::NetError::timed_out:
      return OutboundFailure::timed_out;
    case net::NetError::tls:
    case net::NetError::certificate:
      return OutboundFailure::not_trusted;
    case net::NetError::too_many:
    case net::NetError::no_memory:
      return OutboundFailure::busy;
    case net::NetError::closed:
    case net::NetError::lost:
      break;
  }
  return OutboundFailure::cut_off;
}

OutboundReply failed(const net::Failure& failure) { return failed(failure_of(failure.error), failure.text); }

OutboundFailure failure_of(std::string_view rule) noexcept {
  if (rule == "response/none" || rule == "response/cut") return OutboundFailure::cut_off;
  return rule.starts_with("limit/") ? OutboundFailure::too_large : OutboundFailure::malformed;
}

// What was received and is not used yet.
class Unread {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
  void use(std::size_t size) noexcept { begin_ += size; }
  [[nodiscard]] std::span<char> room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (capacity_ - end_ < read_step) {
      const std::size_t size = end_ - begin_;
      const std::size_t wanted = std::max(capacity_, size + 2 * read_step);
      auto larger = std::make_unique_for_overwrite<char[]>(wanted);
      if (size > 0) std::memcpy(larger.get(), bytes_.get() + begin_, size);
      bytes_ = std::move(larger);
      capacity_ = wanted;
      begin_ = 0;
      end_ = size;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void received(std::size_t size) noexcept { end_ += size; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// The answer as far as it has come.
class Receiving {
 public:
  explicit Receiving(const OutboundRequest& request)
      : reader_(request.method == "HEAD" ? http::Asked::head : http::Asked::other, {.body = request.most_bytes}) {}

  /// True when the answer is whole, or has failed.
  [[nodiscard]] bool take(Unread& unread) {
    for (;;) {
      const auto event = reader_.read(unread.view());
      if (handle(event)) return true;
      unread.use(event.consumed);
      if (event.state == http::ResponseReader::State::need_more) return false;
      if (event.state == http::ResponseReader::State::ended) {
        whole_ = true;
        return true;
      }
    }
  }
  void ended(const Unread& unread) {
    const auto event = reader_.end_of_input(unread.view());
    if (!handle(event)) whole_ = true;
  }
  void failed_with(const net::Failure& failure) { fail(failure_of(failure.error), failure.text); }

  [[nodiscard]] bool begun() const noexcept { return reader_.begun(); }
  [[nodiscard]] bool reusable() const noexcept { return whole_ && reader_.reusable(); }
  [[nodiscard]] OutboundReply& reply() noexcept { return reply_; }

 private:
  void fail(OutboundFailure failure, std::string_view reason) { reply_ = failed(failure, reason); }
  // True for an error.
  [[nodiscard]] bool handle(const http::ResponseReader::Event& event) {
    switch (event.state) {
      case http::ResponseReader::State::error:
        fail(failure_of(event.rule), event.rule);
        return true;
      case http::ResponseReader::State::head:
        return !keep_head();
      case http::ResponseReader::State::data:
        reply_.body.append(event.data);
        return false;
      case http::ResponseReader::State::interim:
      case http::ResponseReader::State::need_more:
      case http::ResponseReader::State::ended:
        break;
    }
    return false;
  }
  [[nodiscard]] bool keep_head() {
    const http::ResponseHead& head = reader_.head();
    const http::KnownField coding = head.known(http::KnownHeader::content_encoding);
    if (coding && !base::equal_ignoring_case(coding.value, "identity")) {
      fail(OutboundFailure::malformed, "the content is coded, which was not asked for");
      return false;
    }
    reply_.status = head.status;
    reply_.fields.reserve(head.fields().size());
    for (const http::HeaderField& field : head.fields()) {
      reply_.fields.push_back({std::string(field.name), std::string(field.value)});
    }
    return true;
  }

  http::ResponseReader reader_;
  OutboundReply reply_;
  bool whole_ = false;
};

// Sends the request and receives the answer. Whether the connection is as good as before.
Task<bool> converse(net::OutboundStream& stream, const std::string& bytes, Receiving& receiving,
                    net::Deadline deadline) {
  const net::Transfer sent = co_await stream.write(bytes, deadline);
  if (sent.failure) {
    receiving.failed_with(sent.failure);
    co_return false;
  }
  Unread unread;
  while (!receiving.take(unread)) {
    const net::Transfer got = co_await stream.read(unread.room(), deadline);
    if (got.failure.error == net::NetError::closed) {
      receiving.ended(unread);
      co_return false;
    }
    if (got.failure) {
      receiving.failed_with(got.failure);
      co_return false;
    }
    unread.received(got.bytes);
  }
  co_return receiving.reusable() && unread.view().empty();
}

// A place among those that are counted.
class Counted {
 public:
  explicit Counted(std::size_t& count) noexcept : count_(count) { ++count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count_; }

 private:
  std::size_t& count_;
};

}  // namespace

bool is_idempotent(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
}

std::string request_bytes(const Destination& to, const OutboundRequest& request) {
  std::string out;
  out.reserve(256 + request.target.size() + request.body.size());
  const auto field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  field("Host", to.authority);
  field("User-Agent", "Sallyport");
  field("Accept-Encoding", "identity");
  for (const detail::OutboundField& each : request.fields) field(each.name, each.value);
  if (!request.content_type.empty()) field("Content-Type", request.content_type);
  // A method that usually has content says that there is none (RFC 9110 8.6).
  const bool says_length =
      !request.content_type.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (says_length) field("Content-Length", std::to_string(request.body.size()));
  out.append("\r\n").append(request.body);
  return out;
}

HttpClient::HttpClient(net::EventLoop& loop, net::Resolver& resolver, net::PoolLimits limits)
    : loop_(loop), resolver_(resolver), pool_(loop, resolver, limits) {}

Task<HttpClient::Attempt> HttpClient::attempt(const Destination& to, const std::string& bytes,
                                              const OutboundRequest& request, net::Deadline deadline, bool fresh) {
  const bool repeatable = is_idempotent(request.method);
  const std::chrono::nanoseconds most_idle = fresh        ? std::chrono::nanoseconds(0)
                                             : repeatable ? std::chrono::nanoseconds(idle_for_repeatable)
                                                          : std::chrono::nanoseconds(idle_for_any_request);
  net::Target target = to.target;
  net::ConnectionPool::Leased leased = co_await pool_.take(std::move(target), deadline, most_idle);
  if (leased.failure) co_return Attempt{failed(leased.failure), false};
  net::OutboundStream& stream = leased.lease.stream();
  Receiving receiving(request);
  const bool clean = co_await converse(stream, bytes, receiving, deadline);
  if (clean) leased.lease.give_back(idle_for_repeatable);
  const bool cut = receiving.reply().failure == OutboundFailure::cut_off;
  const bool may_repeat = cut && repeatable && leased.lease.reused() && !receiving.begun();
  co_return Attempt{std::move(receiving.reply()), may_repeat};
}

Task<OutboundReply> HttpClient::send(Destination to, OutboundRequest request) {
  const net::Deadline deadline = loop_.clock.now() + request.time;
  const std::string bytes = request_bytes(to, request);
  Attempt first = co_await attempt(to, bytes, request, deadline, false);
  if (!first.may_repeat) co_return std::move(first.reply);
  Attempt second = co_await attempt(to, bytes, request, deadline, true);
  co_return std::move(second.reply);
}

Task<OutboundReply> HttpClient::send_once(Destination to, OutboundRequest request, net::Deadline deadline) {
  if (unkept_ == most_unkept)
    co_return failed(OutboundFailure::busy, "too many calls of public addresses are under way");
  const Counted counted(unkept_);
  request.fields.push_back({"Connection", "close"});
  const std::string bytes = request_bytes(to, request);
  net::Connected made = co_await net::connect(loop_, resolver_, std::move(to.target), deadline);
  if (made.failure) co_return failed(made.failure);
  Receiving receiving(request);
  static_cast<void>(co_await converse(made.stream, bytes, receiving, deadline));
  co_return std::move(receiving.reply());
}

}  // namespace sallyport::outbound

namespace sallyport {

std::string_view failure_name(OutboundFailure failure) noexcept {
  constexpr std::string_view names[] = {"none",      "no_such_host",    "unreachable",       "not_trusted",
                                        "timed_out", "cut_off",         "malformed",         "too_large",
                                        "busy",      "address_refused", "unexpected_status", "unexpected_body"};
  return names[static_cast<std::size_t>(failure)];
}

}  // namespace sallyport
