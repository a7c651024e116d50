// The greatest of a list of scores, which a client may leave empty.
#include "../round-2/service.hpp"

#include <algorithm>

struct Game {
  sp::List<sp::Int<0, 100>, 20> scores;
};
Reply best(sp::Body<Game> in) {
  const auto greatest = std::max_element(in->scores.begin(), in->scores.end(),
                                         [](const auto& a, const auto& b) { return a.value() < b.value(); });
  return {"best: " + std::to_string(greatest->value())};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/games", sp::anyone("tries a game out"), best);
  return app.run();
}
