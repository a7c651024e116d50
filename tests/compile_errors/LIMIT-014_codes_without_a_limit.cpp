// code: LIMIT-014
// cases: 4
// A route that sends codes, to whoever is named and as often as somebody likes.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Ask {
  sp::Email email;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
void send_mail(const sp::Email&, const std::string&);

[[maybe_unused]] static sp::Task<sp::NoContent> ask(sp::Body<Ask> in, sp::Codes codes, sp::Db& db) {
  const auto code = sp::OneTimeCode<6>::random();
  co_await db.run("UPDATE pending SET digest = ? WHERE email = ?",
                  codes.digest(code, in->email, "confirm an address", 10min), in->email,
                  sp::every_owner<"not yet an account">);
  send_mail(in->email, code.to_send());
  co_return {};
}
[[maybe_unused]] static sp::NoContent ask_again(sp::SignedIn me, sp::Codes codes) {
  const auto code = sp::OneTimeCode<8>::random();
  static_cast<void>(codes.digest(code, me, "delete the account", 10min));
  return {};
}
constexpr sp::anyone why("somebody who signs up");

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/ask", why, sp::limit{"codes", 5, 15min}, ask);
  app.post("/again", sp::signed_in, sp::limit{"again", 3, 1h}.per_account(), ask_again);
  app.post("/second-factor", why, sp::attempts{.max = 5, .per = 15min},
           [](sp::Body<SignIn> in, sp::SignInAttempt attempt, sp::Codes codes) {
             static_cast<void>(codes.digest(sp::OneTimeCode<6>::random(), in->email, "a second factor", 5min));
             return attempt.password(in->email, in->password);
           });
#elif CASE == 1
  app.post("/ask", why, ask);
#elif CASE == 2
  app.post("/again", sp::signed_in, ask_again);
#elif CASE == 3
  app.post("/ask", why, sp::max_concurrent{4}, ask);
#elif CASE == 4
  app.with(sp::max_concurrent{4}).put("/ask", sp::signed_in, [](sp::Body<Ask> in, sp::Codes codes) {
    send_mail(in->email, codes.digest(sp::OneTimeCode<6>::random(), in->email, "confirm an address", 10min));
    return sp::NoContent{};
  });
#endif
}
