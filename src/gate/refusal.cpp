// Writes error answers.
#include "gate/refusal.hpp"

#include <sallyport/html.hpp>

#include "gate/pages.hpp"

#include <array>
#include <charconv>

namespace sallyport::gate {
namespace {

void append_number(std::string& out, int number) {
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void refuse_invalid(Exchange& exchange, const Problem& problem, std::string_view errors_json) {
  Answer& answer = exchange.answer;
  const bool close = answer.close;
  answer.reset();
  answer.close = close;
  answer.status = problem.status();
  if (exchange.wants_page()) {
    answer_error_page(exchange, problem);
    return;
  }
  answer.kind = ResponseClass::api;
  answer.content_type = "application/problem+json";
  std::string& out = answer.body;
  // Title and detail are literals of the source without a character that JSON escapes: see problem_test.
  out.append(R"({"type":"about:blank","title":")").append(problem.title()).append(R"(","status":)");
  append_number(out, problem.status());
  if (!problem.detail().empty()) out.append(R"(,"detail":")").append(problem.detail()).append("\"");
  out.append(R"(,"instance":"urn:uuid:)").append(exchange.id()).append("\"");
  if (!errors_json.empty()) out.append(R"(,"errors":)").append(errors_json);
  out.append("}");
}

void refuse(Exchange& exchange, const Problem& problem) { refuse_invalid(exchange, problem, {}); }

void refuse_until(Exchange& exchange, const Problem& problem, std::uint32_t retry_after_seconds) {
  refuse(exchange, problem);
  exchange.answer.retry_after = retry_after_seconds;
}

const Problem& problem_for(int status) noexcept {
  static constexpr std::array all{problems::bad_request,
                                  problems::unauthorized,
                                  problems::forbidden,
                                  problems::not_found,
                                  problems::method_not_allowed,
                                  problems::timeout,
                                  problems::conflict,
                                  problems::too_large,
                                  problems::uri_too_long,
                                  problems::expectation_failed,
                                  problems::misdirected,
                                  problems::too_many,
                                  problems::fields_too_large,
                                  problems::internal,
                                  problems::not_implemented,
                                  problems::busy,
                                  problems::version};
  for (const Problem& problem : all) {
    if (problem.status() == status) return problem;
  }
  return status < 500 ? all[0] : problems::internal;
}

}  // namespace sallyport::gate
