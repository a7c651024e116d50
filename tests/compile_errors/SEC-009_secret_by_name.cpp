// code: SEC-009
// cases: 23
// A field of an input that is called like a secret, of a type that anything may print, compare and store.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct Address {
  sp::Line<2, 2> country_code;
  sp::Line<1, 12> zip_code, postal_code, color_code, promo_code;
  sp::Int<100, 599> status_code, error_code;
  bool pin;
  sp::Int<0, 10> max_tokens;
};
struct Coupon {
  sp::Line<1, 20> code;
};
template <>
struct sp::not_secret<Coupon> : sp::because<"printed on flyers", &Coupon::code> {};
struct Place {
  sp::Int<0, 9999> pin;
  sp::Maybe<sp::Line<1, 20>> token;
};
template <>
struct sp::not_secret<Place> : sp::because<"a mark on the map", &Place::pin>,
                               sp::because<"a piece of a board game", &Place::token> {};
struct ApiKey {
  using is_secret = void;
  static constexpr std::size_t max_length = 40;
  static sp::Parsed<ApiKey> parse(std::string_view) { return ApiKey{}; }
};
struct WithKey {
  ApiKey api_key;
};

template <class T>
void takes(sp::Router& app) {
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Body<T>) { return sp::NoContent{}; });
}

#ifdef CASE
struct Inner {
#if CASE == 11
  sp::Line<1, 80> access_token;
#endif
  sp::Line<1, 80> name;
};
struct In {
  sp::Line<1, 80> name;
#if CASE == 1
  sp::Line<1, 80> password;
#elif CASE == 2
  sp::Line<6, 6> code;
#elif CASE == 3
  sp::Line<1, 80> new_password;
#elif CASE == 4
  int pin;
#elif CASE == 5
  sp::Maybe<sp::Text<1, 80>> resetToken;
#elif CASE == 6
  std::vector<sp::Line<1, 80>> backup_codes;
#elif CASE == 7
  sp::Int<0, 999'999> verification_code;
#elif CASE == 8
  sp::Line<1, 80> passwordHash;
#elif CASE == 9
  sp::Line<1, 80> api_key;
#elif CASE == 10
  sp::Id<Coupon> token;
#elif CASE == 11
  Inner inner;
#elif CASE == 12
  Inner secret;
#elif CASE == 13
  std::uint32_t otp;
#elif CASE == 14
  sp::Line<3, 4> cvv2;
#elif CASE == 15
  sp::Line<12, 19> cardNumber;
#elif CASE == 16
  sp::Line<1, 80> oneTimeCode;
#elif CASE == 17
  sp::List<sp::Line<1, 80>, 4> tokens;
#elif CASE == 18
  sp::Text<1, 80> password_confirmation;
#elif CASE >= 19
  sp::Line<1, 80> passphrase;
#endif
};
#endif

void routes(sp::Router& app) {
#ifndef CASE
  takes<Address>(app);
  takes<Coupon>(app);
  takes<Place>(app);
  takes<WithKey>(app);
  app.get("/c/:country_code", sp::anyone("for the test of this rule"),
          [](sp::Path<"country_code", sp::Line<2, 2>>) { return sp::NoContent{}; });
#elif CASE == 19
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::TryForm<In>) { return sp::NoContent{}; });
#elif CASE == 20
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<In>) { return sp::NoContent{}; });
#elif CASE == 21
  app.get("/a/:token", sp::anyone("for the test of this rule"),
          [](sp::Path<"token", sp::Line<1, 80>>) { return sp::NoContent{}; });
#elif CASE == 22
  app.get("/a/:code", sp::anyone("for the test of this rule"),
          [](sp::Path<"code", sp::Int<0, 999'999>>) { return sp::NoContent{}; });
#elif CASE == 23
  app.post("/a/:resetToken", sp::anyone("for the test of this rule"),
           [](sp::Path<"resetToken", sp::Id<In>>) { return sp::NoContent{}; });
#else
  takes<In>(app);
#endif
}
