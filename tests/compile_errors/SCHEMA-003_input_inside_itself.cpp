// code: SCHEMA-003
// cases: 2
// An input that contains itself, so that a client chooses the depth.
#include <sallyport/schema.hpp>

#include <optional>
#include <vector>

namespace sp = sallyport;

struct Item {
  sp::Line<1, 80> name;
  sp::Maybe<sp::Id<Item>> parent;
};
struct Tree {
  sp::Line<1, 80> name;
#if CASE == 1
  std::vector<Tree> children;
#else
  std::vector<Item> children;
#endif
};
#if CASE == 2
struct Odd;
struct Even {
  std::vector<Odd> odd;
};
struct Odd {
  std::vector<Even> even;
};
#endif

bool read(const char* bytes, std::size_t size) {
  sp::detail::FieldErrors errors;
#if CASE == 2
  static_cast<void>(sp::detail::read_json<Even>(bytes, size, size, errors));
#endif
  return sp::detail::read_json<Tree>(bytes, size, size, errors).has_value();
}
