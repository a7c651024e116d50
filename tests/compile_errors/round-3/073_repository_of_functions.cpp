// A repository of std::functions loads cards, whose type says nothing of the table.
#include "../round-2/service.hpp"

#include <functional>

struct Card {
  std::string title;
  std::string body;
};
template <>
struct sp::view<Card> {
  using show = fields<&Card::title, &Card::body>;
};
struct Cards {
  std::function<sp::Task<sp::Maybe<Card>>(const sp::Db&, std::string)> by_title =
      [](const sp::Db& db, std::string title) -> sp::Task<sp::Maybe<Card>> {
    co_return co_await db.maybe<Card>("SELECT title, body FROM Notes WHERE title = ? LIMIT 1", title);
  };
};
sp::Task<Card> show(sp::Path<"title", sp::Line<1, 200>> title, sp::SignedIn, const sp::Db& db, sp::State<Cards> cards) {
  co_return co_await cards->by_title(db, std::string(*title)).or_problem(404, "No such card");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Cards>();
  app.get("/cards/:title", sp::signed_in, show);
  return app.run();
}
