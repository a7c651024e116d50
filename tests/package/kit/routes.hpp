// A small service of a user's, and what its tests ask: tests/package/run builds them with each framework that is there.
#pragma once

#include <sallyport/sallyport.hpp>
#include <sallyport/testing.hpp>

#include <string>

namespace sp = sallyport;

inline void routes(sp::App& app) {
  app.get("/", sp::anyone("the front page"), [] { return sp::Response::text("hello"); });
  app.get("/me", sp::signed_in, [](sp::SignedIn me) { return sp::Response::text(std::string(me.name)); });
}

inline std::string asked() {
  sp::test::Service service{routes};
  service.visitor().get("/me").expect(401);
  return service.sign_in("ada@example.org").get("/me").expect(200).text();
}
