// M5 sessions and proofs: Lists all people with their e-mail to whoever asks. Should happen: does not compile.
// Request: GET /people without a session: e-mails?
#include "service.hpp"

sp::Task<std::vector<sp::User>> people(const sp::Db& db) {
  co_return co_await db.all<sp::User>("SELECT * FROM sallyport_people");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/people", sp::anyone("the list of authors"), people);
  return app.run();
}
