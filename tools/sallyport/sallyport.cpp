// The command line beside a service: makes keys, shows who may call what, writes the references.
#include "crypto/master_key.hpp"
#include "http/rules_reference.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"
#include "policy.hpp"
#include "users.hpp"

#include <cerrno>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace {

constexpr const char* usage =
    "sallyport keys new FILE    writes a new random master key to FILE, readable by its owner only; makes its folders\n"
    "sallyport policy PROGRAM [FLAGS]                who may call what of a service: a table\n"
    "sallyport policy --json PROGRAM [FLAGS]         the same for machines\n"
    "sallyport policy --lock FILE PROGRAM [FLAGS]    writes the file that reviews and starts compare with\n"
    "sallyport policy --check FILE PROGRAM [FLAGS]   exit status 1, and the difference, when the service is another\n"
    "sallyport users list | role EMAIL ROLE | end-sessions EMAIL | delete EMAIL --yes\n"
    "                           with --database FILE or --config FILE: the accounts of a service\n"
    "sallyport docs settings    prints the reference of all settings (docs/settings.md)\n"
    "sallyport docs refusals    prints the start-up refusals (docs/refusals.md)\n"
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
  if (words.size() > 2 && std::string_view(words[1]) == "policy") return sallyport::tool::policy(words.subspan(2));
  if (words.size() > 1 && std::string_view(words[1]) == "users") return sallyport::tool::users(words.subspan(2));
  const auto write = [](const std::string& text) { return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0; };
  if (said(3, "docs", "settings")) return write(sallyport::ops::settings_markdown());
  if (said(3, "docs", "refusals")) return write(sallyport::ops::refusals_markdown());
  if (said(3, "docs", "rules")) return write(sallyport::http::rules_markdown());
  const bool help = words.size() == 2 && std::string_view(words[1]) == "--help";
  const bool told = std::fputs(usage, help ? stdout : stderr) >= 0;
  return help && told ? 0 : 2;
}
