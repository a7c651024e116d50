// M5 sessions and proofs: Makes whoever writes a note called "promote" an administrator, by a trigger. Should happen: refuses to start.
// Request: POST /notes {"title":"promote","body":""}
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TRIGGER promote AFTER INSERT ON notes WHEN new.title = 'promote' BEGIN UPDATE sallyport_users SET role "
       "= 'admin' WHERE id = new.owner; END"});
  return app.run();
}
