// The conditions of a request, evaluated in the one order there is.
#include "http/conditional.hpp"

#include <cstddef>

#include "base/character_class.hpp"
#include "http/http_date.hpp"

namespace sallyport::http {
namespace {

/// entity-tag, RFC 9110 8.8.3. `opaque` has its quotes.
struct EntityTag {
  std::string_view opaque;
  bool weak = false;
};

constexpr bool is_etag_character(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

/// Takes one entity-tag off the front of `text`; leaves it alone if there is none.
std::optional<EntityTag> take_entity_tag(std::string_view& text) noexcept {
  const bool weak = text.starts_with("W/");
  const std::string_view from_quote = text.substr(weak ? 2 : 0);
  if (!from_quote.starts_with('"')) return std::nullopt;
  std::size_t end = 1;
  while (end < from_quote.size() && is_etag_character(from_quote[end])) ++end;
  if (end == from_quote.size() || from_quote[end] != '"') return std::nullopt;
  text = from_quote.substr(end + 1);
  return EntityTag{from_quote.substr(0, end + 1), weak};
}

std::optional<EntityTag> whole_entity_tag(std::string_view text) noexcept {
  const auto tag = take_entity_tag(text);
  return text.empty() ? tag : std::nullopt;
}

enum class Comparison : std::uint8_t { strong, weak };

bool same(const EntityTag& a, const EntityTag& b, Comparison comparison) noexcept {
  return a.opaque == b.opaque && (comparison == Comparison::weak || (!a.weak && !b.weak));
}

/// Whether a list of entity-tags, or `*`, names what is there; nothing if it is malformed.
std::optional<bool> matches(std::string_view list, const Validators& current, Comparison comparison) noexcept {
  if (list == "*") return current.exists;
  const auto mine = whole_entity_tag(current.etag);
  bool found = false;
  while (true) {
    while (!list.empty() && (list.front() == ',' || base::is_blank(list.front()))) list.remove_prefix(1);
    if (list.empty()) return found;
    const auto tag = take_entity_tag(list);
    if (!tag) return std::nullopt;
    found = found || (mine && current.exists && same(*tag, *mine, comparison));
    while (!list.empty() && base::is_blank(list.front())) list.remove_prefix(1);
    if (!list.empty() && list.front() != ',') return std::nullopt;
  }
}

/// The same for all lines of the field. `*` stands alone.
std::optional<bool> matches(const KnownField& field, KnownHeader name, const RequestHead* head,
                            const Validators& current, Comparison comparison) noexcept {
  if (!field.repeated) return matches(field.value, current, comparison);
  if (head == nullptr) return std::nullopt;
  bool found = false;
  for (const HeaderField& line : head->fields()) {
    if (line.known != name) continue;
    const auto matched = line.value == "*" ? std::nullopt : matches(line.value, current, comparison);
    if (!matched) return std::nullopt;
    found = found || *matched;
  }
  return found;
}

std::optional<std::int64_t> date_in(const KnownField& field, std::int64_t now) noexcept {
  return field.present && !field.repeated ? parse_http_date(field.value, now) : std::nullopt;
}

}  // namespace

Preconditions preconditions_of(const RequestHead& head) noexcept {
  return {head.known(KnownHeader::if_match), head.known(KnownHeader::if_none_match),
          head.known(KnownHeader::if_modified_since), head.known(KnownHeader::if_unmodified_since), &head};
}

Verdict evaluate(Method method, const Preconditions& conditions, const Validators& current, std::int64_t now) noexcept {
  const bool reads = method == Method::get || method == Method::head;

  // Steps 1 and 2
  if (const KnownField& field = conditions.if_match) {
    if (matches(field, KnownHeader::if_match, conditions.head, current, Comparison::strong) != true)
      return Verdict::failed;
  } else if (const auto date = date_in(conditions.if_unmodified_since, now); date && current.last_modified) {
    if (*current.last_modified > *date) return Verdict::failed;
  }

  // Steps 3 and 4
  if (const KnownField& field = conditions.if_none_match) {
    const auto matched = matches(field, KnownHeader::if_none_match, conditions.head, current, Comparison::weak);
    if (reads) return matched == true ? Verdict::not_modified : Verdict::proceed;
    return matched == false ? Verdict::proceed : Verdict::failed;
  }
  if (const auto date = date_in(conditions.if_modified_since, now); reads && date && current.last_modified) {
    if (*current.last_modified <= *date) return Verdict::not_modified;
  }
  return Verdict::proceed;
}

bool range_applies(const KnownField& if_range, const Validators& current, std::int64_t now) noexcept {
  if (!if_range.present) return true;
  if (if_range.repeated || !current.exists) return false;
  if (const auto tag = whole_entity_tag(if_range.value)) {
    const auto mine = whole_entity_tag(current.etag);
    return mine && same(*tag, *mine, Comparison::strong);
  }
  if (!current.etag.empty())
    return false;  // a client that has a tag must not name a date (13.1.5), and dates can be set
  const auto date = parse_http_date(if_range.value, now);
  return date && date == current.last_modified && *date < now;
}

}  // namespace sallyport::http
