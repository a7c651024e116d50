// code: HOOK-003
// cases: 5
// A scheme that can't be found out about: no scheme at all, no file of a secret, no field.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Push {
  sp::Text<1, 255> ref;
};
struct Shop {
#ifndef CASE
  static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook", .signature = "X-Shop-Signature"};
#elif CASE == 1
  static constexpr sp::WebhookScheme scheme{.secret = "/etc/shop/secret", .signature = "X-Shop-Signature"};
#elif CASE == 2
  static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook", .signature = "X-Shop-Signature: "};
#elif CASE == 3
  static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook"};
#elif CASE == 4
  static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook",
                                            .signature = "X-Shop-Signature",
                                            .signs = "{timestamp}.{body}",
                                            .timestamp = "X-Shop-Time",
                                            .tolerance = 240h};
#elif CASE == 5
  std::string secret;
#endif
};

void routes(sp::Router& app) {
  app.post("/a", sp::signed_by<Shop>, [](sp::Signed<Shop, Push>) { return sp::NoContent{}; });
}
