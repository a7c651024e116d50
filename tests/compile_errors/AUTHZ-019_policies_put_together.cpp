// code: AUTHZ-019
// cases: 5
// Policies put together in a way that means nothing.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
using Pushes = sp::GithubWebhook<"pushes">;
[[maybe_unused]] static bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::any_of(sp::role("admin", "editor"), sp::when<is_ada>).hidden(), [] { return sp::NoContent{}; });
  app.get("/b/:id", sp::all_of(sp::owner<Note>, sp::when<is_ada>), [](sp::Owned<Note>) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::any_of(sp::anyone("for the test of this rule"), sp::when<is_ada>), [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a/:id", sp::any_of(sp::owner<Note>, sp::when<is_ada>), [](sp::Owned<Note>) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::any_of(sp::role("admin"), sp::when<is_ada>.hidden()), [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::all_of(sp::when<is_ada>), [] { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a", sp::any_of(sp::role("admin"), sp::signed_by<Pushes>),
           [](sp::Signed<Pushes>) { return sp::NoContent{}; });
#endif
}
