// code: AUTHZ-015
// cases: 4
// A folder in which each user's files can be read by every other one.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void routes(sp::Router& app) {
  app.files("/site", sp::anyone("the public site"), "site");
  app.files("/audit", sp::role("auditor"), "audit");
  app.files("/manuals", sp::signed_in, "manuals", sp::corp::cross_origin,
            sp::same_for_everyone("the manuals that customers get"));
#if CASE == 1
  app.files("/invoices", sp::signed_in, "invoices");
#elif CASE == 2
  app.files("/invoices", sp::signed_in, "invoices", sp::corp::cross_origin);
#elif CASE == 3
  app.files("/invoices", sp::signed_in, "invoices", sp::same_for_everyone("because of reasons"));
#elif CASE == 4
  app.files("/invoices", sp::SignedInPolicy{}, "invoices");
#endif
}
