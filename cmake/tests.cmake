# unit_tests (beside the code), integration_tests (over sockets and processes), threaded_tests (those unit tests that start
# threads, for the thread sanitizer). Every test runs in a process of its own, in any order, beside others.
find_package(GTest 1.12 REQUIRED)
include(GoogleTest)
pkg_check_modules(brotlidec REQUIRED IMPORTED_TARGET libbrotlidec)  # reads what the library has compressed

add_library(sallyport_test_flags INTERFACE)
target_include_directories(sallyport_test_flags INTERFACE ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(sallyport_test_flags INTERFACE
  SALLYPORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
  SALLYPORT_BINARY_DIR="${CMAKE_BINARY_DIR}/bin")
target_link_libraries(sallyport_test_flags INTERFACE
  sallyport::testing sallyport::sallyport sallyport::redis sallyport_internals sallyport_flags GTest::gmock PkgConfig::brotlidec)

# Tests serve the notes example's own routes inside their process.
file(GLOB support_sources CONFIGURE_DEPENDS tests/support/*.cpp)
if(support_sources)
  add_library(test_support STATIC ${support_sources} examples/notes/api.cpp examples/notes/pages.cpp)
  sallyport_embed(test_support assets.hpp notes::assets examples/notes/assets/*)
  target_link_libraries(test_support PUBLIC sallyport_test_flags)
  set_target_properties(test_support PROPERTIES SALLYPORT_IS_TEST ON)
endif()

# sallyport_tests(NAME LABEL SOURCE…)
function(sallyport_tests name label)
  if(NOT ARGN)
    return()
  endif()
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES SALLYPORT_IS_TEST ON)
  target_link_libraries(${name} PRIVATE $<TARGET_NAME_IF_EXISTS:test_support> sallyport_test_flags GTest::gmock_main)
  # Not the public headers where a test is about them: a file that gets them precompiled does not record its own name (CFG-020).
  target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  if(NOT label STREQUAL "")
    gtest_discover_tests(${name} TEST_PREFIX "${label}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      PROPERTIES LABELS ${label} TIMEOUT 120)
  endif()
endfunction()

file(GLOB unit_sources CONFIGURE_DEPENDS src/*/*_test.cpp tests/conformance/*_test.cpp)
sallyport_tests(unit_tests unit ${unit_sources})

# Libraries that the tests of CFG-020 and CFG-026 look at. Each with its own flags, whatever the build's are.
add_library(matching_library MODULE tests/refusals/library/matching.cpp)
add_library(hardened_library MODULE tests/refusals/library/recorded.cpp)
target_compile_options(hardened_library PRIVATE ${sallyport_checks} -O2 ${sallyport_hardening_compile} -fPIC)
target_link_options(hardened_library PRIVATE ${sallyport_hardening_link})
add_library(unhardened_library MODULE tests/refusals/library/recorded.cpp)
target_compile_options(unhardened_library PRIVATE -O0 -fno-stack-protector -U_FORTIFY_SOURCE -U_GLIBCXX_ASSERTIONS
  -D_LIBCPP_HARDENING_MODE=4)  # which says nothing of libstdc++
target_link_options(unhardened_library PRIVATE -Wl,-z,norelro -Wl,-z,lazy)
foreach(library IN ITEMS hardened_library unhardened_library matching_library)
  target_include_directories(${library} PRIVATE include)
  set_target_properties(${library} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  add_dependencies(unit_tests ${library})
endforeach()

file(GLOB integration_sources CONFIGURE_DEPENDS tests/attacks/*.cpp tests/refusals/*.cpp tests/integration/*.cpp)
sallyport_tests(integration_tests integration ${integration_sources})
if(TARGET integration_tests)
  # What nearly all of them include, and takes half of their time. The definition makes another command of it: ninja does not see that the
  # list of these headers has changed, since CMake dates it back.
  target_precompile_headers(integration_tests PRIVATE tests/support/small_service.hpp)
  target_compile_definitions(integration_tests PRIVATE SALLYPORT_PRECOMPILED_SERVICE)
  foreach(program notes hello sallyport_tool)  # some tests start these
    if(TARGET ${program})
      add_dependencies(integration_tests ${program})
    endif()
  endforeach()
endif()

# The examples' own tests, as a developer writes them: with the public headers alone.
foreach(example IN ITEMS notes shop)
  file(GLOB example_sources CONFIGURE_DEPENDS examples/${example}/*.cpp examples/${example}/tests/*_test.cpp)
  list(FILTER example_sources EXCLUDE REGEX "/${example}\\.cpp$")  # its main
  add_executable(${example}_tests ${example_sources})
  target_include_directories(${example}_tests PRIVATE examples/${example})
  target_link_libraries(${example}_tests PRIVATE sallyport::testing sallyport_flags GTest::gtest_main)
  set_target_properties(${example}_tests PROPERTIES SALLYPORT_IS_TEST ON)
  gtest_discover_tests(${example}_tests TEST_PREFIX "unit.${example}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 120)
endforeach()
sallyport_embed(notes_tests assets.hpp notes::assets examples/notes/assets/*)

set(threaded_sources)
foreach(source IN LISTS unit_sources)
  file(STRINGS ${source} starts_threads REGEX "#include <(thread|future|latch|barrier)>" LIMIT_COUNT 1)
  if(starts_threads)
    list(APPEND threaded_sources ${source})
  endif()
endforeach()
if(SALLYPORT_SANITIZE STREQUAL "thread")
  sallyport_tests(threaded_tests threaded ${threaded_sources})
endif()

file(GLOB benchmark_sources CONFIGURE_DEPENDS src/*/*_bench.cpp)
find_package(benchmark QUIET)
if(benchmark_sources AND benchmark_FOUND)
  add_executable(micro_benchmarks EXCLUDE_FROM_ALL ${benchmark_sources})
  target_link_libraries(micro_benchmarks PRIVATE
    sallyport::sallyport sallyport::redis sallyport_internals sallyport_flags benchmark::benchmark_main)
endif()
