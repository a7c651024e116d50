// The exchange's own mechanics: reuse, its id, waiting and being given up.
#include "gate/exchange.hpp"

#include "crypto/random.hpp"

#include <algorithm>

namespace sallyport::gate {

void Answer::reset() noexcept {
  status = 0;
  kind = ResponseClass::api;
  content_type = {};
  body.clear();
  fixed_body = {};
  location.clear();
  set_cookie.clear();
  allow = {};
  etag = {};
  nonce.clear();
  retry_after = 0;
  clear_site_data = false;
  close = false;
  fields.clear();
}

Exchange::Exchange(const route::Service& the_service, const Rules& the_rules, Loop& the_loop, ExchangeOwner& owner,
                   const ops::IpAddress& the_peer)
    : peer(the_peer), client(the_peer), service(the_service), rules(the_rules), loop(the_loop), owner_(owner) {}

void Exchange::reset() noexcept {
  path = body = {};
  client = peer;
  route = nullptr;
  facts = nullptr;
  allow = {};
  parameter_count = 0;
  principal.reset();
  phase = Phase::head;
  body_limit = 0;
  attempt = AttemptState::none;
  begin_session_for.reset();
  end_session = false;
  answer.reset();
  quota = {};
  task_.reset();
  has_id_ = false;
}

std::string_view Exchange::id() {
  if (!has_id_) {
    auto bytes = crypto::random_128();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // variant 10
    constexpr std::string_view digits = "0123456789abcdef";
    char* out = id_.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
      *out++ = digits[bytes[i] >> 4];
      *out++ = digits[bytes[i] & 15];
    }
    has_id_ = true;
  }
  return {id_.data(), id_.size()};
}

bool Exchange::wants_page() const noexcept {
  const auto dest = head.known(wire::KnownHeader::sec_fetch_dest);
  if (dest) return dest.value == "document" || dest.value == "iframe" || dest.value == "frame";
  return head.known(wire::KnownHeader::accept).value.starts_with("text/html");
}

bool Exchange::start(Task<void> task) {
  task_ = std::move(task);
  if (task_->start(*this)) return true;
  waiting_ = true;
  kept_alive_ = owner_.keep_alive();
  return false;
}

void Exchange::take_task() {
  Task<void> finished = std::move(*task_);
  task_.reset();
  finished.await_resume();
}

void Exchange::abandon() noexcept {
  // While a job runs elsewhere it points into the task's frames: they go when it comes back (see resume).
  abandoned_ = true;
}

void Exchange::resume(detail::Job& finished) noexcept {
  if (!abandoned_) {
    finished.waiter().resume();
    if (!task_->done()) return;
    waiting_ = false;
    const std::shared_ptr<void> keep = std::move(kept_alive_);
    owner_.task_finished();
    return;
  }
  task_.reset();
  waiting_ = false;
  const std::shared_ptr<void> last = std::move(kept_alive_);  // may be what kept `this`
}

}  // namespace sallyport::gate
