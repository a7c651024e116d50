// The reference of rules that a request can break on the wire.
#pragma once

#include <string>

namespace sallyport::http {

/// docs/wire-rules.md: made from the tables that the parsers answer from.
[[nodiscard]] std::string rules_markdown();

}  // namespace sallyport::http
