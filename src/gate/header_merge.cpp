// Merges an upstream's fields with ours: never two of a kind, and never a weaker one because both were there.
#include "gate/header_merge.hpp"

#include <sallyport/detail/csp_grammar.hpp>

#include "http/http_date.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace sallyport::gate {
namespace {

using base::equal_ignoring_case;
using detail::cut;

template <std::size_t N>
bool is_any_of(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  return std::any_of(words.begin(), words.end(), [text](auto word) { return equal_ignoring_case(word, text); });
}

bool is_key(std::string_view text) noexcept {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || base::is_digit(c) || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin(), text.end(), fits);
}

bool is_bare_item(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2).find_first_of("\"\\") == text.npos;
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_in(base::token_class, c) || c == ':' || c == '/' || c == '?';
  });
}

// The item of a structured field (RFC 9651 4.2.3), without its parameters: `same-origin; report-to="coop"`. Empty where the parameters are
// malformed: browsers then ignore the whole field. A semicolon in a string counts as malformed, too.
std::string_view item(std::string_view value) noexcept {
  const std::size_t end = value.find(';');
  for (std::size_t at = end; at != value.npos;) {
    const std::size_t next = value.find(';', at + 1);
    const std::string_view parameter =
        base::trim_blanks(value.substr(at + 1, next == value.npos ? next : next - at - 1));
    const std::size_t equals = parameter.find('=');
    if (!is_key(parameter.substr(0, equals))) return {};
    if (equals != parameter.npos && !is_bare_item(parameter.substr(equals + 1))) return {};
    at = next;
  }
  return base::trim_blanks(value.substr(0, end));
}

// Who may frame a page is said in two ways, and browsers that know frame-ancestors do not look at X-Frame-Options (CSP 3, 6.4.2.2). So
// when the upstream sends one of them, both of ours are left out.
constexpr MergeRows framing = row_of("X-Frame-Options");
constexpr MergeRows csp = row_of("Content-Security-Policy");

bool names_frame_ancestors(std::string_view policies) noexcept {
  while (!policies.empty()) {
    std::string_view policy = cut(policies, ',');
    while (!policy.empty()) {
      if (equal_ignoring_case(detail::next_directive(policy).name, "frame-ancestors")) return true;
    }
  }
  return false;
}

// What Connection names is for the next hop alone, whatever it is called (RFC 9110 7.6.1).
bool nominated(std::span<const http::HeaderField> fields, std::string_view name) noexcept {
  return std::any_of(fields.begin(), fields.end(), [name](const http::HeaderField& field) {
    if (!equal_ignoring_case(field.name, "Connection")) return false;
    for (std::string_view options = field.value; !options.empty();) {
      if (equal_ignoring_case(base::trim_blanks(cut(options, ',')), name)) return true;
    }
    return false;
  });
}

const MergeRule& rule_of(MergeRows row, const MergeTable& table) noexcept {
  return table[static_cast<std::size_t>(std::countr_zero(row))];
}

bool accepts(const MergeRule& rule, std::string_view value) noexcept {
  return rule.acceptable ? rule.acceptable(value) : !value.empty();
}

std::string_view value_of(const std::vector<http::HeaderField>& fields, MergeRows row) noexcept {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [row](const auto& field) { return row_of(field.name) == row; });
  return found == fields.end() ? std::string_view() : found->value;
}

MergeRows rows_that(Merge merge, const MergeTable& table) noexcept {
  MergeRows rows = 0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (table[row].merge == merge) rows |= MergeRows{1} << row;
  }
  return rows;
}

}  // namespace

