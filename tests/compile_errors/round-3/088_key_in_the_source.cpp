// The program writes its own key file, from a text in its source.
#include "../round-2/service.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

int main(int argc, char** argv) {
  {
    std::ofstream file("master.key");
    file << "my-service-master-key-2026-my-service-master-key\n";
  }
  std::filesystem::permissions("master.key", std::filesystem::perms::owner_read);
  setenv("SALLYPORT_KEYS_FILE", "master.key", 0);
  sp::App app{argc, argv};
  begin(app);
  return app.run();
}
