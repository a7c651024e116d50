// code: OWN-007
// cases: 2
// A struct with the id of a user has an owner, or says why not.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct Item {
  sp::Id<Item> id;
  sp::Id<Note> note;
  std::string text;
};
template <>
struct sp::entity<Item> : sp::table<"items", &Item::id> {};

struct Product {
  sp::Id<Product> id;
  sp::Id<sp::User> seller;
  std::string name;
};
template <>
#ifndef CASE
struct sp::entity<Product>
    : sp::table<"products", &Product::id, sp::every_owner<"the products of the shop are for everybody">> {
};
#else
struct sp::entity<Product> : sp::table<"products", &Product::id> {
};
#endif

void handle(sp::Db& db, const sp::Db& reader, sp::Id<Product> id) {
#if CASE == 2
  (void)db.run("DELETE FROM products WHERE id = ?", id);
#else
  (void)db;
  (void)reader.one<Product>("SELECT * FROM products WHERE id = ?", id);
#endif
}