namespace acceptable {

bool date(std::string_view value) noexcept {
  return value.size() == http::http_date_size && http::parse_http_date(value, 0).has_value();
}

// RFC 6797 6.1. A max-age of 0 ends HSTS for this host: the upstream may do so.
bool hsts(std::string_view value) noexcept {
  bool aged = false;
  while (!value.empty()) {
    std::string_view directive = cut(value, ';');
    const bool quoted = directive.find('"') != directive.npos;
    if (!equal_ignoring_case(cut(directive, '='), "max-age")) {
      if (quoted) return false;  // the semicolons may be in a string
      continue;
    }
    if (aged) return false;
    if (directive.size() > 1 && directive.starts_with('"') && directive.ends_with('"')) {
      directive = directive.substr(1, directive.size() - 2);
    }
    aged = !directive.empty() && std::all_of(directive.begin(), directive.end(), base::is_digit);
    if (!aged) return false;
  }
  return aged;
}

// At least one directive that browsers know.
bool content_security_policy(std::string_view value) noexcept {
  while (!value.empty()) {
    std::string_view policy = cut(value, ',');
    while (!policy.empty()) {
      const std::string_view name = detail::next_directive(policy).name;
      if (is_any_of(name, detail::free_directives) || is_any_of(name, detail::only_none) ||
          is_any_of(name, detail::own_directives) || is_any_of(name, detail::option_directives)) {
        return true;
      }
    }
  }
  return false;
}

// `camera=(), geolocation=(self)`. One malformed member voids the whole field (Permissions Policy, section 5.2).
bool permissions_policy(std::string_view value) noexcept {
  if (value.empty()) return false;
  while (!value.empty()) {
    std::string_view allowed = base::trim_blanks(cut(value, ','));
    if (!is_key(cut(allowed, '='))) return false;
    allowed = item(allowed);
    const bool list = allowed.size() >= 2 && allowed.front() == '(' && allowed.back() == ')' &&
                      allowed.find_first_of("()", 1) == allowed.size() - 1;
    if (!list && allowed != "*" && allowed != "self") return false;
  }
  return true;
}

// At least one directive that caches know (RFC 9111 5.2.2, RFC 5861, RFC 8246).
bool cache_control(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 13> words{
      "max-age",       "must-revalidate",  "must-understand", "no-cache", "no-store",  "no-transform",
      "private",       "proxy-revalidate", "public",          "s-maxage", "immutable", "stale-while-revalidate",
      "stale-if-error"};
  while (!value.empty()) {
    std::string_view directive = cut(value, ',');
    if (is_any_of(base::trim_blanks(cut(directive, '=')), words)) return true;
  }
  return false;
}

bool frame_options(std::string_view value) noexcept {
  return equal_ignoring_case(value, "DENY") || equal_ignoring_case(value, "SAMEORIGIN");
}

// A list for browsers of different versions; each takes the last value that it knows (section 4.1 of that
// specification).
bool referrer_policy(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 7> words{
      "no-referrer",   "no-referrer-when-downgrade",     "same-origin", "origin", "origin-when-cross-origin",
      "strict-origin", "strict-origin-when-cross-origin"};
  bool known = false;
  while (!value.empty()) {
    const std::string_view word = cut(value, ',');
    if (equal_ignoring_case(word, "unsafe-url")) return false;
    known = known || is_any_of(word, words);
  }
  return known;
}

bool opener_policy(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 4> words{"same-origin", "same-origin-allow-popups", "noopener-allow-popups",
                                                  "unsafe-none"};
  return detail::is_one_of(item(value), words);
}

bool embedder_policy(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 3> words{"require-corp", "credentialless", "unsafe-none"};
  return detail::is_one_of(item(value), words);
}

bool resource_policy(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 3> words{"same-origin", "same-site", "cross-origin"};
  return detail::is_one_of(value, words);
}

bool cross_domain_policies(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 6> words{"none", "master-only",       "by-content-type", "by-ftp-filename",
                                                  "all",  "none-this-response"};
  return is_any_of(value, words);
}

bool boolean(std::string_view value) noexcept { return item(value) == "?0" || item(value) == "?1"; }

bool zero(std::string_view value) noexcept { return value == "0"; }

}  // namespace acceptable

void merge_fields(Answer& answer, std::span<const http::HeaderField> fields, const MergeTable& table) {
  MergeRows stands = 0;
  MergeRows differs = 0;  // sent twice with different values: clients do not agree on which one counts
  bool framed = false;
  answer.forwarded.clear();
  for (const http::HeaderField& field : fields) {
    if (nominated(fields, field.name)) continue;
    if (const MergeRows row = row_of(field.name); row != 0) {
      const MergeRule& rule = rule_of(row, table);
      if (rule.merge == Merge::replace || !accepts(rule, field.value)) continue;
      if (!rule.list && (stands & row) != 0) {
        if (value_of(answer.forwarded, row) != field.value) differs |= row;
        continue;
      }
      stands |= row;
      framed = framed || (row == csp && names_frame_ancestors(field.value));
    }
    answer.forwarded.push_back(field);
  }
  if (differs != 0) {
    std::erase_if(answer.forwarded,
                  [&](const http::HeaderField& field) { return (row_of(field.name) & differs) != 0; });
  }
  answer.left_out = (stands & ~differs) | rows_that(Merge::keep, table);
  if (framed && rule_of(framing, table).merge != Merge::replace) answer.left_out |= framing;
}

}  // namespace sallyport::gate
