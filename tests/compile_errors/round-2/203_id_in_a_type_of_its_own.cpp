// V4 whose object: Reads the id of a user by a type of its own, whose parse calls that of Id. Should happen: does not compile.
// Request: POST /look {"who":"<id of Alice>"} as Mallory: notes of Alice?
#include "service.hpp"

struct Who {
  sp::Id<sp::User> id;
  static sp::Parsed<Who> parse(std::string_view text) {
    const auto id = sp::Id<sp::User>::parse(text);
    if (!id) return sp::InputError::format;
    return Who{*id};
  }
};
struct In {
  Who who;
};
sp::Task<std::vector<Note>> look(sp::Body<In> in, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", in->who.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
