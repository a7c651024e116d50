// code: CACHE-002
// cases: 6
// What one caller is sent, kept for everybody.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::id, &Note::title>;
  using hidden = fields<&Note::owner>;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

[[maybe_unused]] static sp::Task<sp::Rows<Note>> mine(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 50", me.id);
}
[[maybe_unused]] static Note one(sp::Owned<Note> note) { return *note; }
[[maybe_unused]] static sp::Response greeting(sp::Maybe<sp::SignedIn> who) {
  return sp::Response::text(who ? std::string(who->name) : "somebody");
}
[[maybe_unused]] static sp::Page form(sp::CsrfToken token) {
  return {.title = "x", .body = sp::html<"{}">(token.field())};
}
[[maybe_unused]] static sp::Response prices() { return sp::Response::text("120"); }
constexpr sp::anyone why("the prices of the shop");

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/prices", why, sp::cache{5min}, prices);
  app.get("/notes", sp::signed_in, sp::cache_private{0s}, mine);
  app.get("/notes/:id", sp::owner<Note>, sp::cache_private{1h}, one);
  app.get("/hello", why, sp::cache_private{1h}, greeting);
#elif CASE == 1
  app.get("/notes", sp::signed_in, sp::cache{5min}, mine);
#elif CASE == 2
  app.get("/notes/:id", sp::owner<Note>, sp::cache{5min}, one);
#elif CASE == 3
  app.get("/hello", why, sp::cache{5min}, greeting);
#elif CASE == 4
  app.get("/form", why, sp::cache{5min}, form);
#elif CASE == 5
  app.get("/prices", sp::role("seller"), sp::cache{5min}, prices);
#elif CASE == 6
  app.get("/prices", sp::signed_in, sp::cache{0s}, [] { return sp::Response::text("120"); });
#endif
}
