// What is done alike with fields and cookies that handlers read: one value, or 400 with its name.
#pragma once

#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/schema.hpp>

#include <string_view>

namespace sallyport::detail {

/// Answers 400: `errors` names what is wrong, `{"header":"X-Tenant","code":"too_long"}`, and never its value. False, for its callers.
bool refuse_named(Exchange& exchange, std::string_view place, std::string_view name, InputError error);

/// Reads `text` into the slot of `type`, one value or an optional one.
[[nodiscard]] InputError read_named(std::string_view text, const TypeInfo& type, void* out);

}  // namespace sallyport::detail
