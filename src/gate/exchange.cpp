// The exchange's own mechanics: reuse, its id, waiting and being given up.
#include "gate/exchange.hpp"

#include "crypto/random.hpp"
#include "gate/site.hpp"

#include <algorithm>

namespace sallyport::gate {
namespace {

constexpr auto hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 4], digits[i & 15]};
  return pairs;
}();

constexpr std::size_t body_kept = std::size_t{64} * 1024;  // memory of its last answer that an idle connection may keep

}  // namespace

void Answer::reset() noexcept {
  static_cast<AnswerFacts&>(*this) = AnswerFacts{};
  if (body.capacity() > body_kept) std::string().swap(body);
  for (std::string* text : {&body, &content_range, &location, &etag, &nonce}) text->clear();
  file = {};
  cookies.clear();
  fields.clear();
  forwarded.clear();
  left_out = 0;
}
// A member that owns memory has been added: `reset` has to forget it.
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
  task_.reset();
  call->reset();
  body_wanted_ = BodyWant::none;
  body_waiter_ = sleeper_ = nullptr;
  abandoned_ = has_id_ = false;
}

std::string_view Exchange::id() {
  if (!has_id_) {
    auto bytes = crypto::random_128();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // variant 10
    // Where each byte's two digits go in 8-4-4-4-12; the hyphens never move.
    static constexpr std::array<std::uint8_t, 16> places{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      id_[places[i]] = hex_pairs[bytes[i]][0];
      id_[places[i] + 1U] = hex_pairs[bytes[i]][1];
    }
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
  task_ = std::move(task);
  if (task_->start(*this)) return true;
  waiting_ = true;
  kept_alive_ = owner_->hold();
  return false;
}

void Exchange::take_task() {
  Task<void> finished = std::move(*task_);
  task_.reset();
  finished.await_resume();
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
  task_.reset();
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
  finished.waiter().resume();
  moved();
}

void Exchange::moved() noexcept {
  const std::shared_ptr<void> keep = kept_alive_;
  if (task_->done()) {
    waiting_ = false;
    kept_alive_.reset();
    owner_->exchange_moved(*this);
  } else if (body_wanted_ != BodyWant::none) {
    owner_->exchange_moved(*this);
  }
}

bool Exchange::resume_body_waiter() noexcept {
  body_wanted_ = BodyWant::none;
  if (!body_waiter_) return false;
  std::exchange(body_waiter_, nullptr).resume();
  if (task_->done()) {
    waiting_ = false;
    kept_alive_.reset();  // the owner is who called
  }
  return true;
}

void Exchange::wake_after(std::chrono::nanoseconds time, std::coroutine_handle<> waiter) noexcept {
  sleeper_ = waiter;
  // A coroutine that sleeps for a century must not wrap round to the past.
  loop.wheel.arm(*this, loop.clock.now() + std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24 * 365)));
}

void Exchange::expired() noexcept {
  std::exchange(sleeper_, nullptr).resume();
  moved();
}

}  // namespace sallyport::gate
