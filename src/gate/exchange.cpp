// How an exchange is reset, gets its id, waits for coroutines and is abandoned.
#include "gate/exchange.hpp"

#include "crypto/random.hpp"
#include "crypto/siphash.hpp"
#include "gate/security_event.hpp"
#include "gate/site.hpp"

#include <sallyport/detail/misuse.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace sallyport::gate {
namespace {

// The eight hexadecimal digits of four bytes, in their order: computed in parallel in one word, because every request
// needs an id.
std::array<char, 8> hex_digits(const unsigned char* bytes) noexcept {
  std::uint64_t word =
      bytes[0] | std::uint64_t{bytes[1]} << 16 | std::uint64_t{bytes[2]} << 32 | std::uint64_t{bytes[3]} << 48;
  word = (word << 8 | word >> 4) & 0x0f0f'0f0f'0f0f'0f0f;  // one digit's value in each byte
  const std::uint64_t letters = (word + 0x0606'0606'0606'0606) >> 4 & 0x0101'0101'0101'0101;
  word += 0x3030'3030'3030'3030 + letters * ('a' - '0' - 10);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return std::bit_cast<std::array<char, 8>>(word);
}

constexpr std::size_t body_kept = std::size_t{64} * 1024;  // memory for the body of the next answer

}  // namespace

void Answer::reset() noexcept {
  static_cast<AnswerFacts&>(*this) = AnswerFacts{};
  if (body.capacity() > body_kept) std::string().swap(body);
  for (std::string* text : {&body, &content_range, &location, &etag, &nonce}) text->clear();
  file = {};
  cookies.clear();
  fields.clear();
  forwarded.clear();
}
// When this fails, a member has been added: `reset` has to clear it, too.
static_assert(sizeof(Answer) == sizeof(AnswerFacts) + 5 * sizeof(std::string) + sizeof(FilePart) +
                                    sizeof(std::vector<std::string>) + sizeof(std::vector<Response::Field>) +
                                    sizeof(std::vector<http::HeaderField>));

Exchange::Exchange(const Site& the_site, Loop& the_loop, ExchangeOwner& owner, const base::IpAddress& the_peer)
    : peer(the_peer),
      client(the_peer),
      call(the_site.make_call(*this)),
      site(the_site),
      rules(the_site.rules),
      loop(the_loop),
      owner_(&owner) {}

void Exchange::reset() noexcept {
  static_cast<RequestState&>(*this) = RequestState{};
  LimitState::reset();
  position = Position{};
  client = peer;
  answer.reset();
  bytes_sent = 0;
  started = ended = {};
  decoded_path.clear();
  edited_body.clear();
  joined_cookies_.clear();
  task_.reset();
  call->reset();
  begin_request();
  body_wanted_ = BodyWant::none;
  body_waiter_ = sleeper_ = nullptr;
  abandoned_ = has_id_ = misuse_logged_ = false;
}

std::string_view Exchange::cookies() const {
  const http::KnownField cookie = head.known(http::KnownHeader::cookie);
  if (!cookie.repeated) return cookie.value;
  if (!joined_cookies_.empty()) return joined_cookies_;
  for (const http::HeaderField& field : head.fields()) {
    if (field.known != http::KnownHeader::cookie) continue;
    if (!joined_cookies_.empty()) joined_cookies_.append("; ");
    joined_cookies_.append(field.value);
  }
  return joined_cookies_;
}

std::string_view Exchange::id() {
  if (!has_id_) {
    auto bytes = crypto::random_128();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // variant 10
    // 8-4-4-4-12 digits; the hyphens never move.
    const auto put = [this](std::size_t at, const char* digits, std::size_t count) {
      std::memcpy(id_.data() + at, digits, count);
    };
    const auto first = hex_digits(&bytes[0]);
    const auto second = hex_digits(&bytes[4]);
    const auto third = hex_digits(&bytes[8]);
    const auto fourth = hex_digits(&bytes[12]);
    put(0, first.data(), 8);
    put(9, second.data(), 4);
    put(14, second.data() + 4, 4);
    put(19, third.data(), 4);
    put(24, third.data() + 4, 4);
    put(28, fourth.data(), 8);
    id_[8] = id_[13] = id_[18] = id_[23] = '-';
    has_id_ = true;
  }
  return {id_.data(), id_.size()};
}

std::string_view Exchange::client_text() {
  if (client_text_.empty() || client != written_client_) {
    written_client_ = client;
    client_text_ = client.text();
  }
  return client_text_;
}

const HeaderBlock& Exchange::header_block() const noexcept {
  if (redirect_listener) return rules.headers_in_clear.of(answer.kind);
  return rules.headers[facts ? facts->headers : 0].of(answer.kind);
}

bool Exchange::wants_page() const noexcept {
  const auto dest = head.known(http::KnownHeader::sec_fetch_dest);
  if (dest) return dest.value == "document" || dest.value == "iframe" || dest.value == "frame";
  return head.known(http::KnownHeader::accept).value.starts_with("text/html");
}

bool Exchange::start(Task<void> task) {
  task_ = detail::OwnedTask<void>(task);
  const detail::Running running(this);
  if (task_.start(*this)) return true;
  waiting_ = true;
  kept_alive_ = owner_->hold();
  return false;
}

void Exchange::take_task() {
  const detail::OwnedTask<void> finished = std::move(task_);
  finished.await_resume();
  check_misuse();
}

bool Exchange::misuse_fails() const noexcept {
  return misused().what && (misused().ends_request || site.settings.mode == ops::Mode::development);
}

// A stream comes by with every piece: it is said once.
void Exchange::judge_misuse() {
  if (misuse_fails()) throw detail::Misuse(misused().what);
  if (!std::exchange(misuse_logged_, true)) log_misuse(*this);
}

std::uint64_t Exchange::source() const noexcept {
  return crypto::siphash(rules.table_key, client.client_prefix().bytes());
}

void Exchange::abandon() noexcept {
  if (!waiting_) return call->abandon();
  abandoned_ = true;
  if (!job_away()) drop();
}

// Ends the chain of coroutines where it waits: every destructor in it runs.
void Exchange::drop() noexcept {
  base::TimingWheel::disarm(*this);
  sleeper_ = body_waiter_ = nullptr;
  body_wanted_ = BodyWant::none;
  end_code([this] { task_.reset(); });
  call->abandon();
  waiting_ = false;
  const std::shared_ptr<void> last = std::move(kept_alive_);  // may be what kept `this`
}

void Exchange::resume(detail::Job& finished) noexcept {
  job_is_back();
  if (abandoned_) {
    drop();
    return;
  }
  go_on(finished.waiter());
  moved();
}

void Exchange::go_on(std::coroutine_handle<> waiter) noexcept {
  const detail::Running running(this);
  waiter.resume();
}

void Exchange::moved() noexcept {
  const std::shared_ptr<void> keep = kept_alive_;
  if (task_.done()) {
    waiting_ = false;
    kept_alive_.reset();
    owner_->exchange_moved(*this);
  } else if (body_wanted_ != BodyWant::none) {
    owner_->exchange_moved(*this);
  }
}

void Exchange::end_stream() noexcept {
  position.stream_over = true;
  if (!waiting_ || !answer.events) return;
  const std::shared_ptr<void> keep = kept_alive_;
  owner_->exchange_moved(*this);
}

bool Exchange::resume_body_waiter() noexcept {
  body_wanted_ = BodyWant::none;
  if (!body_waiter_) return false;
  go_on(std::exchange(body_waiter_, nullptr));
  if (task_.done()) {
    waiting_ = false;
    kept_alive_.reset();  // the caller is the owner
  }
  return true;
}

void Exchange::wake_after(std::chrono::nanoseconds time, std::coroutine_handle<> waiter) noexcept {
  sleeper_ = waiter;
  // Bounded, so that a very long time does not overflow into the past.
  loop.wheel.arm(*this, loop.clock.now() + std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24 * 365)));
}

void Exchange::expired() noexcept {
  go_on(std::exchange(sleeper_, nullptr));
  moved();
}

}  // namespace sallyport::gate
