// code: SCHEMA-002
// cases: 7
// An entity as an input, so that a client could set what it must not (mass assignment).
#include <sallyport/entity.hpp>
#include <sallyport/schema.hpp>

#include <vector>

namespace sp = sallyport;

struct NewNote {
  sp::Text<1, 200> title;
};
struct Note {
  sp::Text<1, 200> title;
  bool pinned;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::title>;
  using hidden = fields<&Note::pinned>;
};
struct User {
  sp::Id<User> id;
  sp::Line<1, 80> name;
};
struct Batch {
  sp::List<Note, 10> notes;
};

struct Product {
  std::int64_t number;
  sp::Line<1, 80> name;
};
template <>
struct sp::entity<Product> : sp::table<"products", &Product::number> {};
struct Order {
  sp::List<Product, 10> products;
};

bool read(const char* bytes, std::size_t size) {
  sp::detail::FieldErrors errors;
#if CASE == 1
  using Input = Note;
#elif CASE == 2  // its id gives it away before it has a view
  using Input = User;
#elif CASE == 3  // inside another input
  using Input = Batch;
#elif CASE == 4
  using Input = std::vector<Note>;
#elif CASE == 5  // without a view
  using Input = Product;
#elif CASE == 6
  using Input = Order;
#else
  using Input = NewNote;
#endif
  return sp::detail::read_json<Input>(bytes, size, size, errors).has_value();
}

#if CASE == 7  // in a route
#include <sallyport/router.hpp>

#include <string>

struct Entry {
  sp::Id<Entry> id;
  std::string title;
};
void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, [](sp::Body<Entry>) { return sp::NoContent{}; });
}
#endif
