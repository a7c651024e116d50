# sallyport_flags: how our own code is compiled: warnings, hardening, sanitizers. Never passed on to users of the library.
include(CheckCXXCompilerFlag)

add_library(sallyport_flags INTERFACE)
target_compile_options(sallyport_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
if(SALLYPORT_WERROR)
  target_compile_options(sallyport_flags INTERFACE -Werror)
endif()

# Checks of the standard library (an index past the end of a span stops the program) cost little: on in every build.
target_compile_definitions(sallyport_flags INTERFACE _GLIBCXX_ASSERTIONS)

# Position-independent programs, every relocation resolved and made read-only before main().
set(hardening_compile -O2 -fPIE -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero -fno-plt
                      -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
set(hardening_link -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i[3-6]86)$")
  list(APPEND hardening_compile -fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  list(APPEND hardening_compile -mbranch-protection=standard)
endif()
target_compile_options(sallyport_flags INTERFACE "$<$<CONFIG:Release>:${hardening_compile}>")
target_link_options(sallyport_flags INTERFACE "$<$<CONFIG:Release>:${hardening_link}>")

# CMake's own flags for Release say -O3 and define NDEBUG; the level is ours to set, and assert() stays a test's matter.
set(CMAKE_CXX_FLAGS_RELEASE "-DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

if(SALLYPORT_SANITIZE)
  target_compile_options(sallyport_flags INTERFACE -O1 -g1 -fno-omit-frame-pointer -fsanitize=${SALLYPORT_SANITIZE})
  target_link_options(sallyport_flags INTERFACE -fsanitize=${SALLYPORT_SANITIZE})
  if(SALLYPORT_SANITIZE MATCHES "undefined")
    target_compile_options(sallyport_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(SALLYPORT_FUZZ)
  target_compile_options(sallyport_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(SALLYPORT_LTO)
  include(CheckIPOSupported)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=lld)  # what the others need a plugin for
  endif()
  check_ipo_supported(LANGUAGES CXX)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
