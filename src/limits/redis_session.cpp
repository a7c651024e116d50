// Connecting and signing in.
#include "limits/redis_session.hpp"

#include <span>
#include <utility>

namespace sallyport::limits {
namespace {

// Commands of which one holds the password.
class SignIn {
 public:
  explicit SignIn(std::size_t size) { bytes.reserve(size); }  // a password is not to be moved about
  SignIn(const SignIn&) = delete;
  SignIn& operator=(const SignIn&) = delete;
  ~SignIn() { detail::wipe({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()}); }

  std::string bytes;
  std::size_t answers = 0;
};

std::string words_of(const net::Failure& failure) {
  const std::string_view before = failure.error == net::NetError::certificate ? "its certificate is refused: "
                                  : failure.error == net::NetError::tls       ? "TLS: "
                                                                              : "";
  return std::string(before) + std::string(failure.text);
}

}  // namespace

std::string redis_refusal(std::string_view error) {
  std::string text = "Redis refuses: ";
  for (const char c : error.substr(0, error.find_first_of("\r\n"))) text += c >= ' ' && c <= '~' ? c : '?';
  return text;
}

Task<std::string> RedisSession::open(net::Deadline deadline) {
  close();
  replies_ = std::make_unique<RedisReplies>();
  const RedisAddress& address = options_.address;
  net::Connected made =
      co_await net::connect(loop_, resolver_, {address.host, address.port, options_.tls, {}}, deadline);
  if (made.failure) {
    const bool unknown = made.failure.error == net::NetError::no_such_host;
    co_return (unknown ? "can't find " + address.host : "can't connect to " + address.text()) + ": " +
        words_of(made.failure);
  }
  stream_ = std::move(made.stream);
  std::string why = co_await sign_in(deadline);
  if (!why.empty()) close();
  co_return why;
}

Task<std::string> RedisSession::sign_in(net::Deadline deadline) {
  SignIn commands(2 * options_.script.size() + 4096);
  std::string& out = commands.bytes;
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

  const net::Transfer sent = co_await stream_.write(out, deadline);
  if (sent.failure) co_return options_.address.text() + ": " + words_of(sent.failure);
  for (; due > 0; --due) {
    const std::string why = co_await wait_for_reply(deadline);
    if (!why.empty()) co_return options_.address.text() + ": " + why;
    if (reply().type == RedisReply::Type::error) co_return redis_refusal(reply().text);
    if (due == 2) digest_ = reply().text;
  }
  const bool is_digest = digest_.size() == 40;
  co_return is_digest ? "" : options_.address.text() + " answers as Redis does not";
}

Task<std::string> RedisSession::wait_for_reply(net::Deadline deadline) {
  for (;;) {
    const RedisReplies::State state = replies_->next();
    if (state == RedisReplies::State::complete) co_return "";
    if (state == RedisReplies::State::broken) co_return "its answer is not Redis' protocol";
    const net::Transfer got = co_await stream_.read(received_, deadline);
    if (got.failure) co_return words_of(got.failure);
    replies_->feed({received_.data(), got.bytes});
  }
}

}  // namespace sallyport::limits
