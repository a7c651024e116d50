// People: whom a handler may find by an e-mail address, and what the route has to say for it.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/id.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>

#include <string>

namespace sallyport {

namespace detail {
struct Admit;
class TaskContext;

/// Who has an account, as other users may know them. The id names them and proves nothing: `INSERT INTO room_members (room_id, user_id)` takes it
/// beside the id of an `Owned<Room>`.
struct FoundPerson {
  Id<User> id;
  std::string name;
};
}  // namespace detail

/// Finds a person by the e-mail that a caller types: to invite, to share with, to send to.
///
///     sp::Task<sp::NoContent> add_member(sp::Owned<Room> room, sp::Body<NewMember> in, sp::People people, sp::Db& db) {
///       const auto who = co_await people.by_email(in->email).or_problem(404, "Nobody has this e-mail");
///       co_await db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", room.id(), who.id);
///       co_return {};
///     }
///
///     app.post("/rooms/:id/members", sp::owner<Room>, sp::limit{"invite", 30, 1h}.per_account(), add_member);
///
/// Whoever may ask it learns who has an account. So its route knows who calls (AUTHZ-003), has a limit per account of its own (LIMIT-015) that
/// counts all calls and admits 100 in an hour at most (else the start refuses, CFG-031), and stands in the route report. One request is one
/// question: a second one ends it (500).
class People {
 public:
  /// Who has an account with this e-mail; nothing when nobody has, or the account is disabled. Throws as `Db` does.
  [[nodiscard]] Task<Maybe<detail::FoundPerson>> by_email(const Email& email) const;

 private:
  friend struct detail::Admit;
  explicit People(detail::TaskContext& request) noexcept : request_(request) {}
  detail::HeldRequest request_;
};

}  // namespace sallyport
