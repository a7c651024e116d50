// code: HOOK-004
// cases: 4
// A scheme that does not sign what it relies on: the body, the time of sending.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Push {
  sp::Text<1, 255> ref;
};
struct Shop {
  static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook",
                                            .signature = "X-Shop-Signature",
#ifndef CASE
                                            .signs = "{timestamp}.{body}",
#elif CASE == 1
                                            .signs = "{body}",
#elif CASE == 2
                                            .signs = "{timestamp}",
#elif CASE == 3
                                            .signs = "{timestamp}.{url}.{body}",
#elif CASE == 4
                                            .signs = "{id}.{timestamp}.{body}",
#endif
                                            .timestamp = "X-Shop-Time"};
};

void routes(sp::Router& app) {
  app.post("/a", sp::signed_by<Shop>, [](sp::Signed<Shop, Push>) { return sp::NoContent{}; });
}
