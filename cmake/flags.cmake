# sallyport_flags: how our own code is compiled: warnings, hardening, sanitizers. Never passed on to users of the library.
add_library(sallyport_flags INTERFACE)
target_compile_options(sallyport_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
if(SALLYPORT_WERROR)
  target_compile_options(sallyport_flags INTERFACE -Werror)
endif()

target_link_libraries(sallyport_flags INTERFACE sallyport::hardening)
# Asio has functions that are never called, and calls sprintf in one of them: they are not linked. See
# scripts/check-symbols.
target_link_options(sallyport_flags INTERFACE $<$<CONFIG:Release>:-Wl,--gc-sections>)

# CMake's own flags for Release say -O3 and define NDEBUG; the level is ours to set, and assert() stays a test's matter.
set(CMAKE_CXX_FLAGS_RELEASE "-DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

if(SALLYPORT_SANITIZE)
  # Fuzzing needs a quick library; tests are not worth the time that optimising them takes.
  target_compile_options(sallyport_flags INTERFACE
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:SALLYPORT_IS_TEST>>>:-O1> -g1 -fno-omit-frame-pointer -fsanitize=${SALLYPORT_SANITIZE})
  target_link_options(sallyport_flags INTERFACE -fsanitize=${SALLYPORT_SANITIZE})
  if(SALLYPORT_SANITIZE MATCHES "undefined")
    target_compile_options(sallyport_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(SALLYPORT_FUZZ)
  target_compile_options(sallyport_flags INTERFACE
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:SALLYPORT_IS_TEST>>>:-fsanitize=fuzzer-no-link>)
endif()

# For our own programs only. The objects hold machine code as well (fat), so that the archive links with any compiler.
# clang makes no fat objects before version 17: docs/decisions/0027-drivers-and-the-installed-package.md.
if(SALLYPORT_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sallyport_flags INTERFACE -flto=auto -ffat-lto-objects)
  target_link_options(sallyport_flags INTERFACE -flto=auto)
endif()
