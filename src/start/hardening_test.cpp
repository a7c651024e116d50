// Reading ELF files: this one, damaged ones, and one that is made up byte by byte.
#include "start/hardening.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::start {
namespace {

using Bytes = std::vector<unsigned char>;

// A program with one dynamic entry and the dynamic symbols of `names`, each ended by a NUL.
Bytes program(std::uint16_t type, std::uint32_t stack_flags, bool relro, std::int64_t tag, std::uint64_t value,
              const std::string& names) {
  struct Layout {
    ElfW(Ehdr) header;
    ElfW(Phdr) segments[3];
    ElfW(Dyn) dynamic[1];
    ElfW(Shdr) sections[2];
    ElfW(Sym) symbols[8];
  } file{};
  std::memcpy(file.header.e_ident, ELFMAG, SELFMAG);
  file.header.e_ident[EI_CLASS] = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  file.header.e_type = type;
  file.header.e_phentsize = sizeof(ElfW(Phdr));
  file.header.e_shentsize = sizeof(ElfW(Shdr));
  file.header.e_phoff = offsetof(Layout, segments);
  file.header.e_phnum = 3;
  file.header.e_shoff = offsetof(Layout, sections);
  file.header.e_shnum = 2;
  file.segments[0].p_type = PT_GNU_STACK;
  file.segments[0].p_flags = stack_flags;
  file.segments[1].p_type = relro ? PT_GNU_RELRO : PT_NULL;
  file.segments[2].p_type = PT_DYNAMIC;
  file.segments[2].p_offset = offsetof(Layout, dynamic);
  file.segments[2].p_filesz = sizeof(ElfW(Dyn));
  file.dynamic[0].d_tag = static_cast<decltype(file.dynamic[0].d_tag)>(tag);
  file.dynamic[0].d_un.d_val = value;
  file.sections[0].sh_type = SHT_DYNSYM;
  file.sections[0].sh_link = 1;
  file.sections[0].sh_offset = offsetof(Layout, symbols);
  file.sections[1].sh_type = SHT_STRTAB;
  file.sections[1].sh_offset = sizeof(Layout);
  file.sections[1].sh_size = names.size();
  std::size_t count = 0;
  for (std::size_t at = 0; at < names.size() && count < 8; at = names.find('\0', at) + 1)
    file.symbols[count++].st_name = static_cast<std::uint32_t>(at);
  file.sections[0].sh_size = count * sizeof(ElfW(Sym));
  Bytes bytes(sizeof file + names.size());
  std::memcpy(bytes.data(), &file, sizeof file);
  std::memcpy(bytes.data() + sizeof file, names.data(), names.size());
  return bytes;
}

std::string lacking(const Bytes& file) {
  const auto facts = read_build_facts(file);
  return facts ? lacks(*facts) : "unreadable";
}

const std::string good_names("__stack_chk_fail\0__memcpy_chk\0", 30);

TEST(Hardening, AllThere) {
  EXPECT_EQ(lacking(program(ET_DYN, PF_R | PF_W, true, DT_FLAGS, DF_BIND_NOW, good_names)), "");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R | PF_W, true, DT_FLAGS_1, DF_1_NOW, good_names)), "");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R | PF_W, true, DT_BIND_NOW, 0, good_names)), "");
}

TEST(Hardening, EachThatIsMissing) {
  EXPECT_EQ(lacking(program(ET_EXEC, PF_R, true, DT_BIND_NOW, 0, good_names)), "without PIE");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R | PF_X, true, DT_BIND_NOW, 0, good_names)),
            "without a stack that can't be executed");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R, false, DT_BIND_NOW, 0, good_names)), "without RELRO");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R, true, DT_FLAGS, 0, good_names)), "without BIND_NOW");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, std::string("__memcpy_chk\0", 13))),
            "without the stack protector");
  EXPECT_EQ(lacking(program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, std::string("__stack_chk_fail\0", 17))),
            "without _FORTIFY_SOURCE");
  for (const char* runtime : {"__asan_init", "__tsan_init", "__ubsan_handle_add_overflow", "__msan_init"}) {
    EXPECT_EQ(lacking(program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, good_names + runtime + '\0')), "with a sanitizer")
        << runtime;
  }
}

TEST(Hardening, NamesThatOnlyLookLikeCheckedCalls) {
  for (const char* name : {"__gmon_start__", "my_chk", "_memcpy_chk"}) {
    EXPECT_EQ(lacking(program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, std::string("__stack_chk_fail\0", 17) + name + '\0')),
              "without _FORTIFY_SOURCE")
        << name;
  }
}

