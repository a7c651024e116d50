// code: OUT-005
// cases: 2
// A single char in an answer: a number or a text?
#include <sallyport/json.hpp>

#include <string>
#include <vector>

namespace sp = sallyport;

#if CASE == 1
using Grade = char;
#elif CASE == 2
using Grade = std::vector<char>;
#else
using Grade = std::string;
#endif

struct Result {
  int points;
  Grade grade;
};
template <>
struct sp::view<Result> {
  using show = fields<&Result::points, &Result::grade>;
};

std::string answer(const Result& result) {
  std::string out;
  sp::to_json(out, result);
  return out;
}
