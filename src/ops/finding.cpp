// Collects findings, and writes them as text and as JSON.
#include "ops/finding.hpp"

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"

namespace sallyport::ops {

void append_printable(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
}

void Findings::add(RefusalCode code, std::string where) {
  add(code, std::move(where), std::string{code.refusal().reason});
}

void Findings::add(RefusalCode code, std::string where, std::string reason, std::string fix) {
  const Refusal& refusal = code.refusal();
  if (fix.empty()) fix = refusal.fix;
  list_.push_back({refusal.code, std::move(where), std::move(reason), std::move(fix), refusal.waivable});
}

void Findings::add_unwaivable(RefusalCode code, std::string where, std::string reason, std::string fix) {
  add(code, std::move(where), std::move(reason), std::move(fix));
  list_.back().waivable = false;
}

void Findings::add(Finding finding) { list_.push_back(std::move(finding)); }

std::string Findings::text(std::string_view program) const {
  std::string out{program};
  if (list_.empty()) return out + ": nothing to refuse\n";
  out += ": refuses to start: " + std::to_string(list_.size()) + (list_.size() == 1 ? " finding\n" : " findings\n");

  // A very long name breaks the alignment of its own line only.
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

std::string Findings::json(std::string_view waivers) const {
  std::string out = list_.empty() ? "{\"ok\":true,\"findings\":[" : "{\"ok\":false,\"findings\":[";
  const auto member = [&out](std::string_view name, std::string_view value, char before) {
    out += before;
    base::append_json_string(out, name, base::JsonEscapes::line);
    out += ':';
    base::append_json_string(out, value, base::JsonEscapes::line);
  };
  for (const Finding& finding : list_) {
    if (&finding != list_.data()) out += ',';
    member("code", finding.code, '{');
    member("where", finding.where, ',');
    member("reason", finding.reason, ',');
    member("fix", finding.fix, ',');
    out += '}';
  }
  return out.append("],\"waivers\":").append(waivers).append("}\n");
}

std::string refusals_markdown() {
  std::string out =
      "# Start-up refusals\n"
      "\n"
      "<!-- Made from the table in src/ops/finding.hpp. -->\n"
      "\n"
      "A service that is not safe to run does not start: it prints every finding with its code and what to do, and "
      "exits "
      "with\n"
      "status 78. `--check` prints them as JSON and serves nothing. What can be waived is accepted until a date, in "
      "the "
      "code\n"
      "(`app.waive(\"CFG-020\", \"the reason, in 20 characters or more\", \"2027-03-31\")`) or in the settings\n"
      "(`waivers = [\"CFG-020 until 2027-03-31: the reason in 20 characters or more\"]`); every waiver is printed and "
      "logged at\n"
      "each start.\n"
      "\n"
      "| code | refused because | what to do | waiver |\n"
      "|---|---|---|---|\n";
  for (const Refusal& refusal : refusals) {
    out.append("| ").append(refusal.code).append(" | ").append(refusal.reason).append(" | ").append(refusal.fix);
    out.append(refusal.waivable ? " | yes |\n" : " | no |\n");
  }
  return out;
}

}  // namespace sallyport::ops
