// What every response of every service has to look like, whoever made it: checked on each one that a test receives.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::testing {

/// Names in lower case.
using ResponseFields = std::vector<std::pair<std::string, std::string>>;

/// What the checker can't see in a response.
struct ResponseContext {
  bool tls = false;  ///< its client came over TLS (to us or to a proxy of ours): HSTS is sent then, and only then
  bool development = true;           ///< X-Dev-Mode: 1
  bool http2 = false;                ///< no fields of a connection, Content-Length not needed
  std::string same_site = "Strict";  ///< of the session cookie: `sessions.same_site`
  /// What the service under test relaxes on purpose: a value that the field may have besides its own, empty for "may be absent".
  /// A nonce in it is written `'nonce-{}'`.
  ResponseFields allowed = {};
  /// The program chose header policies, or whose pages may read it: values are not compared, only their form.
  bool own_policies = false;
};

/// What is wrong with a response, a sentence each: security fields that are missing, doubled, weaker than or foreign to its kind
/// (page, API answer, file for everybody …, told by Cache-Control and Content-Type), a cookie without an attribute, a nonce that has
/// been seen before, limits that contradict each other, framing. Expects what RFCs and this project's defaults say, in its own words.
[[nodiscard]] std::vector<std::string> broken_invariants(const ResponseFields& fields, int status,
                                                         const ResponseContext& context);
/// The same of a page's text: each of its scripts carries the nonce of its policy, or there are none of both.
[[nodiscard]] std::vector<std::string> broken_page(const ResponseFields& fields, std::string_view body);

}  // namespace sallyport::testing
