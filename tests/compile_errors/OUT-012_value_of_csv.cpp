// code: OUT-012
// cases: 4
// A cell of CSV is a text or a number, and no secret.
#include <sallyport/sallyport.hpp>

#include <optional>
#include <string>

namespace sp = sallyport;

enum class Colour { red, green };
struct Word {
  sp::Id<Word> id;
  std::string title;
};

sp::CsvLine line(const Word& word, const sp::Password& password) {
  static_cast<void>(password);
#if CASE == 1
  return sp::csv_line(word);
#elif CASE == 2
  return sp::csv_line(word.id, password);
#elif CASE == 3
  return sp::csv_line(word.id, nullptr);
#elif CASE == 4
  try {
    return sp::csv_line(std::stoi(word.title));
  } catch (const std::exception& error) {
    return sp::csv_line(error.what());
  }
#endif
  return sp::csv_line(word.id, word.title, 7, 1.5, true, Colour::red, sp::Maybe<std::string>(), std::optional<int>(3),
                      "x");
}
