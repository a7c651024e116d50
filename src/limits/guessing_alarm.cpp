// Tells that passwords are guessed at many accounts from many sources.
#include "limits/guessing_alarm.hpp"

namespace sallyport::limits {

std::optional<GuessingAlarm::Seen> GuessingAlarm::failed(std::uint64_t source, std::uint64_t account,
                                                         std::int64_t now_ns) noexcept {
  const std::lock_guard lock(mutex_);
  if (failures_ == 0 || now_ns - began_ns_ >= std::chrono::nanoseconds(window).count()) {
    began_ns_ = now_ns;
    failures_ = 0;
    accounts_.reset();
    sources_.reset();
    said_ = false;
  }
  ++failures_;
  accounts_.set(account % places);
  sources_.set(source % places);
  if (said_ || accounts_.count() < many_accounts || sources_.count() < many_sources) return std::nullopt;
  said_ = true;
  return Seen{failures_, accounts_.count(), sources_.count()};
}

}  // namespace sallyport::limits
