// code: ROUTE-012
// cases: 4
// Middleware as in Express.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static void log_request(const sp::Response&) {}

void routes(sp::Router& app) {
#ifndef CASE
  sp::Router notes;
  notes.get("/a", sp::signed_in, [] { return sp::NoContent{}; });
  app.use("/notes", notes).with(sp::coep::credentialless);
#elif CASE == 1
  app.use(log_request);
#elif CASE == 2
  app.use([](auto& request, auto& response, auto next) { next(request, response); });
#elif CASE == 3
  app.use("/notes", [] { return sp::NoContent{}; });
#elif CASE == 4
  app.use("/notes", sp::signed_in);
#endif
}
