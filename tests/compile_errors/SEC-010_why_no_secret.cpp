// code: SEC-010
// cases: 5
// "This is no secret" without a reason.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Coupon {
  sp::Line<1, 20> code;
};
template <>
#ifndef CASE
struct sp::not_secret<Coupon> : sp::because<"printed on flyers", &Coupon::code> {
};
#elif CASE == 1
struct sp::not_secret<Coupon> : sp::because<"", &Coupon::code> {
};
#elif CASE == 2
struct sp::not_secret<Coupon> : sp::because<"                    ", &Coupon::code> {
};
#elif CASE == 3
struct sp::not_secret<Coupon> : sp::because<"todo xxx tbd later", &Coupon::code> {
};
#elif CASE == 4
struct sp::not_secret<Coupon> : sp::because<"public", &Coupon::code> {
};
#elif CASE == 5
struct sp::not_secret<Coupon> : sp::because<"printed on flyers"> {
};
#endif
