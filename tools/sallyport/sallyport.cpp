// The command line beside a service: makes keys, shows who may call what, writes the references.
#include "base/nearest_name.hpp"
#include "completion.hpp"
#include "crypto/master_key.hpp"
#include "http/rules_reference.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"
#include "policy.hpp"
#include "users.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

constexpr int wrong_words = 2;

int write(std::FILE* file, std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return written && std::fflush(file) == 0 ? 0 : 1;
}

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

struct Command {
  std::string_view name;
  std::string_view about;  ///< one line, for the list of all commands
  std::string_view help;   ///< how it is written
  int (*run)(std::span<char*> words);
};

int complain(const Command& command, std::string_view what) {
  write(stderr, std::string("sallyport: ").append(what).append("\n").append(command.help));
  return wrong_words;
}

int keys(std::span<char*> words);
int docs(std::span<char*> words);
int completion(std::span<char*> words);
int version(std::span<char*>);

constexpr Command commands[] = {
    {"keys", "make the key that a service needs",
     "sallyport keys new FILE    writes a new random master key to FILE, readable by its owner only; makes its "
     "folders\n",
     keys},
    {"policy", "show, keep or compare who may call what of a service",
     "sallyport policy PROGRAM [FLAGS]                who may call what of a service: a table\n"
     "sallyport policy --json PROGRAM [FLAGS]         the same for machines\n"
     "sallyport policy --lock FILE PROGRAM [FLAGS]    writes the file that reviews and starts compare with\n"
     "sallyport policy --check FILE PROGRAM [FLAGS]   exit status 1, and the difference, when the service is another\n",
     sallyport::tool::policy},
    {"users", "list accounts, give roles, unlock, end sessions, delete", sallyport::tool::users_help,
     sallyport::tool::users},
    {"docs", "print the references of settings, refusals and rules",
     "sallyport docs settings    prints the reference of all settings (docs/settings.md)\n"
     "sallyport docs refusals    prints the start-up refusals (docs/refusals.md)\n"
     "sallyport docs rules       prints the rules of the wire (docs/wire-rules.md)\n",
     docs},
    {"completion", "print what a shell needs to complete commands and flags",
     "sallyport completion bash [PROGRAM…]    for ~/.bashrc: eval \"$(sallyport completion bash notes)\"\n"
     "sallyport completion zsh [PROGRAM…]     for ~/.zshrc, likewise\n"
     "                                        PROGRAM: services whose flags are completed as well\n",
     completion},
    {"version", "print the version", "sallyport version    prints the version, as --version does\n", version},
};

std::string overview() {
  std::string out = "Usage: sallyport COMMAND …\n\n";
  for (const Command& command : commands) {
    out.append("  ").append(command.name).append(12 - command.name.size(), ' ').append(command.about).append("\n");
  }
  return out +
         "\nsallyport help COMMAND, or sallyport COMMAND --help, shows how it is written. Exit status: 0 done, 1 not "
         "done,\n2 not understood. A service has a command line of its own: PROGRAM --help.\n";
}

const Command* find(std::string_view name) {
  const auto* const found = std::find_if(std::begin(commands), std::end(commands),
                                         [&](const Command& command) { return command.name == name; });
  return found == std::end(commands) ? nullptr : found;
}

int unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Command& command : commands) names.push_back(command.name);
  std::string said = "sallyport: there is no command ";
  sallyport::ops::append_printable(said, name);
  const std::string_view meant = sallyport::base::nearest_name(name, names);
  said.append(meant.empty() ? "" : ": did you mean ").append(meant).append(meant.empty() ? "" : "?");
  write(stderr, said + "\nsallyport --help lists the commands\n");
  return wrong_words;
}

bool is_help(std::string_view word) { return word == "--help" || word == "-h"; }

int keys(std::span<char*> words) {
  const Command& self = *find("keys");
  if (words.empty() || std::string_view(words[0]) != "new") return complain(self, "keys new FILE makes one");
  if (words.size() != 2) return complain(self, "keys new takes the name of one file");
  if (words[1][0] == '-' || words[1][0] == '\0')
    return complain(self, "this is no name for a key file: one that begins with - is written as ./-…");
  return new_key(words[1]);
}

int docs(std::span<char*> words) {
  const std::string_view which = words.size() == 1 ? std::string_view(words[0]) : std::string_view();
  if (which == "settings") return write(stdout, sallyport::ops::settings_markdown());
  if (which == "refusals") return write(stdout, sallyport::ops::refusals_markdown());
  if (which == "rules") return write(stdout, sallyport::http::rules_markdown());
  return complain(*find("docs"), "docs knows settings, refusals and rules");
}

int completion(std::span<char*> words) {
  std::vector<std::string_view> names;
  for (const Command& command : commands) names.push_back(command.name);
  const std::string_view shell = words.empty() ? std::string_view() : std::string_view(words[0]);
  const std::vector<std::string_view> programs(words.begin() + (words.empty() ? 0 : 1), words.end());
  if (!std::all_of(programs.begin(), programs.end(), sallyport::tool::is_program_name))
    return complain(*find("completion"), "a program is named by letters, digits, - and _, without its folder");
  if (shell == "bash" || shell == "zsh")
    return write(stdout, sallyport::tool::completion_script(shell == "zsh", names, programs));
  return complain(*find("completion"), "completion knows bash and zsh");
}

int version(std::span<char*>) { return write(stdout, "sallyport " SALLYPORT_VERSION "\n"); }

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words = std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0);
  const std::string_view first = words.empty() ? std::string_view() : std::string_view(words[0]);
  if (words.empty()) return write(stderr, overview()), wrong_words;
  if (is_help(first) || (first == "help" && words.size() == 1)) return write(stdout, overview());
  if (first == "--version" || first == "-V") return version({});
  const std::string_view name = first == "help" ? std::string_view(words[1]) : first;
  const Command* const command = find(name);
  if (!command) return unknown(name);
  const auto rest = words.subspan(1);
  // After the first words of `policy` stands a program, whose own --help it is.
  const auto looked_at = name == "policy" ? rest.first(std::min<std::size_t>(rest.size(), 1)) : rest;
  if (first == "help" || std::any_of(looked_at.begin(), looked_at.end(), is_help)) return write(stdout, command->help);
  const int status = command->run(rest);
  // What was printed is in a buffer still; a script that reads it has to know when it is not all there.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  write(stderr, "sallyport: can't write to standard output\n");
  return status == 0 ? 1 : status;
}
