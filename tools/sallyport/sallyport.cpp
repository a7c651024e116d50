// The command line beside a service: makes keys, writes the reference of settings.
#include "crypto/master_key.hpp"
#include "ops/settings.hpp"
#include "wire/rules_reference.hpp"

#include <cerrno>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace {

constexpr const char* usage =
    "sallyport keys new FILE    writes a new random master key to FILE, readable by its owner only\n"
    "sallyport docs settings    prints the reference of all settings (docs/settings.md)\n"
    "sallyport docs rules       prints the rules of the wire (docs/wire-rules.md)\n";

int new_key(const char* path) {
  const int error = sallyport::crypto::MasterKey::create_file(path);
  if (error == 0) {
    static_cast<void>(
        std::printf("wrote %s: keep it off the repository and out of the backups of the database\n", path));
    return 0;
  }
  const std::string why =
      error == EEXIST ? "exists already, and stays as it is" : std::generic_category().message(error);
  static_cast<void>(std::fprintf(stderr, "sallyport: %s: %s\n", path, why.c_str()));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  const auto said = [&](std::size_t count, std::string_view first, std::string_view second) {
    return words.size() == count && words[1] == first && words[2] == second;
  };
  if (said(4, "keys", "new")) return new_key(words[3]);
  if (said(3, "docs", "settings")) {
    return std::fputs(sallyport::ops::settings_markdown().c_str(), stdout) < 0 ? 1 : 0;
  }
  if (said(3, "docs", "rules")) return std::fputs(sallyport::wire::rules_markdown().c_str(), stdout) < 0 ? 1 : 0;
  const bool help = words.size() == 2 && std::string_view(words[1]) == "--help";
  const bool told = std::fputs(usage, help ? stdout : stderr) >= 0;
  return help && told ? 0 : 2;
}
