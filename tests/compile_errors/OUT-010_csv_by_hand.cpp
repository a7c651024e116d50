// code: OUT-010
// cases: 4
// A line of CSV is made of its values, so that none of them is another cell or a formula.
#include <sallyport/sallyport.hpp>

#include <string>

namespace sp = sallyport;

struct Word {
  std::int64_t number;
  std::string title;
};

sp::Stream<"text/csv; charset=utf-8; header=present"> words(const sp::Db& db) {
  co_yield sp::attachment("words.csv");
  co_yield "number,title\r\n";
  for (const Word& word : co_await db.all<Word>("SELECT number, title FROM words LIMIT 10")) {
    co_yield sp::csv_line(word.number, word.title);
#if CASE == 1
    co_yield word.title + "\r\n";
#elif CASE == 2
    co_yield std::to_string(word.number) + ",\"" + word.title + "\"\r\n";
#elif CASE == 3
    char line[100] = {};
    word.title.copy(line, 90);
    co_yield line;
#elif CASE == 4
    co_yield word.title.c_str();
#endif
  }
}
