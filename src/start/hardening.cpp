// Reads program headers, the dynamic section, the names of symbols and the records of how files were compiled; every offset is checked
// against the file's end.
#include "start/hardening.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"

namespace sallyport::start {
namespace {

// Where the program's section begins and ends: the linker makes these names, separately for each program and library.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern const detail::BuildRecord first_build[] asm("__start_sallyport_builds");
[[gnu::weak, gnu::visibility("hidden")]] extern const detail::BuildRecord last_build[] asm("__stop_sallyport_builds");
}

std::span<const detail::BuildRecord> build_records() {
  return {first_build, static_cast<std::size_t>(last_build - first_build)};
}

constexpr unsigned char native_class = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

class ElfFile {
 public:
  explicit ElfFile(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  /// Calls `use(T)` for each of `count` records. False when they do not lie within the file.
  template <class T, class Use>
  [[nodiscard]] bool each(std::uint64_t offset, std::uint64_t count, Use&& use) const {
    if (offset > bytes_.size() || count > (bytes_.size() - offset) / sizeof(T)) return false;
    for (std::uint64_t i = 0; i < count; ++i) use(*at<T>(offset + i * sizeof(T)));
    return true;
  }

  [[nodiscard]] std::string_view text(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return {};
    return {reinterpret_cast<const char*>(bytes_.data() + offset), size};
  }

 private:
  std::span<const unsigned char> bytes_;
};

void note_symbol(std::string_view name, BuildFacts& facts) {
  if (name == "__stack_chk_fail")
    facts.stack_protector = true;
  else if (name.starts_with("__") && name.ends_with("_chk"))
    facts.fortified = true;
  for (const std::string_view runtime : {"__asan_", "__tsan_", "__msan_", "__hwasan_", "__ubsan_handle_"})
    facts.sanitizer |= name.starts_with(runtime);
}

void note_dynamic(const ElfW(Dyn) & entry, BuildFacts& facts) {
  const auto value = entry.d_un.d_val;
  facts.bind_now |= entry.d_tag == DT_BIND_NOW || (entry.d_tag == DT_FLAGS && (value & DF_BIND_NOW) != 0) ||
                    (entry.d_tag == DT_FLAGS_1 && (value & DF_1_NOW) != 0);
}

// Calls `use` with the name of each symbol of a table that `wanted` takes. Symbols are found through the section headers, which strip
// keeps.
template <class Wanted, class Use>
bool each_symbol(const ElfFile& file, const ElfW(Ehdr) & header, Wanted&& wanted, Use&& use) {
  return file.each<ElfW(Shdr)>(header.e_shoff, header.e_shnum, [&](const ElfW(Shdr) & section) {
    if (!wanted(section.sh_type)) return;
    const auto strings = file.at<ElfW(Shdr)>(header.e_shoff + std::uint64_t{section.sh_link} * sizeof(ElfW(Shdr)));
    if (!strings) return;
    const std::string_view names = file.text(strings->sh_offset, strings->sh_size);
    static_cast<void>(
        file.each<ElfW(Sym)>(section.sh_offset, section.sh_size / sizeof(ElfW(Sym)), [&](const ElfW(Sym) & symbol) {
          if (symbol.st_name >= names.size()) return;
          const std::string_view rest = names.substr(symbol.st_name);
          use(rest.substr(0, rest.find('\0')));
        }));
  });
}

// The dynamic symbols are what a program calls in its libraries; a static program has its own, unless they were stripped: then nothing is
// known, and it counts as missing.
bool note_symbols(const ElfFile& file, const ElfW(Ehdr) & header, BuildFacts& facts) {
  return each_symbol(
      file, header, [](ElfW(Word) type) { return type == SHT_DYNSYM || type == SHT_SYMTAB; },
      [&facts](std::string_view name) { note_symbol(name, facts); });
}

std::optional<ElfW(Ehdr)> read_header(const ElfFile& file) {
  const auto header = file.at<ElfW(Ehdr)>(0);
  const bool readable = header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
                        header->e_ident[EI_CLASS] == native_class && header->e_phentsize == sizeof(ElfW(Phdr)) &&
                        header->e_shentsize == sizeof(ElfW(Shdr));
  return readable ? header : std::nullopt;
}

// Calls `use` with the bytes of the file at `path`. False when it can't be read.
template <class Use>
bool with_bytes(const char* path, Use&& use) {
  const base::Descriptor file{::open(path, O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || status.st_size <= 0) return false;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) return false;
  use(std::span(static_cast<const unsigned char*>(memory), size));
  ::munmap(memory, size);
  return true;
}

// The paths of the loaded libraries. The program itself has no name here, and the vDSO, which is no file, one without a folder.
std::vector<std::string> loaded_libraries() {
  std::vector<std::string> paths;
  ::dl_iterate_phdr(
      [](dl_phdr_info* library, std::size_t, void* list) {
        const std::string_view path = library->dlpi_name ? library->dlpi_name : "";
        if (path.find('/') != path.npos) static_cast<std::vector<std::string>*>(list)->emplace_back(path);
        return 0;
      },
      &paths);
  return paths;
}

}  // namespace

std::optional<BuildFacts> read_build_facts(std::span<const unsigned char> bytes) {
  const ElfFile file(bytes);
  const auto header = read_header(file);
  if (!header) return std::nullopt;
  BuildFacts facts{.position_independent = header->e_type == ET_DYN};
  bool whole = true;
  whole &= file.each<ElfW(Phdr)>(header->e_phoff, header->e_phnum, [&](const ElfW(Phdr) & segment) {
    if (segment.p_type == PT_GNU_RELRO) facts.relro = true;
    if (segment.p_type == PT_GNU_STACK) facts.stack_not_executable = (segment.p_flags & PF_X) == 0;
    if (segment.p_type == PT_DYNAMIC) {
      whole &= file.each<ElfW(Dyn)>(segment.p_offset, segment.p_filesz / sizeof(ElfW(Dyn)),
                                    [&](const ElfW(Dyn) & entry) { note_dynamic(entry, facts); });
    }
  });
  whole &= note_symbols(file, *header, facts);
  return whole ? std::optional(facts) : std::nullopt;
}

std::optional<BuildFacts> read_build_facts(const char* path) {
  std::optional<BuildFacts> facts;
  static_cast<void>(with_bytes(path, [&](std::span<const unsigned char> bytes) { facts = read_build_facts(bytes); }));
  return facts;
}

// Records hold no addresses, so that the linker's file has the same bytes as memory.
std::vector<detail::BuildRecord> read_build_records(std::span<const unsigned char> bytes) {
  std::vector<detail::BuildRecord> records;
  const ElfFile file(bytes);
  const auto header = read_header(file);
  if (!header) return records;
  const auto strings = file.at<ElfW(Shdr)>(header->e_shoff + std::uint64_t{header->e_shstrndx} * sizeof(ElfW(Shdr)));
  if (!strings) return records;
  const std::string_view names = file.text(strings->sh_offset, strings->sh_size);
  static_cast<void>(file.each<ElfW(Shdr)>(header->e_shoff, header->e_shnum, [&](const ElfW(Shdr) & section) {
    if (section.sh_type != SHT_PROGBITS || section.sh_name >= names.size()) return;
    const std::string_view rest = names.substr(section.sh_name);
    if (rest.substr(0, rest.find('\0')) != "sallyport_builds") return;
    static_cast<void>(
        file.each<detail::BuildRecord>(section.sh_offset, section.sh_size / sizeof(detail::BuildRecord),
                                       [&](const detail::BuildRecord& record) { records.push_back(record); }));
  }));
  return records;
}

std::string lacks(const BuildFacts& facts) {
  std::string out;
  for (const auto& [there, name] : {std::pair{facts.position_independent, "PIE"},
                                    {facts.relro, "RELRO"},
                                    {facts.bind_now, "BIND_NOW"},
                                    {facts.stack_not_executable, "a stack that can't be executed"},
                                    {facts.stack_protector, "the stack protector"},
                                    {facts.fortified, "_FORTIFY_SOURCE"}}) {
    if (!there) out.append(out.empty() ? "without " : ", ").append(name);
  }
  if (facts.sanitizer) out.append(out.empty() ? "" : "; ").append("with a sanitizer");
  return out;
}

std::string lacks(std::span<const detail::BuildRecord> files) {
  using detail::BuildLack;
  constexpr std::size_t most_named = 4;
  std::uint32_t lacking = 0;
  std::size_t count = 0;
  std::string names;
  for (const detail::BuildRecord& record : files) {
    if (record.lacks == 0) continue;
    lacking |= record.lacks;
    if (++count > most_named) continue;
    names.append(names.empty() ? "" : ", ").append(record.file, ::strnlen(record.file, sizeof record.file));
  }
  if (count == 0) return {};
  if (count > most_named) names += " and " + std::to_string(count - most_named) + " more";

  std::string out;
  for (const auto& [lack, name] : {std::pair{BuildLack::optimisation, "optimisation"},
                                   {BuildLack::fortify, "_FORTIFY_SOURCE"},
                                   {BuildLack::assertions, "_GLIBCXX_ASSERTIONS"},
                                   {BuildLack::position_independence, "PIE"},
                                   {BuildLack::stack_protector, "the stack protector"},
                                   {BuildLack::control_flow, "control-flow protection"}}) {
    if ((lacking & static_cast<std::uint32_t>(lack)) != 0) out.append(out.empty() ? "without " : ", ").append(name);
  }
  if ((lacking & static_cast<std::uint32_t>(BuildLack::sanitizer)) != 0)
    out.append(out.empty() ? "" : "; ").append("with a sanitizer");
  return out + ": " + names;
}

// The templates of std::regex are compiled into the program; what they throw is the standard library's.
bool uses_std_regex(std::span<const unsigned char> bytes) {
  const ElfFile file(bytes);
  const auto header = read_header(file);
  bool uses = false;
  if (header) {
    static_cast<void>(each_symbol(
        file, *header, [](ElfW(Word) type) { return type == SHT_DYNSYM; },
        [&uses](std::string_view name) {
          // As libstdc++ and libc++ call it; Boost's, which gives up in time, is of another namespace.
          for (const std::string_view thrown : {"St19__throw_regex_error", "St11regex_error", "St3__111regex_error"})
            uses |= name.find(thrown) != name.npos;
        }));
  }
  return uses;
}

void check_build(const std::optional<BuildFacts>& facts, std::span<const detail::BuildRecord> files,
                 ops::Findings& findings) {
  if (!facts)
    findings.add("CFG-020", "program", "its own ELF file can't be read", "mount /proc, and run an ELF file");
  else if (const std::string missing = lacks(*facts); !missing.empty())
    findings.add("CFG-020", "program", "built " + missing);
  if (files.empty())
    findings.add("CFG-020", "program", "it has no record of how its files were compiled",
                 "link it without dropping the section sallyport_builds");
  else if (const std::string missing = lacks(files); !missing.empty())
    findings.add("CFG-020", "program", "compiled " + missing);
}

void check_library(const char* path, ops::Findings& findings) {
  std::optional<BuildFacts> facts;
  std::vector<detail::BuildRecord> files;
  const bool read = with_bytes(path, [&](std::span<const unsigned char> bytes) {
    files = read_build_records(bytes);
    if (!files.empty()) facts = read_build_facts(bytes);
  });
  const std::string name(path);
  if (!read) findings.add("CFG-020", "program", "its library " + name + " can't be read");
  if (files.empty()) return;
  if (facts) {
    // A small library may have no array to protect and no copy to check, and so no call of these: its records tell it exactly.
    facts->stack_protector = facts->fortified = true;
  }
  const std::string built = facts ? lacks(*facts) : "so that it can't be read";
  if (!built.empty()) findings.add("CFG-020", "program", "its library " + name + " was built " + built);
  if (const std::string missing = lacks(files); !missing.empty())
    findings.add("CFG-020", "program", "its library " + name + " was compiled " + missing);
}

void check_calls(const char* path, ops::Findings& findings) {
  bool uses = false;
  static_cast<void>(with_bytes(path, [&uses](std::span<const unsigned char> bytes) { uses = uses_std_regex(bytes); }));
  if (uses) findings.add("CFG-026", "program", "it uses std::regex");
}

void check_hardening(ops::Mode mode, ops::Findings& findings) {
  check_calls("/proc/self/exe", findings);
  if (mode != ops::Mode::production) return;
  check_build(read_build_facts("/proc/self/exe"), build_records(), findings);
  for (const std::string& path : loaded_libraries()) check_library(path.c_str(), findings);
}

}  // namespace sallyport::start
