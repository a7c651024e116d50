// code: LIMIT-015
// cases: 4
// A route on which anybody who is signed in asks for address after address, whether it has an account.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Room {
  sp::Id<Room> id;
  std::string title;
};
template <>
struct sp::entity<Room> : sp::table<"rooms", &Room::id, sp::members<"room_members", "room_id", "user_id">> {};
struct Invitation {
  sp::Email email;
};

[[maybe_unused]] static sp::Task<sp::NoContent> invite(sp::Owned<Room> room, sp::Body<Invitation> in, sp::People people,
                                                       sp::Db& db) {
  const auto who = co_await people.by_email(in->email).or_problem(404, "Nobody has this e-mail");
  co_await db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", room.id(),
                  who.id);
  co_return {};
}
[[maybe_unused]] static sp::Task<sp::NoContent> known(sp::Query<Invitation> in, sp::People people) {
  co_await people.by_email(in->email).or_problem(404, "Nobody has this e-mail");
  co_return {};
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/rooms/:id/members", sp::owner<Room>, sp::limit{"invite", 30, 1h}.per_account(), invite);
  app.get("/known", sp::signed_in, sp::limit{"known", 10, 1h}.per_account().in_windows(), known);
#elif CASE == 1
  app.post("/rooms/:id/members", sp::owner<Room>, invite);
#elif CASE == 2
  app.post("/rooms/:id/members", sp::owner<Room>, sp::limit{"invite", 30, 1h}, invite);
#elif CASE == 3
  app.get("/known", sp::role("support"), sp::limit{"known", 10, 1h}.for_everybody(), known);
#elif CASE == 4
  app.get("/known", sp::signed_in, sp::max_concurrent{1}, known);
#endif
}
