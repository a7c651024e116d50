// Reads waivers, and applies them to findings.
#include "start/waiver.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/json_text.hpp"

namespace sallyport::start {
namespace {

// The public header can't include the table, so both lists are compared here; the table is authoritative.
consteval bool matches_table() {
  for (const ops::Refusal& refusal : ops::refusals) {
    if (refusal.waivable != detail::is_waivable(refusal.code)) return false;
  }
  return std::all_of(std::begin(detail::waivable_codes), std::end(detail::waivable_codes), [](std::string_view code) {
    return std::any_of(std::begin(ops::refusals), std::end(ops::refusals),
                       [&](const ops::Refusal& r) { return r.code == code; });
  });
}
static_assert(matches_table(), "waivable_codes in sallyport/waiver.hpp and the table in ops/finding.hpp differ");

// A waiver is looked at again once a year. A leap day's difference is no reason to refuse.
constexpr std::chrono::days longest_waiver{366};

// Reads `CFG-020 until 2027-03-31: the reason`. Otherwise reports what is wrong with it.
std::string_view read_waiver(std::string_view text, Waiver& waiver) {
  constexpr std::string_view until = " until ";
  const std::size_t code_end = text.find(until);
  const std::size_t day_end = text.find(": ");
  if (code_end == text.npos || day_end == text.npos || day_end < code_end + until.size())
    return "is not of the form \"CODE until YYYY-MM-DD: reason\"";
  const std::string_view code = text.substr(0, code_end);
  const std::string_view reason = text.substr(day_end + 2);
  const auto day = detail::read_day(text.substr(code_end + until.size(), day_end - code_end - until.size()));
  const auto known = std::find_if(std::begin(ops::refusals), std::end(ops::refusals),
                                  [&](const ops::Refusal& r) { return r.code == code; });
  if (known == std::end(ops::refusals)) return "names no code of a refusal";
  if (!known->waivable) return "names a refusal that can't be waived";
  if (!day) return "ends on no day of the calendar";
  if (!detail::is_reason(reason, detail::shortest_waiver_reason))
    return "gives no reason in words, of 20 characters or more";
  waiver = {.code = std::string(code), .reason = std::string(reason), .until = *day};
  return {};
}

}  // namespace

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  std::string out;
  const auto put = [&out](unsigned value, unsigned first) {
    for (unsigned unit = first; unit != 0; unit /= 10) out += static_cast<char>('0' + value / unit % 10);
  };
  put(static_cast<unsigned>(static_cast<int>(date.year())), 1000);
  out += '-';
  put(static_cast<unsigned>(date.month()), 10);
  out += '-';
  put(static_cast<unsigned>(date.day()), 10);
  return out;
}

std::string Waiver::text() const { return code + " until " + day_text(until) + ": " + reason; }

Waivers::Waivers(std::span<const detail::WaiverFacts> in_code, std::span<const std::string> given,
                 base::Clock::WallTime now, ops::Findings& findings)
    : today_(std::chrono::floor<std::chrono::days>(now)) {
  const auto add = [&](Waiver waiver, const std::string& which) {
    if (waiver.until <= today_ + longest_waiver) {
      list_.push_back(std::move(waiver));
    } else {
      findings.add("CFG-024", "waivers", which + " ends more than a year from now",
                   "name a day by which somebody looks at it again, within a year");
    }
  };
  for (const detail::WaiverFacts& facts : in_code) {
    add({.code = std::string(facts.code), .reason = std::string(facts.reason), .until = facts.until},
        "the program's waiver of " + std::string(facts.code));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    Waiver waiver{};
    const std::string_view wrong = read_waiver(given[i], waiver);
    if (wrong.empty()) {
      add(std::move(waiver), "entry " + std::to_string(i + 1));
    } else {
      findings.add(
          "CFG-024", "waivers", "entry " + std::to_string(i + 1) + ' ' + std::string(wrong),
          "docs/refusals.md shows the form, and which codes can be waived; in a flag or a variable a comma begins "
          "another entry");
    }
  }
}

void Waivers::apply(ops::Findings& findings) {
  findings.keep_if([&](ops::Finding& finding) {
    if (finding.waiver_told) return true;
    const Waiver* too_old = nullptr;
    for (Waiver& waiver : list_) {
      if (waiver.code != finding.code) continue;
      if (!finding.waivable) {  // a waiver without effect is not passed over in silence
        finding.reason += "; no waiver accepts this case of " + waiver.code;
        finding.waiver_told = true;
        return true;
      }
      if (!expired(waiver)) {
        waiver.used = true;
        return false;
      }
      too_old = &waiver;
    }
    if (too_old) {
      finding.reason += "; its waiver has expired (" + day_text(too_old->until) + ")";
      finding.waiver_told = true;
    }
    return true;
  });
}

std::string Waivers::line(const Waiver& waiver) const {
  std::string out = "waiver: ";
  ops::append_printable(out, waiver.text());
  if (expired(waiver))
    out += " (expired)";
  else if (!waiver.used)
    out += " (this start found nothing that it is for)";
  return out;
}

std::string Waivers::json() const {
  std::string out = "[";
  for (const Waiver& waiver : list_) {
    out += out.size() == 1 ? "{\"code\":" : ",{\"code\":";
    base::append_json_string(out, waiver.code, base::JsonEscapes::line);
    out.append(",\"until\":\"").append(day_text(waiver.until)).append("\",\"reason\":");
    base::append_json_string(out, waiver.reason, base::JsonEscapes::line);
    out.append(",\"used\":").append(waiver.used ? "true" : "false");
    out.append(",\"expired\":").append(expired(waiver) ? "true}" : "false}");
  }
  return out + "]";
}

}  // namespace sallyport::start
