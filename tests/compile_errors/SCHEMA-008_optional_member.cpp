// code: SCHEMA-008
// cases: 3
// A member of an input that may be absent is a Maybe.
#include <sallyport/sallyport.hpp>

#include <optional>

namespace sp = sallyport;

struct Profile {
  sp::Maybe<sp::Line<1, 40>> nick;
  sp::Maybe<sp::List<sp::Line<1, 20>, 5>> tags;
};
struct Careless {
  std::optional<sp::Line<1, 40>> nick;
};
struct Inside {
  sp::List<Careless, 5> people;
};

void routes(sp::App& app) {
  app.post("/", sp::anyone("a public form"), [](sp::Body<Profile> in) {
    return sp::Response::text(in->nick ? std::string(in->nick->view()) : "nobody");
  });
#if CASE == 1
  app.post("/a", sp::anyone("a public form"), [](sp::Body<Careless>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("a public form"), [](sp::Query<Careless>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("a public form"), [](sp::Body<Inside>) { return sp::NoContent{}; });
#endif
}
