// code: SCHEMA-001
// cases: 6
// A text in an input that says no length.
#include <sallyport/schema.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sp = sallyport;

#if CASE == 1
using Title = std::string;
#elif CASE == 2
using Title = std::string_view;
#elif CASE == 3
using Title = sp::Maybe<std::string>;
#elif CASE == 4
using Title = std::vector<std::string>;
#elif CASE == 5
struct Title {
  std::string text;
};
#else
using Title = sp::Text<1, 200>;
#endif

struct NewNote {
  Title title;
};

bool read(const char* bytes, std::size_t size) {
  sp::detail::FieldErrors errors;
  return sp::detail::read_json<NewNote>(bytes, size, size, errors).has_value();
}

#if CASE == 6  // in a route
#include <sallyport/router.hpp>

struct NewEntry {
  std::string title;
};
void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, [](sp::Body<NewEntry>) { return sp::NoContent{}; });
}
#endif
