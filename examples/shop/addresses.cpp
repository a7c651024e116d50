// Where to: the addresses that a customer keeps.
#include "model.hpp"
#include "routes.hpp"

namespace shop {
namespace {

sp::Task<sp::Created<Address>> add(sp::Body<NewAddress> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.one<Address>(
      "INSERT INTO addresses (id, owner, name, street, postcode, city) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
      sp::Id<Address>::random(), me.id, in->name, in->street, in->postcode, in->city);
}
sp::Task<sp::Rows<Address>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Address>("SELECT * FROM addresses WHERE owner = ? ORDER BY name LIMIT 100", me.id);
}
sp::Task<sp::NoContent> remove_address(sp::Owned<Address> address, sp::Db& db) {
  co_await db.run("DELETE FROM addresses WHERE id = ?", address.id()).or_problem(404, "No such address");
  co_return {};
}

}  // namespace

void addresses(sp::App& app) {
  app.post("/addresses", sp::signed_in, add);
  app.get("/addresses", sp::signed_in, list);
  app.del("/addresses/:id", sp::owner<Address>, remove_address);
}

}  // namespace shop
