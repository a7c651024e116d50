// A badge with the user's name is streamed as SVG, which may hold scripts.
#include "../round-2/service.hpp"

struct Badge {
  sp::Line<1, 40> name;
};
sp::Stream<"image/svg+xml"> badge(sp::Query<Badge> q) {
  co_yield "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>";
  co_yield std::string(q->name);
  co_yield "</text></svg>";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/badge.svg", sp::anyone("shown in forums"), badge);
  return app.run();
}
