// The order in which a request is judged and served: one list, from the client's address to the line of the access log.
#include "route/pipeline.hpp"

#include "gate/access_line.hpp"
#include "gate/checks.hpp"
#include "gate/compression.hpp"
#include "gate/limits.hpp"
#include "route/files.hpp"
#include "route/handler_steps.hpp"
#include "route/route_steps.hpp"

#include <array>

namespace sallyport::route {
namespace {

using gate::checked;
using gate::done;
using gate::InObserveMode;
using gate::Stage;
using gate::Step;

constexpr std::array steps{
    Step{"client address", checked<gate::client_address>, "whose request is it", Stage::unlimited,
         InObserveMode::passed_over},
    Step{"deny list", checked<gate::not_denied>, "is the client to be served at all", Stage::unlimited,
         InObserveMode::passed_over},
    Step{"overload", checked<gate::not_overloaded>, "can anybody be served", Stage::unlimited},
    Step{"host", checked<gate::host>, "is it for us", Stage::unlimited, InObserveMode::passed_over},
    Step{"path", checked<gate::path_shape>, "one reading of the path, or none", Stage::unlimited},
    Step{"route", find_route, "decides nothing yet: the steps below ask what the route can do", Stage::unlimited},
    Step{"CORS", checked<gate::cors>, "what this route lets other sites' pages do, so that they may read a 429, too",
         Stage::unlimited, InObserveMode::passed_over},
    Step{"general limit", gate::general_limit, "no client takes more than its part, whatever it asks for",
         Stage::serving, InObserveMode::passed_over},
    Step{"https only", checked<gate::https_only>, "the port without TLS sends pages to https, and serves nothing"},
    Step{"resource isolation", checked<gate::resource_isolation>, "other sites may link, nothing else", Stage::serving,
         InObserveMode::passed_over},
    Step{"CSRF", checked<gate::csrf>, "other sites may not change state", Stage::serving, InObserveMode::passed_over},
    Step{"known route", known_route, "404, 405, OPTIONS"},
    Step{"session", load_session, "who asks, where the route wants to know"},
    Step{"policy", check_policy, "who may call the route"},
    Step{"limits of the route", gate::route_limits, "charged by those only whom the policy admits", Stage::serving,
         InObserveMode::passed_over},
    Step{"file", answer_file, "routes that serve files end here"},
    Step{"body's type and size", check_body, "before any of it is read"},
    Step{"body", read_body, "whole, within its time; a token in its form is checked when it is there"},
    Step{"max_concurrent", take_permit, "after the body: a permit is for work, not for a client that takes its time"},
    Step{"handler", run_handler, "typed arguments, attempts counted, then the handler"},
    Step{"attempt", finish_attempt, "what was verified decides, not what the handler answers"},
    Step{"session's begin and end", change_session, "what the handler asked for"},
    Step{"first piece", first_piece, "before the head, so that what a generator throws until then is answered"},

    Step{"limits given back", done<gate::refund_limits>, "limits of failures count failures only", Stage::answering},
    Step{"permit given back", done<leave_permit>, "by all but answers that are still being made", Stage::answering},
    Step{"compression", done<gate::compress>, "only where no secret lies beside what a stranger chose",
         Stage::answering},
    // The fields of the answer, those of security among them, are written by wire/ from exchange.answer and its header block.
    Step{"next piece", next_piece, "when the client has taken the last one", Stage::sending},
    Step{"access line", done<gate::write_access_line>, "one for each answer, when it has gone", Stage::sent},
};

}  // namespace

std::span<const Step> request_steps() noexcept { return steps; }

}  // namespace sallyport::route
