// The words of every command line are known while this is written, so that pressing Tab starts no program.
#include "completion.hpp"

#include "ops/settings_table.hpp"

#include <algorithm>

namespace sallyport::tool {
namespace {

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

std::string flags() {
  std::string out = "--help --version --check --policy --config --port --tls";
  for (const ops::Setting& setting : ops::settings_table()) out.append(" --").append(ops::flag_name(setting.key));
  return out;
}

constexpr std::string_view functions = R"(
_sallyport_complete() {
  local current=${COMP_WORDS[COMP_CWORD]} words=
  case ${COMP_WORDS[1]}:$COMP_CWORD in
    *:1) words=$_sallyport_commands ;;
    keys:2) words=new ;;
    users:2) words="list role unlock end-sessions delete" ;;
    docs:2) words="settings refusals rules" ;;
    completion:2) words="bash zsh" ;;
    policy:2) words="--json --lock --check" ;;
    help:2) words=$_sallyport_commands ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_sallyport_service_complete() {
  COMPREPLY=($(compgen -W "$_sallyport_flags" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sallyport_complete sallyport
)";

}  // namespace

bool is_program_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string completion_script(bool zsh, std::span<const std::string_view> commands,
                              std::span<const std::string_view> programs) {
  std::string out = zsh ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  out.append("_sallyport_commands=\"").append(joined(commands)).append("\"\n");
  out.append("_sallyport_flags=\"").append(flags()).append("\"").append(functions);
  if (!programs.empty())
    out.append("complete -o default -F _sallyport_service_complete ").append(joined(programs)).append("\n");
  return out;
}

}  // namespace sallyport::tool
