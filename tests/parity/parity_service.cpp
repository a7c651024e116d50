// The routes of express_app.mjs, for the comparison with Express: what stands there in packages stands here in options.
#include <sallyport/sallyport.hpp>

#include <string>
#include <string_view>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Words {
  std::string text;
};
template <>
struct sp::view<Words> {
  using show = fields<&Words::text>;
};

struct Thing {
  sp::Line<1, 200> title;
};
struct Asked {
  sp::Line<0, 4096> q;
};
struct SignUp {
  sp::Email email;
  sp::NewPassword password;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};

namespace {

Words hello() { return {"hello"}; }
Words done() { return {"done"}; }
sp::Page page() { return {.title = "A page", .body = sp::html<"<p>{}</p>">("hello")}; }
Words thing(sp::Path<"id", sp::Line<1, 200>> id) { return {std::string((*id).view())}; }
Words search(sp::Query<Asked> asked) { return {std::string(asked->q.view())}; }
Words add(sp::Body<Thing> in) { return {std::string(in->title.view())}; }
Words add_by_form(sp::Form<Thing> in) { return {std::string(in->title.view())}; }
Words account(sp::SignedIn me) { return {std::string(me.email)}; }

sp::Response right_or_wrong(sp::Query<Asked> asked) {
  if (asked->q.view() == "right") return sp::Response::json(Words{"right"});
  return sp::Problem(404, "That is not it");
}

sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  auto proof = co_await attempt.try_create("Somebody", in->email, in->password);
  co_return std::move(proof).begin_session();
}
sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}

}  // namespace

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  const sp::anyone everybody("compared with Express");

  app.get("/", everybody, hello);
  app.get("/page", everybody, page);
  app.asset("/style.css", sp::AssetType::css, "p { color: black }");
  constexpr sp::helmet as_helmet("compared with helmet's own bytes");
  app.get("/helmet", everybody, as_helmet, hello);
  app.get("/helmet-page", everybody, as_helmet, page);
  app.get("/things/:id", everybody, thing);
  app.get("/search", everybody, search);
  app.post("/things", everybody, add);
  app.files("/files", everybody, "public/files");

  constexpr auto five = sp::limit{"five", 5, 1min}.in_windows();
  app.get("/limited", everybody, five, hello);
  app.get("/limited-too", everybody, five, hello);
  app.get("/both", everybody, sp::limit{"wide", 8, 1min}.in_windows(), sp::limit{"narrow", 3, 1min}.in_windows(),
          hello);
  app.get("/failures", everybody, sp::limit{"failures", 5, 1min}.in_windows().of_failures(), right_or_wrong);

  constexpr auto shared = sp::cors<"https://app.example", "https://admin.example:8443">.allow_headers<"X-Token">();
  constexpr auto trusting = sp::cors<"https://app.example", "https://admin.example:8443">.with_credentials();
  app.get("/shared", everybody, shared, hello);
  app.put("/shared", everybody, shared, done);
  app.get("/trusting", everybody, trusting, hello);
  app.put("/trusting", everybody, trusting, done);
  app.get("/open", everybody, sp::cors_any, hello);

  app.post("/contact", everybody, add_by_form);
  constexpr sp::attempts five_failures{.max = 5, .per = 15min, .max_per_source = 5};
  app.post("/signup", everybody, five_failures, sign_up);
  app.post("/login", everybody, five_failures, sign_in);
  app.get("/account", sp::signed_in, account);
  app.post("/account/thing", sp::signed_in, done);
  app.put("/account/thing", sp::signed_in, done);
  app.patch("/account/thing", sp::signed_in, done);
  app.del("/account/thing", sp::signed_in, done);
  app.post("/account/form", sp::signed_in, add_by_form);
  return app.run();
}
