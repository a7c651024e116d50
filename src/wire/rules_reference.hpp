// The reference of rules that a request can break on the wire.
#pragma once

#include <string>

namespace sallyport::wire {

/// docs/wire-rules.md: made from the tables that the parsers answer from.
[[nodiscard]] std::string rules_markdown();

}  // namespace sallyport::wire
