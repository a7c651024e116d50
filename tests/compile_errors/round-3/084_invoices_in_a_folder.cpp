// Everybody's invoices lie in one folder, which is served to all who are signed in.
#include "../round-2/service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.files("/invoices", sp::signed_in, "invoices");
  return app.run();
}
