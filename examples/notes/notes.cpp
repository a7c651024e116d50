// A notes service: accounts, sessions, pages and a JSON API, on SQLite.
#include "api.hpp"
#include "pages.hpp"
#include "tables.hpp"

#include <sallyport/sallyport.hpp>

int main(int argc, char** argv) {
  sallyport::App app{argc, argv};
  app.migrate(notes::tables());
  app.use("/", notes::pages());
  app.use("/api", notes::api());
  app.sign_in_page("/signin");
  app.error_page(notes::error_page);
  return app.run();
}
