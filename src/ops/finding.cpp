// Collecting findings, and showing them to people and to machines.
#include "ops/finding.hpp"

#include <algorithm>
#include <utility>

#include "ops/json_line.hpp"

namespace sallyport::ops {
namespace {

/// Names come from the command line and from files: none of them may write to the terminal what it likes.
void append_printable(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
}

}  // namespace

void Findings::add(RefusalCode code, std::string where) {
  const Refusal& refusal = code.refusal();
  list_.push_back({refusal.code, std::move(where), std::string{refusal.reason}, std::string{refusal.fix}});
}

void Findings::add(RefusalCode code, std::string where, std::string reason, std::string fix) {
  const Refusal& refusal = code.refusal();
  if (fix.empty()) fix = refusal.fix;
  list_.push_back({refusal.code, std::move(where), std::move(reason), std::move(fix)});
}

void Findings::add(Finding finding) { list_.push_back(std::move(finding)); }

std::string Findings::text(std::string_view program) const {
  std::string out{program};
  if (list_.empty()) return out + ": nothing to refuse\n";
  out += ": refuses to start: " + std::to_string(list_.size()) + (list_.size() == 1 ? " finding\n" : " findings\n");

  // A very long name gets a ragged line rather than pushing all others to the right.
  constexpr std::size_t widest = 44;
  std::size_t width = 0;
  for (const Finding& finding : list_) width = std::max(width, std::min(finding.where.size(), widest));

  for (const Finding& finding : list_) {
    out.append("  ").append(finding.code).append("  ");
    append_printable(out, finding.where);
    out.append(width - std::min(width, finding.where.size()) + 2, ' ');
    append_printable(out, finding.reason);
    out.append("\n").append(width + 13, ' ').append("fix: ");
    append_printable(out, finding.fix);
    out += '\n';
  }
  return out;
}

std::string Findings::json() const {
  std::string out = list_.empty() ? "{\"ok\":true,\"findings\":[" : "{\"ok\":false,\"findings\":[";
  const auto member = [&out](std::string_view name, std::string_view value, char before) {
    out += before;
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  };
  for (const Finding& finding : list_) {
    if (&finding != list_.data()) out += ',';
    member("code", finding.code, '{');
    member("where", finding.where, ',');
    member("reason", finding.reason, ',');
    member("fix", finding.fix, ',');
    out += '}';
  }
  return out + "]}\n";
}

}  // namespace sallyport::ops
