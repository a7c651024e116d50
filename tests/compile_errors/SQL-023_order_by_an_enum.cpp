// code: SQL-023
// cases: 4
// A choice of a client's that would order by nothing it has chosen.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

enum class Sort { title, price };
enum class Wide { title, price, newest };
enum class Two { title };

struct Search {
  sp::Maybe<Sort> sort;
  sp::Maybe<Wide> wide;
};

auto by(const Search& search) {
#ifndef CASE
  static_cast<void>(sp::order<"p.title", "p.price">(Sort::price, true));
  return sp::order<"title", "price">(search.sort);
#elif CASE == 1
  return sp::order<"title", "price">(search.wide);
#elif CASE == 2
  return sp::order<"title", "price_cents">(search.sort);
#elif CASE == 3
  return sp::order<"name">(Sort::title);
#elif CASE == 4
  static_cast<void>(search);
  return sp::order<"p.title", "s.title">(Two::title);
#endif
}
