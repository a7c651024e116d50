// code: AUTHZ-008
// cases: 1
// A folder whose files would have an owner.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sp::literals;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

void routes(sp::Router& app) {
#ifndef CASE
  app.files("/a", sp::role("editor"), "public");
#elif CASE == 1
  app.files("/a", sp::owner<Note>, "public");
#endif
}
