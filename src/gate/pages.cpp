// Renders pages into answers.
#include "gate/pages.hpp"

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"
#include "gate/rules.hpp"
#include "html/document.hpp"

namespace sallyport::gate {

void answer_page(Exchange& exchange, const Page& page) {
  Answer& answer = exchange.answer;
  answer.status = page.status;
  answer.content_type = "text/html; charset=utf-8";
  answer.kind = page.has_scripts() ? ResponseClass::document_with_scripts : ResponseClass::document;
  if (page.has_scripts()) answer.nonce = crypto::encode_base64(crypto::random_128(), crypto::Base64::padded);
  answer.body = markup::render_document(page, answer.nonce, exchange.rules.integrity);
}

Page error_page(const Problem& problem, std::string_view request_id) {
  return Page{.title = std::string(problem.title()),
              .body = html<"<main><h1>{}</h1><p>{}</p><p><small>{}</small></p></main>">(problem.title(),
                                                                                        problem.detail(), request_id),
              .status = problem.status()};
}

}  // namespace sallyport::gate
