// Completion of commands and flags by a shell.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sallyport::tool {

/// The text to evaluate in bash, or in zsh (through its bashcompinit): completes `commands` of sallyport, and the flags of the services that
/// are called `programs`.
[[nodiscard]] std::string completion_script(bool zsh, std::span<const std::string_view> commands,
                                            std::span<const std::string_view> programs);

/// Whether a name can stand in such a text: letters, digits, `-` and `_`.
[[nodiscard]] bool is_program_name(std::string_view name) noexcept;

}  // namespace sallyport::tool
