// Pages as answers: a Page rendered with its nonce, and the page for an error.
#pragma once

#include <sallyport/page.hpp>
#include <sallyport/problem.hpp>

#include "gate/exchange.hpp"

#include <string_view>

namespace sallyport::gate {

/// Makes `page` the answer, with a new nonce when it has scripts.
void answer_page(Exchange& exchange, const Page& page);

/// What a browser shows for an error: fixed text and the request's id, nothing about the server.
[[nodiscard]] Page error_page(const Problem& problem, std::string_view request_id);

}  // namespace sallyport::gate
