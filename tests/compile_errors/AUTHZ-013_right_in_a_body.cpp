// code: AUTHZ-013
// cases: 11
// A client that says what it may do.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct NewProfile {
  sp::Line<0, 200> bio;
};
struct Vacancy {
  sp::Line<1, 80> role;
  sp::Int<0, 9> roles_open;
};
template <>
struct sp::client_may_set<Vacancy> : sp::because<"the job that is offered", &Vacancy::role> {};
struct Member {
  sp::Email email;
  sp::Line<1, 20> role;
};
struct Filter {
  sp::Maybe<sp::Line<1, 20>> role;
};

struct A {
  sp::Line<0, 200> bio;
  bool is_admin;
};
struct B {
  sp::Line<1, 20> role;
};
struct C {
  std::vector<sp::Line<1, 20>> roles;
};
struct D {
  sp::Maybe<bool> isAdmin;
};
struct E {
  sp::List<sp::Line<1, 20>, 10> permissions;
};
struct F {
  A profile;
};
struct G {
  bool email_verified;
};
enum class Level { reader, writer, chief };
struct H {
  Level access_level;
};
struct I {
  sp::Int<0, 1> superuser;
};

template <class T>
sp::NoContent in_json(sp::Body<T>) {
  return {};
}

void routes(sp::Router& app) {
  app.post("/profile", sp::signed_in, in_json<NewProfile>);
  app.post("/vacancies", sp::signed_in, in_json<Vacancy>);
  app.post("/members", sp::role("admin"), in_json<Member>);
  app.get("/members/:role", sp::signed_in, [](sp::Path<"role", sp::Line<1, 20>>) { return sp::NoContent{}; });
  app.get("/members", sp::signed_in, [](sp::Query<Filter>) { return sp::NoContent{}; });
#if CASE == 1
  app.put("/profile", sp::signed_in, in_json<A>);
#elif CASE == 2
  app.put("/profile", sp::signed_in, in_json<B>);
#elif CASE == 3
  app.patch("/profile", sp::signed_in, in_json<C>);
#elif CASE == 4
  app.put("/profile", sp::anyone("for the test of this rule"), in_json<D>);
#elif CASE == 5
  app.put("/profile", sp::signed_in, [](sp::Form<E>) { return sp::NoContent{}; });
#elif CASE == 6
  app.put("/profile", sp::signed_in, in_json<F>);
#elif CASE == 7
  app.put("/profile", sp::signed_in, in_json<G>);
#elif CASE == 8
  app.put("/profile", sp::signed_in, [](sp::TryForm<H>) { return sp::NoContent{}; });
#elif CASE == 9
  app.put("/profile", sp::signed_in, in_json<std::vector<I>>);
#elif CASE == 10
  app.post("/me/role/:role", sp::signed_in, [](sp::Path<"role", sp::Line<1, 20>>) { return sp::NoContent{}; });
#elif CASE == 11
  app.post("/me", sp::signed_in, [](sp::Query<Filter>) { return sp::NoContent{}; });
#endif
}