TEST(Hardening, RegularExpressionsThatBacktrack) {
  const auto uses = [](const std::string& names) {
    return uses_std_regex(program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, names));
  };
  EXPECT_TRUE(uses(good_names + "_ZSt19__throw_regex_errorNSt15regex_constants10error_typeE" + '\0'));  // libstdc++
  EXPECT_TRUE(uses(good_names + "_ZTISt11regex_error" + '\0'));
  EXPECT_TRUE(uses(good_names + "_ZNSt3__111regex_errorC1ENS_15regex_constants10error_typeE" + '\0'));  // libc++
  EXPECT_FALSE(uses(good_names));
  EXPECT_FALSE(uses(good_names + "_ZN3re23RE2C1EPKc" + '\0'));
  EXPECT_FALSE(uses(good_names + "_ZN5boost11regex_errorC1ENS_15regex_constants10error_typeE" + '\0'));
  EXPECT_FALSE(uses_std_regex({}));
}

std::string calls_of(const std::string& path) {
  ops::Findings findings;
  check_calls(path.c_str(), findings);
  return findings.empty() ? "" : findings.text("unit_tests");
}

TEST(Hardening, CallsOfPrograms) {
  EXPECT_NE(calls_of(SALLYPORT_BINARY_DIR "/matching_library.so").find("CFG-026"), std::string::npos);
  EXPECT_EQ(calls_of("/proc/self/exe"), "");
  EXPECT_EQ(calls_of("/nowhere/program"), "");
}

TEST(Hardening, SymbolsThatLieBeyondTheEnd) {
  Bytes file = program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, good_names);
  ElfW(Ehdr) header;
  std::memcpy(&header, file.data(), sizeof header);
  header.e_shoff = file.size();
  std::memcpy(file.data(), &header, sizeof header);
  EXPECT_EQ(lacking(file), "unreadable");
}

TEST(Hardening, DamagedFilesAreRefusedNotRead) {
  const Bytes whole = program(ET_DYN, PF_R, true, DT_BIND_NOW, 0, good_names);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(lacking(cut), "") << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] = 0xff;
    static_cast<void>(read_build_facts(changed));  // anything but a read beyond the end
    static_cast<void>(read_build_records(changed));
  }
  EXPECT_FALSE(read_build_facts("/etc/hostname"));
  EXPECT_FALSE(read_build_facts("/nowhere"));
}

detail::BuildRecord record(const char* file, std::initializer_list<detail::BuildLack> lacks = {}) {
  detail::BuildRecord made;
  std::string_view(file).copy(made.file, sizeof made.file);
  for (const detail::BuildLack lack : lacks) made.lacks |= static_cast<std::uint32_t>(lack);
  return made;
}

TEST(Hardening, WhatAFileWasCompiledWithout) {
  using detail::BuildLack;
  const auto of = [](BuildLack lack) { return lacks(std::vector{record("main.cpp"), record("pages.cpp", {lack})}); };
  EXPECT_EQ(lacks(std::vector{record("main.cpp"), record("pages.cpp")}), "");
  EXPECT_EQ(of(BuildLack::optimisation), "without optimisation: pages.cpp");
  EXPECT_EQ(of(BuildLack::fortify), "without _FORTIFY_SOURCE: pages.cpp");
  EXPECT_EQ(of(BuildLack::assertions), "without _GLIBCXX_ASSERTIONS: pages.cpp");
  EXPECT_EQ(of(BuildLack::position_independence), "without PIE: pages.cpp");
  EXPECT_EQ(of(BuildLack::stack_protector), "without the stack protector: pages.cpp");
  EXPECT_EQ(of(BuildLack::control_flow), "without control-flow protection: pages.cpp");
  EXPECT_EQ(of(BuildLack::sanitizer), "with a sanitizer: pages.cpp");
}

TEST(Hardening, NamesFourFilesAndCountsTheOthers) {
  using detail::BuildLack;
  std::vector<detail::BuildRecord> files;
  for (const char* name : {"a.cpp", "b.cpp", "c.cpp", "d.cpp"}) files.push_back(record(name, {BuildLack::fortify}));
  EXPECT_EQ(lacks(files), "without _FORTIFY_SOURCE: a.cpp, b.cpp, c.cpp, d.cpp");
  files.push_back(record("e.cpp", {BuildLack::assertions, BuildLack::sanitizer}));
  EXPECT_EQ(lacks(files),
            "without _FORTIFY_SOURCE, _GLIBCXX_ASSERTIONS; with a sanitizer: a.cpp, b.cpp, c.cpp, d.cpp and 1 more");
}

