// streams and files: Keeps views of the pieces of a body until its end. Should happen: does not compile.
// Request: POST /up with 1 MiB in many pieces: is what comes back what was sent?
#include "service.hpp"

sp::Task<sp::Response> up(sp::BodyStream<(1U << 20)> body) {
  std::vector<std::string_view> pieces;
  while (const auto piece = co_await body.next()) piece->read([&](std::string_view view) { pieces.push_back(view); });
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  co_return sp::Response::text(all);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/up", sp::anyone("an echo for tests"), up);
  return app.run();
}
