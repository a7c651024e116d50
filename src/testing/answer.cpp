// Looks at answers, and says what is wrong with them.
#include <sallyport/testing/answer.hpp>

#include "base/character_class.hpp"
#include "testing/page_text.hpp"
#include "testing/raw_answer.hpp"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>

namespace sallyport::test {
namespace {

constexpr std::size_t shown_body = 4000;
constexpr std::size_t shown_log = 6000;

void append_indented(std::string& out, std::string_view text, std::size_t most) {
  const bool cut = text.size() > most;
  text = text.substr(0, most);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.append("    ").append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (cut) out += "    … and more\n";
}

std::string place(const Where& where) { return std::string(where.file_name()) + ':' + std::to_string(where.line()); }

// Every answer has most of these, and a test that fails is seldom about them: they would hide what it is about.
bool is_policy(std::string_view name) noexcept {
  for (const std::string_view policy :
       {"Date", "X-Content-Type-Options", "Cross-Origin-Resource-Policy", "X-Permitted-Cross-Domain-Policies",
        "X-Dev-Mode", "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "X-Frame-Options",
        "Referrer-Policy", "Permissions-Policy", "Origin-Agent-Cluster", "Reporting-Endpoints",
        "Content-Security-Policy", "Strict-Transport-Security"}) {
    if (base::equal_ignoring_case(name, policy)) return true;
  }
  return false;
}

std::string first_line(std::string_view asked) { return std::string(asked.substr(0, asked.find(" HTTP/1.1"))); }

}  // namespace

const Answer& Answer::expect(int status, Where where) const& {
  if (facts_->status == status) return *this;
  throw Failure(place(where) + ": " + first_line(facts_->asked) + " was to be answered " + std::to_string(status) +
                ", and " + std::to_string(facts_->status) + " came\n" + describe());
}
Answer Answer::expect(int status, Where where) && {
  expect(status, where);
  return std::move(*this);
}

std::string Answer::field(std::string_view name) const {
  std::string value;
  for (const auto& [its_name, its_value] : facts_->fields) {
    if (base::equal_ignoring_case(its_name, name)) value.append(value.empty() ? "" : ", ").append(its_value);
  }
  return value;
}

bool Answer::has_field(std::string_view name) const noexcept {
  for (const auto& [its_name, its_value] : facts_->fields) {
    if (base::equal_ignoring_case(its_name, name)) return true;
  }
  return false;
}

Json Answer::json(std::string_view pointer) const {
  try {
    return Json::parse(facts_->body).at(pointer);
  } catch (const Failure& failure) {
    throw Failure(std::string(failure.what()) + "\n" + describe());
  }
}

std::string Answer::page_text() const { return detail::page_text(facts_->body); }

bool Answer::page_has(std::string_view text) const {
  return page_text().find(detail::folded(text)) != std::string::npos;
}

const Answer& Answer::expect_page(std::string_view text, Where where) const& {
  if (page_has(text)) return *this;
  throw Failure(place(where) + ": " + first_line(facts_->asked) + " was to be a page with \"" + std::string(text) +
                "\"\n" + describe());
}
Answer Answer::expect_page(std::string_view text, Where where) && {
  expect_page(text, where);
  return std::move(*this);
}

std::string Answer::describe() const {
  std::string out = "  asked by " + facts_->who + " at " + place(facts_->where) + "\n";
  append_indented(out, facts_->asked, shown_body);
  out += "  came:\n";
  append_indented(out, std::to_string(facts_->status), shown_body);
  std::size_t policies = 0;
  for (const auto& [name, value] : facts_->fields) {
    if (is_policy(name)) {
      ++policies;
    } else {
      append_indented(out, std::string(name).append(": ").append(value), shown_body);
    }
  }
  if (policies > 0) append_indented(out, "(and " + std::to_string(policies) + " fields of policies)", shown_body);
  if (field("content-type").starts_with("text/html")) {
    out += "  a page with these words:\n";
    append_indented(out, page_text(), shown_body);
  } else if (!facts_->body.empty()) {
    append_indented(out, "\n" + facts_->body, shown_body);
  }
  if (!facts_->logged.empty()) {
    out += "  logged:\n";
    append_indented(out, facts_->logged, shown_log);
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) { return out << answer.describe(); }

}  // namespace sallyport::test
