// How each file of a program was compiled, recorded by the file itself: a service whose code is not hardened does not start in
// production (CFG-020), and only the compiler knows with which flags it was called.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::detail {

/// What a file was compiled without, one bit each.
enum class BuildLack : std::uint32_t {
  optimisation = 1,
  fortify = 2,
  assertions = 4,
  position_independence = 8,
  stack_protector = 16,
  control_flow = 32,
  sanitizer = 64,  ///< here a set bit means compiled with one: sanitizers are for finding bugs and not hardened
};

/// One per file that includes this header, all of one size: they lie side by side in a section of the program.
struct alignas(8) BuildRecord {
  std::uint32_t lacks = 0;
  char file[60] = {};  ///< its name without the folders, cut where it is longer
};
static_assert(sizeof(BuildRecord) == 64);

#if defined(__has_feature)
#define SALLYPORT_SANITIZED \
  (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SALLYPORT_SANITIZED true
#else
#define SALLYPORT_SANITIZED false
#endif

// Whether the standard library checks its arguments: libstdc++ does when the macro is defined, libc++ decides by the value.
#if !defined(_LIBCPP_VERSION)
#if !defined(_GLIBCXX_ASSERTIONS)
#define SALLYPORT_UNCHECKED 1
#endif
#elif defined(_LIBCPP_HARDENING_MODE) && defined(_LIBCPP_HARDENING_MODE_NONE)
#if _LIBCPP_HARDENING_MODE == _LIBCPP_HARDENING_MODE_NONE
#define SALLYPORT_UNCHECKED 1
#endif
#elif !defined(_LIBCPP_ENABLE_ASSERTIONS) || !_LIBCPP_ENABLE_ASSERTIONS  // before version 18
#define SALLYPORT_UNCHECKED 1
#endif

// Of internal linkage: each file has its own. `retain` keeps it when the linker drops unreferenced sections.
[[gnu::used, gnu::retain, gnu::section("sallyport_builds")]] constexpr BuildRecord build_record = [] {
  BuildRecord record;
  const auto without = [&record](BuildLack what) { record.lacks |= static_cast<std::uint32_t>(what); };
#if !defined(__OPTIMIZE__)
  without(BuildLack::optimisation);
#endif
#if !defined(_FORTIFY_SOURCE) || _FORTIFY_SOURCE < 2
  without(BuildLack::fortify);
#endif
#if defined(SALLYPORT_UNCHECKED)
  without(BuildLack::assertions);
#endif
#if !defined(__PIE__) && !defined(__PIC__)
  without(BuildLack::position_independence);
#endif
#if !defined(__SSP_STRONG__) && !defined(__SSP_ALL__)
  without(BuildLack::stack_protector);
#endif
#if (defined(__x86_64__) && (!defined(__CET__) || __CET__ != 3)) || \
    (defined(__aarch64__) && (!defined(__ARM_FEATURE_BTI_DEFAULT) || !defined(__ARM_FEATURE_PAC_DEFAULT)))
  without(BuildLack::control_flow);
#endif
  if (SALLYPORT_SANITIZED) without(BuildLack::sanitizer);

    // sallyport_service includes this header with -include, where clang does not know the name, and so defines it.
#if defined(SALLYPORT_FILE_NAME)
  std::string_view path = SALLYPORT_FILE_NAME;
#else
  std::string_view path = __BASE_FILE__;
#endif
  path.remove_prefix(path.rfind('/') + 1);
  for (std::size_t i = 0; i < path.size() && i + 1 < sizeof record.file; ++i) record.file[i] = path[i];
  return record;
}();

#undef SALLYPORT_SANITIZED
#undef SALLYPORT_UNCHECKED

}  // namespace sallyport::detail
