// The rule of attempts, without a store.
#include "limits/attempt_window.hpp"

namespace sallyport::limits {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t hour_ns = 3600 * second_ns;
constexpr std::int64_t remembered_ns = 24 * hour_ns;
constexpr std::int64_t longest_ns = 400 * remembered_ns;

std::int64_t period_of(const Charge& charge) noexcept {
  return std::clamp(charge.period_ns, std::int64_t{1}, longest_ns);
}

std::int64_t longest_delay(std::int64_t period_ns) noexcept { return std::max(period_ns, hour_ns); }

std::int64_t delay_ns(std::int64_t period_ns, std::uint32_t level) noexcept {
  const std::int64_t longest = longest_delay(period_ns);
  std::int64_t delay = period_ns;
  while (level-- > 0 && delay < longest) delay *= 2;
  return std::min(delay, longest);
}

}  // namespace

AttemptWindow AttemptWindow::at(std::int64_t now_ns) const noexcept {
  AttemptWindow rested = *this;
  if (end_ns() > now_ns) return rested;
  if (max != 0 && left == 0 && shut_until_ns != 0) {  // not of a fixed window, which is never shut
    ++rested.level;
    rested.level_until_ns = end_ns() + remembered_ns;
  }
  rested.max = 0;
  rested.shut_until_ns = 0;
  return rested;
}

Quota AttemptWindow::charge(const Charge& charge, std::uint32_t limit, std::int64_t now_ns, bool counts) noexcept {
  const std::int64_t period = period_of(charge);
  const std::uint32_t cost = std::max(charge.cost, 1U);
  if (cost > charge.limit) return {false, 0, period, 0};
  if (max == 0) left = max = limit;
  const auto reset_ns = [&] { return left == max ? 0 : end_ns() - now_ns; };
  if (left < cost) return {false, left, end_ns() - now_ns, reset_ns()};
  if (!counts) return {true, left, 0, reset_ns()};

  if (left == max) {  // no failure is counted: the window begins here
    began_ns = now_ns;
    window_end_ns = now_ns + period;
  }
  left -= cost;
  if (left == 0 && charge.counting == Counting::failures) {
    if (level_until_ns <= now_ns) level = 0;
    shut_until_ns = now_ns + delay_ns(period, level);
  }
  return {true, left, 0, reset_ns()};
}

void AttemptWindow::give_back(const Charge& charge, std::int64_t charged_at_ns) noexcept {
  if (charged_at_ns < began_ns) return;
  left += std::min(std::max(charge.cost, 1U), max - left);
  shut_until_ns = 0;
}

void AttemptWindow::forget() noexcept {
  left = max;
  shut_until_ns = 0;
  level = 0;
}

std::int64_t AttemptWindow::needed_until_ns() const noexcept {
  const std::int64_t of_level = level == 0 ? 0 : level_until_ns;
  if (left == max) return of_level;
  if (left == 0 && shut_until_ns != 0) return std::max(end_ns() + remembered_ns, of_level);
  return std::max(end_ns(), of_level);
}

void AttemptWindow::bound_by(const Charge& charge, std::int64_t now_ns) noexcept {
  const std::int64_t period = period_of(charge);
  began_ns = std::min(began_ns, now_ns);
  window_end_ns = std::min(window_end_ns, now_ns + period);
  shut_until_ns = std::min(shut_until_ns, now_ns + longest_delay(period));
  level_until_ns = std::min(level_until_ns, now_ns + longest_delay(period) + remembered_ns);
}

}  // namespace sallyport::limits
