// How the running program and its libraries were built, read from their ELF files: only hardened ones serve in production (CFG-020), and
// none with std::regex (CFG-026).
#pragma once

#include <sallyport/detail/build_record.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ops/finding.hpp"
#include "ops/settings.hpp"

namespace sallyport::start {

/// What an ELF file shows about how it was compiled and linked.
struct BuildFacts {
  bool position_independent = false;  ///< ET_DYN
  bool relro = false;                 ///< PT_GNU_RELRO
  bool bind_now = false;              ///< DF_BIND_NOW: with relro, no function pointer of the linker stays writable
  bool stack_not_executable = false;  ///< PT_GNU_STACK without PF_X
  bool stack_protector = false;       ///< calls __stack_chk_fail
  bool fortified = false;             ///< calls functions such as __memcpy_chk
  bool sanitizer = false;             ///< contains a sanitizer's run time, which is for finding bugs and not hardened
};

/// Reads an ELF file of this machine's kind. Nothing when it is none, or damaged.
[[nodiscard]] std::optional<BuildFacts> read_build_facts(std::span<const unsigned char> file);
/// The same for the file at `path`.
[[nodiscard]] std::optional<BuildFacts> read_build_facts(const char* path);

/// The records in an ELF file of how its source files were compiled; empty when it has none, or is damaged.
[[nodiscard]] std::vector<detail::BuildRecord> read_build_records(std::span<const unsigned char> file);

/// The protections that the program lacks for production, as text; empty when it lacks none.
[[nodiscard]] std::string lacks(const BuildFacts& facts);

/// The same for the source files it was compiled from: what they lack, and their names.
[[nodiscard]] std::string lacks(std::span<const detail::BuildRecord> files);

/// Whether an ELF file was compiled with std::regex, which follows every way that a text may match: forty characters can take hours.
[[nodiscard]] bool uses_std_regex(std::span<const unsigned char> file);

/// Adds CFG-020 for each of the two that lacks something. `facts`: nothing when the ELF file can't be read.
void check_build(const std::optional<BuildFacts>& facts, std::span<const detail::BuildRecord> files,
                 ops::Findings& findings);
/// The same for the library at `path` when it has records. One without any was not compiled with our headers, as the system's libraries.
void check_library(const char* path, ops::Findings& findings);
/// Adds CFG-026 when the program at `path` uses std::regex. What can't be read does not.
void check_calls(const char* path, ops::Findings& findings);
/// `check_calls` of this program; in production also `check_build`, and `check_library` of each loaded library.
void check_hardening(ops::Mode mode, ops::Findings& findings);

}  // namespace sallyport::start
