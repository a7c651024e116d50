// Pages as answers: a Page rendered with its nonce, and the page for an error.
#pragma once

#include <sallyport/page.hpp>
#include <sallyport/problem.hpp>

#include "gate/exchange.hpp"

#include <string_view>

namespace sallyport::gate {

/// Makes `page` the answer, with a new nonce when it has scripts.
void answer_page(Exchange& exchange, const Page& page);

/// Makes the answer what a browser shows for an error: the application's page, or the framework's own: fixed text and the request's id,
/// nothing about the server.
void answer_error_page(Exchange& exchange, const Problem& problem);

/// The framework's own.
[[nodiscard]] Page error_page(const Problem& problem, std::string_view request_id);
/// Its style, which the policy of `ResponseClass::error_page` names by its hash.
[[nodiscard]] std::string_view error_page_style() noexcept;

}  // namespace sallyport::gate
