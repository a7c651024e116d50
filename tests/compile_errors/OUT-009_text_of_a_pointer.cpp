// code: OUT-009
// cases: 6
// The text of an exception, of the environment or of the C library as the answer.
#include <sallyport/sallyport.hpp>

#include <cstdlib>
#include <cstring>
#include <exception>

namespace sp = sallyport;

sp::Response greets(bool known) {
  const std::string name = known ? "friend" : "stranger";
  const char* const fallback = "nobody";
  static_cast<void>(sp::Response::text("hello"));
  static_cast<void>(sp::Response::empty().header("X-Kind", "greeting").header("X-Name", std::string(fallback)));
  return sp::Response::text(name, 200).header("X-Name", name);
}

sp::Response f(const std::exception& e, char* text) {
  static_cast<void>(text);
  static_cast<void>(e);
#if CASE == 1
  return sp::Response::text(e.what(), 500);
#elif CASE == 2
  return sp::Response::empty(204).header("X-Debug", e.what());
#elif CASE == 3
  return sp::Response::text(std::getenv("DATABASE_URL"));
#elif CASE == 4
  return sp::Response::text(std::strerror(5));
#elif CASE == 5
  auto answer = sp::Response::text("no");
  answer.header("X-Why", e.what());
  return answer;
#elif CASE == 6
  return sp::Response::text(text);
#else
  return sp::Response::text("no");
#endif
}
