// Refusals: every error answer that the kernel makes itself, in one table.
#pragma once

#include <sallyport/problem.hpp>

#include "gate/exchange.hpp"

#include <cstdint>
#include <string_view>

namespace sallyport::gate {

/// Makes an error the answer: RFC 9457 JSON, or a page with the same text where a browser asked for a document.
void refuse(Exchange& exchange, const Problem& problem);
/// The same with the `errors` member (RFC 9457 3.2) of invalid input: a JSON array.
void refuse_invalid(Exchange& exchange, const Problem& problem, std::string_view errors_json);
/// The same with `Retry-After`.
void refuse_until(Exchange& exchange, const Problem& problem, std::uint32_t retry_after_seconds);

/// The problem for a status that the parser or the wire decided on.
[[nodiscard]] const Problem& problem_for(int status) noexcept;

namespace problems {
inline constexpr Problem bad_request{400, "Bad Request"};
inline constexpr Problem https_wanted{400, "Use https",
                                      "Nothing was done. Send this request to the https origin, over TLS."};
inline constexpr Problem invalid_input{400, "Invalid input",
                                       "See errors: each names a member of the input and what is wrong with it."};
inline constexpr Problem unauthorized{401, "Sign in first"};
inline constexpr Problem wrong_credentials{401, "Wrong e-mail or password"};
inline constexpr Problem wrong_signature{401, "The signature does not verify",
                                         "A webhook is signed, under the right secret, and sent within some minutes."};
inline constexpr Problem unreadable_signature{400, "The signature can't be read"};
inline constexpr Problem taken_already{409, "This was taken already", "Nothing was done a second time."};
inline constexpr Problem another_account{403, "This is the password of another account"};
inline constexpr Problem forbidden{403, "Forbidden"};
inline constexpr Problem cross_origin{403, "Cross-origin request refused",
                                      "A request that changes state comes from a page of this site. A client that is "
                                      "not a browser sends an Origin field with this service's own origin."};
inline constexpr Problem cross_origin_call{
    403, "Cross-origin request refused",
    "This route does not take this method, or one of these fields, from pages of "
    "that origin."};
inline constexpr Problem form_expired{403, "The form has expired", "Load its page again, and send it once more."};
inline constexpr Problem embedding{403, "Cross-site embedding refused",
                                   "Other sites may link to this, not load or frame it."};
inline constexpr Problem not_found{404, "Not Found"};
inline constexpr Problem method_not_allowed{405, "Method Not Allowed"};
inline constexpr Problem timeout{408, "Request Timeout"};
inline constexpr Problem account_exists{409, "This e-mail address has an account already"};
inline constexpr Problem conflict{409, "Conflict"};
inline constexpr Problem broken_reference{409, "Conflict",
                                          "What this refers to is not there, or something still refers to it."};
inline constexpr Problem precondition_failed{412, "Precondition Failed"};
inline constexpr Problem too_large{413, "Content Too Large"};
inline constexpr Problem uri_too_long{414, "URI Too Long"};
inline constexpr Problem json_wanted{415, "Unsupported Media Type",
                                     "Send JSON, not compressed, with Content-Type: application/json."};
inline constexpr Problem form_wanted{
    415, "Unsupported Media Type",
    "Send a form, not compressed, with Content-Type: application/x-www-form-urlencoded."};
inline constexpr Problem range_not_satisfiable{416, "Range Not Satisfiable"};
inline constexpr Problem plain_wanted{415, "Unsupported Media Type", "Send the body without Content-Encoding."};
inline constexpr Problem expectation_failed{417, "Expectation Failed"};
inline constexpr Problem misdirected{421, "Misdirected Request"};
inline constexpr Problem development_only{
    421, "Misdirected Request",
    "This service runs in development mode, which is for one machine, and the "
    "request came through a proxy. Behind a proxy a service runs in production mode."};
inline constexpr Problem not_owned{422, "Unprocessable Content",
                                   "See errors: each names a member of the input that names nothing of yours."};
inline constexpr Problem too_many{429, "Too Many Requests",
                                  "A limit is used up. Retry-After says in how many seconds to come back."};
inline constexpr Problem fields_too_large{431, "Request Header Fields Too Large"};
inline constexpr Problem internal{500, "Internal Server Error"};
inline constexpr Problem not_implemented{501, "Not Implemented"};
inline constexpr Problem other_service{502, "Bad Gateway",
                                       "Another service that this one needs did not answer as it should."};
inline constexpr Problem other_service_slow{504, "Gateway Timeout",
                                            "Another service that this one needs did not answer in time."};
inline constexpr Problem busy{503, "Service Unavailable",
                              "Too much at once. Retry-After says in how many seconds to come back."};
inline constexpr Problem slow_database{503, "The database took too long",
                                       "Nothing was changed. Retry-After says in how many seconds to come back."};
inline constexpr Problem version{505, "HTTP Version Not Supported"};
}  // namespace problems

}  // namespace sallyport::gate
