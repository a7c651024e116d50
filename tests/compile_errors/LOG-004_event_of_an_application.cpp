// code: LOG-004
// cases: 4
// An application's event has a name of its own.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void pay(sp::Log& log, int cents) {
  log.info("order_paid", {{"cents", cents}});
#if CASE == 1
  log.info("authn_login_success");
#elif CASE == 2
  log.warning("sys_startup", {{"cents", cents}});
#elif CASE == 3
  log.info("Order paid");
#elif CASE == 4
  log.error("http_error", {{"cents", cents}});
#endif
}
