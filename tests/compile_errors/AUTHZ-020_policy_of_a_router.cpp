// code: AUTHZ-020
// cases: 4
// A policy that can't be that of a router.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
[[maybe_unused]] static bool yes() { return true; }
[[maybe_unused]] static bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  sp::Router admin{sp::role("admin")};
  app.use("/admin", admin);
  app.use("/own", sp::Router(sp::signed_in));
  app.use("/ada", admin, sp::when<is_ada>);
#elif CASE == 1
  sp::Router admin{sp::anyone("for the test of this rule")};
  app.use("/admin", admin);
#elif CASE == 2
  app.use("/admin", sp::Router(), sp::owner<Note>);
#elif CASE == 3
  app.use("/admin", sp::Router(), sp::when<yes>);
#elif CASE == 4
  app.use("/admin", sp::Router(), "admin");
#endif
}
