// A notes service: accounts, sessions, pages and a JSON API, on SQLite.
#include "app.hpp"

int main(int argc, char** argv) {
  sallyport::App app{argc, argv};
  notes::routes(app);
  return app.run();
}
