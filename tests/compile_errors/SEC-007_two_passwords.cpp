// code: SEC-007
// cases: 9
// More than one guess in one request: an attempt is counted once.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct Change {
  sp::Email email;
  sp::Password password;
  sp::NewPassword chosen;
  sp::Maybe<sp::NewPassword> repeated;
};
struct Inner {
  sp::Password password;
};
struct Nested {
  sp::Email email;
  Inner inner;
};
struct Two {
  sp::Email email;
  sp::Password password;
  sp::Password old_password;
};
struct TwoByNesting {
  sp::Email email;
  sp::Password password;
  Inner inner;
};
struct Perhaps {
  sp::Email email;
  sp::Password password;
  sp::Maybe<sp::Password> another;
};
struct Many {
  sp::Email email;
  sp::List<sp::Password, 20> passwords;
};
struct Vector {
  sp::Email email;
  std::vector<sp::Password> passwords;
};
struct PerhapsMany {
  sp::Email email;
  sp::Maybe<sp::List<sp::Password, 3>> passwords;
};
struct ManyPerhaps {
  sp::Email email;
  std::vector<sp::Maybe<sp::Password>> passwords;
};
struct ManyInners {
  sp::Email email;
  sp::List<Inner, 2> tries;
};

template <class T>
void route(sp::Router& app) {
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min},
           [](sp::Body<T>, sp::SignInAttempt) { return sp::NoContent{}; });
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  route<SignIn>(app);
  route<Change>(app);
  route<Nested>(app);
#elif CASE == 1
  route<Two>(app);
#elif CASE == 2
  route<TwoByNesting>(app);
#elif CASE == 3
  route<Perhaps>(app);
#elif CASE == 4
  route<Many>(app);
#elif CASE == 5
  route<Vector>(app);
#elif CASE == 6
  route<PerhapsMany>(app);
#elif CASE == 7
  route<ManyPerhaps>(app);
#elif CASE == 8
  route<ManyInners>(app);
#elif CASE == 9
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::TryForm<Many>) { return sp::NoContent{}; });
#endif
}
