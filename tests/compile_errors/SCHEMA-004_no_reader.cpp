// code: SCHEMA-004
// cases: 9
// A field of a type that a request can't be read into.
#include <sallyport/schema.hpp>

#include <array>
#include <memory>
#include <optional>

namespace sp = sallyport;

class Opaque {
 public:
  explicit Opaque(int value) : value_(value) {}
  int value() const { return value_; }

 private:
  int value_;
};
enum Old { first, second };
enum class Far { away = 1000 };

#if CASE == 1
using Field = Opaque;
#elif CASE == 2
using Field = float;
#elif CASE == 3
using Field = char;
#elif CASE == 4
using Field = int*;
#elif CASE == 5
using Field = Old;
#elif CASE == 6
using Field = Far;
#elif CASE == 7
using Field = sp::Maybe<sp::Maybe<int>>;
#elif CASE == 8
using Field = std::array<int, 3>;
#else
using Field = sp::Maybe<int>;
#endif

struct Input {
  Field field;
};

bool read(const char* bytes, std::size_t size) {
  sp::detail::FieldErrors errors;
  return sp::detail::read_json<Input>(bytes, size, size, errors).has_value();
}

#if CASE == 9  // in a route
#include <sallyport/router.hpp>

struct Measured {
  float degrees;
};
void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, [](sp::Body<Measured>) { return sp::NoContent{}; });
}
#endif
