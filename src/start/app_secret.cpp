// Reads a secret of the application's own from its file.
#include <sallyport/app.hpp>

#include "crypto/secret_file.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace sallyport::detail {
namespace {

constexpr std::size_t largest_file = std::size_t{64} * 1024;

std::string variable_of(std::string_view name) {
  std::string variable(name);
  for (char& c : variable) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return variable + "_FILE";
}

// Where it is looked for: what the environment names, in the order in which it is said to be.
std::string file_of(std::string_view name, const std::string& variable) {
  // Before the service has threads, and none of its own changes the environment.
  const char* const named = std::getenv(variable.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (named && *named) return named;
  const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (credentials && *credentials) return std::string(credentials).append("/").append(name);
  return std::string("var/secrets/").append(name);
}

std::string problem_of(crypto::SecretFileFault fault, int error) {
  using crypto::SecretFileFault;
  switch (fault) {
    case SecretFileFault::missing:
      return "a secret of the application is missing: there is no such file";
    case SecretFileFault::symbolic_link:
      return "this is a link, which others may be able to turn to another file";
    case SecretFileFault::not_a_file:
      return "this is no plain file";
    case SecretFileFault::wrong_owner:
      return "the file belongs neither to the user who starts the service nor to root";
    case SecretFileFault::too_accessible:
      return "others can read or change the file";
    case SecretFileFault::unreadable:
      return "the file can't be read: " + std::generic_category().message(error);
    case SecretFileFault::none:
      break;
  }
  return {};
}

std::string fix_of(crypto::SecretFileFault fault, const std::string& file, const std::string& variable) {
  using crypto::SecretFileFault;
  if (fault == SecretFileFault::too_accessible) return "`chmod 0400 " + file + '`';
  if (fault == SecretFileFault::wrong_owner) return "`chown $USER " + file + "` as root";
  return "write it into this file, `chmod 0400 " + file + "`, or name another one in the environment: " + variable +
         "=/etc/notes/key";
}

}  // namespace

SecretBytes read_app_secret(std::string_view name, AppDefinition& definition) {
  if (definition.secret_source) return definition.secret_source->secret(name);
  std::vector<SecretFault>& faults = definition.secret_faults;
  const std::string variable = variable_of(name);
  const std::string file = file_of(name, variable);
  crypto::Scratch<largest_file + 1> content;
  const crypto::SecretFileRead read = crypto::read_secret_file(file.c_str(), content.bytes);
  if (read.fault != crypto::SecretFileFault::none) {
    faults.push_back({file, problem_of(read.fault, read.error), fix_of(read.fault, file, variable)});
    return {};
  }
  std::size_t size = read.size;
  if (size > 0 && size <= largest_file && content.bytes[size - 1] == '\n') --size;
  if (size > 0 && size <= largest_file && content.bytes[size - 1] == '\r') --size;
  if (size == 0 || size > largest_file) {
    faults.push_back({file, size == 0 ? "the file of this secret is empty" : "a secret has 64 KiB at most",
                      "write the secret into it, and nothing else"});
    return {};
  }
  return SecretBytes(std::span(content.bytes).first(size));
}

}  // namespace sallyport::detail
