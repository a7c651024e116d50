// Any conditions against any validators: no way around If-Match, 304 for readers only, and parts only of the same thing.
#include "http/conditional.hpp"

#include <array>
#include <cstdlib>
#include <string>

namespace {

using namespace sallyport::http;
using sallyport::http::KnownField;
using sallyport::http::Method;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// One line each: `!` and the field's value (`!!` for a field that came twice), or anything else for an absent field.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto line = [&rest] {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(text.size() == rest.size() ? text.size() : text.size() + 1);
    return text;
  };
  const auto field = [&line]() -> KnownField {
    std::string_view text = line();
    if (!text.starts_with('!')) return {};
    const bool repeated = text.starts_with("!!");
    return {text.substr(repeated ? 2 : 1), true, repeated};
  };
  const std::string_view etag = line();
  const Preconditions conditions{field(), field(), field(), field()};
  const KnownField if_range = field();
  constexpr std::int64_t now = 1'767'225'600;
  const Validators current{etag, now - static_cast<std::int64_t>(rest.size()) * 10'000'000};

  for (const Method method : {Method::get, Method::head, Method::put, Method::delete_, Method::other}) {
    const bool reads = method == Method::get || method == Method::head;
    const Verdict verdict = evaluate(method, conditions, current, now);
    require(verdict != Verdict::not_modified || reads);
    require(verdict != Verdict::not_modified || conditions.if_none_match || conditions.if_modified_since);

    // Each condition alone: what fails alone fails in company.
    const Verdict alone = evaluate(method, {.if_match = conditions.if_match}, current, now);
    require(alone != Verdict::failed || verdict == Verdict::failed);
    const Verdict none = evaluate(method, {.if_none_match = conditions.if_none_match}, current, now);
    require(none == Verdict::proceed || verdict != Verdict::proceed);

    // What If-Match takes for the same (strongly), If-None-Match takes for the same (weakly).
    if (conditions.if_match && alone == Verdict::proceed) {
      const Verdict same = evaluate(method, {.if_none_match = conditions.if_match}, current, now);
      require(same == (reads ? Verdict::not_modified : Verdict::failed));
    }
    // No tag: only a star can match.
    if (alone == Verdict::proceed && conditions.if_match && conditions.if_match.value != "*") require(!etag.empty());
  }
  if (range_applies(if_range, current, now) && if_range && if_range.value.starts_with('"')) {
    require(if_range.value == etag);
    require(evaluate(Method::put, {.if_match = if_range}, current, now) == Verdict::proceed);
  }
  require(!range_applies({if_range.value, true, true}, current, now));
  return 0;
}
