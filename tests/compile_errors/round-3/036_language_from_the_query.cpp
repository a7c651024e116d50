// The language of a page is what the query says.
#include "../round-2/service.hpp"

struct Choice {
  sp::Line<1, 60> lang;
};
sp::Page home(sp::Query<Choice> q) {
  return {.title = "Home", .lang = std::string(q->lang), .body = sp::html<"<h1>Home</h1>">()};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/home", sp::anyone("the home page"), home);
  return app.run();
}
