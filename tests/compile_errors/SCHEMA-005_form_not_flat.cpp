// code: SCHEMA-005
// cases: 3
// A form or query with structs inside; a path parameter that is no single value.
#include <sallyport/schema.hpp>

#include <vector>

namespace sp = sallyport;

struct Tag {
  sp::Line<1, 20> label;
};
struct Search {
  sp::Line<0, 100> q;
#if CASE == 1
  Tag tag;
#elif CASE == 2
  sp::List<sp::List<int, 3>, 3> pages;
#else
  sp::List<int, 3> pages;
#endif
};

bool read(std::string_view text) {
  sp::detail::FieldErrors errors;
#if CASE == 3
  static_cast<void>(sp::detail::read_scalar<Tag>(text, "id", errors));
#endif
  static_cast<void>(sp::detail::read_scalar<sp::Id<Tag>>(text, "id", errors));
  return sp::detail::read_form<Search>(text, errors).has_value();
}
