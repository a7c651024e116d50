// The text of a file system's exception is answered, path and all.
#include "../round-2/service.hpp"

#include <filesystem>
#include <sstream>

Reply size_of_report(sp::Path<"year", sp::Int<2000, 2100>> year) {
  try {
    const auto size = std::filesystem::file_size("/srv/acme/reports/" + std::to_string(year->value()) + ".pdf");
    return {std::to_string(size) + " bytes"};
  } catch (const std::exception& error) {
    std::ostringstream text;
    text << "could not look: " << error.what();
    return {text.str()};
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/reports/:year/size", sp::anyone("the annual reports"), size_of_report);
  return app.run();
}