TEST(Hardening, NamesOfAnyLength) {
  const std::string longest(sizeof detail::BuildRecord{}.file, 'x');
  EXPECT_EQ(lacks(std::vector{record(longest.c_str(), {detail::BuildLack::fortify})}),
            "without _FORTIFY_SOURCE: " + longest);
}

std::vector<std::string> findings_of(const std::optional<BuildFacts>& facts,
                                     const std::vector<detail::BuildRecord>& files) {
  ops::Findings findings;
  check_build(facts, files, findings);
  std::vector<std::string> said;
  for (const ops::Finding& finding : findings.list()) said.push_back(std::string(finding.code) + " " + finding.reason);
  return said;
}

TEST(Hardening, BothHalvesAreChecked) {
  using Said = std::vector<std::string>;
  BuildFacts facts{.position_independent = true,
                   .relro = true,
                   .bind_now = true,
                   .stack_not_executable = true,
                   .stack_protector = true,
                   .fortified = true};
  const auto bad = record("main.cpp", {detail::BuildLack::fortify});
  EXPECT_EQ(findings_of(facts, {record("main.cpp")}), Said{});
  EXPECT_EQ(findings_of(facts, {bad}), Said{"CFG-020 compiled without _FORTIFY_SOURCE: main.cpp"});
  EXPECT_EQ(findings_of(facts, {}), Said{"CFG-020 it has no record of how its files were compiled"});
  EXPECT_EQ(findings_of({}, {record("main.cpp")}), Said{"CFG-020 its own ELF file can't be read"});
  facts.relro = false;
  EXPECT_EQ(findings_of(facts, {bad}),
            (Said{"CFG-020 built without RELRO", "CFG-020 compiled without _FORTIFY_SOURCE: main.cpp"}));
}

TEST(Hardening, EachFileRecordsItself) {
  EXPECT_STREQ(detail::build_record.file, "hardening_test.cpp");
  const bool optimised = (detail::build_record.lacks & 1U) == 0;
#ifdef __OPTIMIZE__
  EXPECT_TRUE(optimised);
#else
  EXPECT_FALSE(optimised);
#endif
}

// Tests are built for finding mistakes: nothing that production would take, and nothing that development asks for.
TEST(Hardening, OfThisProgram) {
  EXPECT_TRUE(read_build_facts("/proc/self/exe"));
  ops::Findings findings;
  check_hardening(ops::Mode::development, findings);
  EXPECT_TRUE(findings.empty());
  check_hardening(ops::Mode::production, findings);
  ASSERT_FALSE(findings.empty());
  const std::string text = findings.text("unit_tests");
  EXPECT_NE(text.find("compiled without "), text.npos) << text;
  EXPECT_NE(text.find("_test.cpp"), text.npos) << text;
}

std::string findings_of_library(const std::string& path) {
  ops::Findings findings;
  check_library(path.c_str(), findings);
  return findings.empty() ? "" : findings.text("unit_tests");
}

TEST(Hardening, LibrariesThatHaveRecords) {
  const std::string folder = SALLYPORT_BINARY_DIR "/";
  EXPECT_EQ(findings_of_library(folder + "hardened_library.so"), "");
  const std::string said = findings_of_library(folder + "unhardened_library.so");
  EXPECT_NE(said.find("unhardened_library.so was built without RELRO, BIND_NOW"), said.npos) << said;
  EXPECT_NE(
      said.find("unhardened_library.so was compiled without optimisation, _FORTIFY_SOURCE, _GLIBCXX_ASSERTIONS, the "
                "stack protector"),
      said.npos)
      << said;
  EXPECT_NE(said.find(": recorded.cpp"), said.npos) << said;
  EXPECT_EQ(findings_of_library("/etc/hostname"), "");
  const std::string unreadable = findings_of_library("/nowhere/library.so");
  EXPECT_NE(unreadable.find("/nowhere/library.so can't be read"), unreadable.npos) << unreadable;
}

TEST(Hardening, EachLoadedLibraryIsChecked) {
  const auto said = [] {
    ops::Findings findings;
    check_hardening(ops::Mode::production, findings);
    return findings.text("unit_tests");
  };
  EXPECT_EQ(said().find("library"), std::string::npos) << said();
  void* const library = ::dlopen(SALLYPORT_BINARY_DIR "/unhardened_library.so", RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr);
  EXPECT_NE(said().find("unhardened_library.so was compiled without"), std::string::npos) << said();
  ::dlclose(library);
}

}  // namespace
}  // namespace sallyport::start
