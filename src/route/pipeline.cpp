// The order in which a request is judged and served: one list, from the client's address to the line of the access log.
#include "route/pipeline.hpp"

#include "gate/access_line.hpp"
#include "gate/caching.hpp"
#include "gate/checks.hpp"
#include "gate/compression.hpp"
#include "gate/limits.hpp"
#include "route/files.hpp"
#include "route/handler_steps.hpp"
#include "route/route_steps.hpp"
#include "route/webhooks.hpp"

#include <array>

namespace sallyport::route {
namespace {

using gate::checked;
using gate::done;
using gate::InObserveMode;
using gate::Stage;
using gate::Step;

constexpr std::array steps{
    Step{"client address", checked<gate::client_address>,
         "the client is the peer, or the one that a trusted proxy names", Stage::unlimited, InObserveMode::passed_over},
    Step{"deny list", checked<gate::not_denied>, "the client is not on the deny list", Stage::unlimited,
         InObserveMode::passed_over},
    Step{"overload", checked<gate::not_overloaded>, "the loop is not overloaded", Stage::unlimited},
    Step{"host", checked<gate::host>, "Host names this service", Stage::unlimited, InObserveMode::passed_over},
    Step{"path", checked<gate::path_shape>, "the path can be read in one way only", Stage::unlimited},
    Step{"route", find_route, "finds the route, refuses nothing: the steps below need its options", Stage::unlimited},
    Step{"CORS", checked<gate::cors>,
         "what the route allows other origins; before the limit, so that they can read a 429", Stage::unlimited,
         InObserveMode::passed_over},
    Step{"general limit", gate::general_limit, "each client's requests are bounded, whatever they ask for",
         Stage::serving, InObserveMode::passed_over},
    Step{"https only", checked<gate::https_only>, "the port without TLS sends pages to https, and serves nothing"},
    Step{"resource isolation", checked<gate::resource_isolation>, "other sites may link, nothing else", Stage::serving,
         InObserveMode::passed_over},
    Step{"CSRF", checked<gate::csrf>, "other sites may not change state", Stage::serving, InObserveMode::passed_over},
    Step{"known route", known_route, "404, 405, OPTIONS"},
    Step{"session", load_session, "who is signed in, where the route needs it"},
    Step{"policy", check_policy, "who may call the route"},
    Step{"limits of the route", gate::route_limits, "only callers that the policy admits are charged", Stage::serving,
         InObserveMode::passed_over},
    Step{"file", answer_file, "routes that serve files are answered here"},
    Step{"body's type and size", check_body, "before any of it is read"},
    Step{"body", read_body, "whole, within its time"},
    Step{"signature of a webhook", check_signed_body, "over the bytes of the body, before anything reads them"},
    Step{"form token", checked<gate::csrf_token_in_form>,
         "the CSRF token of a browser that sends neither Sec-Fetch-Site nor Origin", Stage::serving,
         InObserveMode::passed_over},
    Step{"max_concurrent", take_permit, "after the body, so that a slow client does not hold a permit"},
    Step{"handler", run_handler, "typed arguments, attempts counted, then the handler"},
    Step{"answer's size", bound_answer, "what is larger than the limit has to be made in pieces"},
    Step{"attempt", finish_attempt,
         "counted by what was verified, not by the handler's answer; what the handler passed over is no success"},
    Step{"session's begin and end", change_session, "begins or ends the session if the handler asked for it"},
    Step{"first piece", first_piece, "made before the head is sent, so that an exception can still be answered"},

    Step{"limits given back", done<gate::refund_limits>, "limits of failures count failures only", Stage::answering},
    Step{"webhook settled", done<settle_delivery>, "after an error its sender may send it again", Stage::answering},
    Step{"permit given back", done<leave_permit>, "unless the answer is still being made in pieces", Stage::answering},
    Step{"compression", done<gate::compress>, "only answers that hold no secret (BREACH)", Stage::answering},
    Step{"caching", done<gate::allow_caching>, "the tag names the bytes as they are sent, compressed ones too",
         Stage::answering},
    // The fields of the answer, those of security among them, are written by wire/ from exchange.answer and its header block.
    Step{"next piece", next_piece, "when the client has taken the last one", Stage::sending},
    Step{"access line", done<gate::write_access_line>, "one line for each answer, after it was sent", Stage::sent},
};
static_assert(gate::well_formed(steps));

}  // namespace

std::span<const Step> request_steps() noexcept { return steps; }

}  // namespace sallyport::route
