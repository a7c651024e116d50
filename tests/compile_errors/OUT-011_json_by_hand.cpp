// code: OUT-011
// cases: 5
// JSON is made of values, so that no text in them begins another member.
#include <sallyport/sallyport.hpp>

#include <string>

namespace sp = sallyport;

struct Word {
  std::string title;
};
template <>
struct sp::view<Word> {
  using show = fields<&Word::title>;
};

sp::Stream<"application/json"> words(const sp::Db& db) {
  co_yield "[";
  for (const Word& word : co_await db.all<Word>("SELECT title FROM words LIMIT 10")) {
    co_yield sp::json(word) + ",";
#if CASE == 1
    co_yield "{\"title\":\"" + word.title + "\"},";
#elif CASE == 2
    co_yield std::string("\"") + word.title + "\",";
#elif CASE == 3
    co_yield sp::json_as_is<"ok">(word.title);
#endif
  }
  co_yield sp::json_as_is<"SQLite makes it with json_object">(
      co_await db.one<std::string>("SELECT json_object('n', count(*)) FROM words"));
  co_yield "]";
}

sp::Stream<"application/x-ndjson"> lines(const sp::Db& db) {
  for (const Word& word : co_await db.all<Word>("SELECT title FROM words LIMIT 10")) {
    co_yield sp::json(word) + "\n";
#if CASE == 4
    co_yield "{\"title\":\"" + word.title + "\"}\n";
#endif
  }
}

#if CASE == 5
sp::Stream<"application/geo+json; charset=utf-8"> place(sp::Path<"name", sp::Line<1, 40>> name) {
  co_yield "{\"type\":\"" + std::string(name->view()) + "\"}";
}
#endif
