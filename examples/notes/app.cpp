// What the service is made of.
#include "app.hpp"

#include "api.hpp"
#include "pages.hpp"
#include "tables.hpp"

namespace notes {

void routes(sallyport::App& app) {
  app.migrate(tables());
  app.use("/", pages());
  app.use("/api", api());
  app.sign_in_page("/signin");
  app.error_page(error_page);
}

}  // namespace notes
