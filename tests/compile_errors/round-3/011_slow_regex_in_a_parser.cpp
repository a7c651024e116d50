// An input type of the application's own checks with an expression that backtracks without end.
#include "../round-2/service.hpp"

#include <regex>

struct Tags {
  std::string text;
  static sp::Parsed<Tags> parse(std::string_view typed) {
    static const std::regex form("^([a-z0-9]+ ?)+$");
    if (!std::regex_match(typed.begin(), typed.end(), form)) return sp::InputError::format;
    return Tags{std::string(typed)};
  }
};
struct Tagged {
  Tags tags;
};
Reply tag(sp::Body<Tagged> in) { return {in->tags.text}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/tags", sp::anyone("tries tags out"), tag);
  return app.run();
}
