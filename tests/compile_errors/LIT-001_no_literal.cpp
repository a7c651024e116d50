// code: LIT-001
// cases: 22
// without the code: g++-13 17 19 20 21
// A text that is not known while compiling, or an array without a terminating NUL, where a string literal is asked for.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] constexpr char cut_off[8] = {'h', 't', 't', 'p', 's', ':', '/', '/'};
[[maybe_unused]] static char buffer[40] = "a buffer that anybody can write to";
[[maybe_unused]] static const char made_at_start[] = {buffer[0], buffer[1], 0};
[[maybe_unused]] static constexpr std::string_view view = "a view of a text";
[[maybe_unused]] static constexpr char with_nul[] = "a title\0and more";
[[maybe_unused]] static std::string text() { return "text"; }

void routes(sp::App& app) {
  [[maybe_unused]] const auto h = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::signed_in, sp::cors<"https://app.example">, h);
  static constexpr char title[] = "Not found";
  static_cast<void>(sp::Problem(404, title));
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::cors<cut_off>, h);
#elif CASE == 2
  app.get("/a", sp::signed_in, sp::cors<"https://app.example", cut_off>, h);
#elif CASE == 3
  app.get("/a", sp::anyone(text().c_str()), h);
#elif CASE == 4
  app.get("/a", sp::anyone(buffer), h);
#elif CASE == 5
  app.get("/a", sp::anyone(view), h);
#elif CASE == 6
  app.get("/a", sp::role(text()), h);
#elif CASE == 7
  app.get(text(), sp::signed_in, h);
#elif CASE == 8
  app.get(buffer, sp::signed_in, h);
#elif CASE == 9
  app.get("/a" + text(), sp::signed_in, h);
#elif CASE == 10
  app.waive(text(), "the pilot runs a debug build", "2027-03-31");
#elif CASE == 11
  app.waive("CFG-020", text(), "2027-03-31");
#elif CASE == 12
  app.waive("CFG-020", "the pilot runs a debug build", text());
#elif CASE == 13
  app.get("/a", sp::signed_in, sp::csp{text()}, h);
#elif CASE == 14
  app.get("/a", sp::signed_in, sp::permissions{buffer}, h);
#elif CASE == 15
  app.get("/a", sp::signed_in, sp::embeddable{text().c_str()}, h);
#elif CASE == 16
  app.get("/a", sp::signed_in, sp::helmet{text()}, h);
#elif CASE == 17
  static_cast<void>(sp::Problem(404, made_at_start));
#elif CASE == 18
  static_cast<void>(sp::Problem(404, with_nul));
#elif CASE == 19
  static_cast<void>(sp::Problem(404, "Not found", made_at_start));
#elif CASE == 20
  const char now[] = {buffer[0], 0};
  static_cast<void>(sp::Problem(404, now));
#elif CASE == 21
  app.get("/a", sp::role(made_at_start), h);
#elif CASE == 22
  app.get("/a", sp::signed_in, sp::trusted_types{text()}, h);
#endif
}
