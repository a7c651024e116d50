// code: SEC-008
// cases: 10
// A password in the address, which is kept in logs and histories.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct Chosen {
  sp::Maybe<sp::NewPassword> password;
};
struct Sent {
  sp::OneTimeCode<6> code;
};
struct Key {
  using is_secret = void;
  static constexpr std::size_t max_length = 40;
  static sp::Parsed<Key> parse(std::string_view) { return Key{}; }
};
struct Feed {
  Key key;
};
struct Feeds {
  sp::Maybe<Key> first;
  std::vector<Key> others;
};
struct Page {
  sp::Int<1, 100> number;
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min},
           [](sp::Form<SignIn> in, sp::Query<Page>, sp::SignInAttempt attempt) {
             return attempt.password(in->email, in->password, sp::Response::see_other("/"));
           });
  app.post("/feed", sp::anyone("for the test of this rule"), [](sp::Body<Feed>) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<SignIn>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min},
           [](sp::Query<SignIn> in, sp::SignInAttempt attempt) { return attempt.password(in->email, in->password); });
#elif CASE == 3
  app.post("/a/:password", sp::anyone("for the test of this rule"),
           [](sp::Path<"password", sp::Password>) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<Chosen>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a/:password", sp::anyone("for the test of this rule"),
           [](sp::Path<"password", sp::NewPassword>) { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<Sent>) { return sp::NoContent{}; });
#elif CASE == 7
  app.get("/a/:sent", sp::anyone("for the test of this rule"),
          [](sp::Path<"sent", sp::OneTimeCode<6>>) { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/feed", sp::anyone("for the test of this rule"), [](sp::Query<Feed>) { return sp::NoContent{}; });
#elif CASE == 9
  app.get("/feed", sp::anyone("for the test of this rule"), [](sp::Query<Feeds>) { return sp::NoContent{}; });
#elif CASE == 10
  app.get("/feed/:k", sp::anyone("for the test of this rule"), [](sp::Path<"k", Key>) { return sp::NoContent{}; });
#endif
}
