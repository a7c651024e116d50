// code: LOG-005
// cases: 2
// A log line holds simple values.
#include <sallyport/sallyport.hpp>

#include <string>
#include <vector>

namespace sp = sallyport;

struct Order {
  int cents;
};

void pay(sp::Log& log, const Order& order, const std::vector<std::string>& names) {
  log.info("order_paid", {{"cents", order.cents}, {"name", names.front()}});
#if CASE == 1
  log.info("order_paid", {{"order", order}});
#elif CASE == 2
  log.info("order_paid", {{"names", names}});
#endif
}
