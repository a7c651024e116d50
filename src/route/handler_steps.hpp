// Steps around the handler: its permit, its call, what it asked for, and answers in pieces.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::route {

gate::Outcome take_permit(gate::Exchange& exchange);
gate::Outcome run_handler(gate::Exchange& exchange);
gate::Outcome bound_answer(gate::Exchange& exchange);
gate::Outcome finish_attempt(gate::Exchange& exchange);
gate::Outcome change_session(gate::Exchange& exchange);
gate::Outcome first_piece(gate::Exchange& exchange);
gate::Outcome next_piece(gate::Exchange& exchange);
void leave_permit(gate::Exchange& exchange);

}  // namespace sallyport::route
