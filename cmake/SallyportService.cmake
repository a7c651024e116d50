# sallyport_service(NAME SOURCE…): an executable of the user's, optimised, hardened and warned about as the library itself is.
# The same file serves add_subdirectory(sallyport) and find_package(Sallyport).
#
#   sallyport_service(shop main.cpp pages.cpp)
#   sallyport_service(shop main.cpp DRIVERS redis)   with a driver that the settings choose, not the code
#
# - linked with the library, and with what of it the code uses
# - a Release build where no build type was chosen
# - compile_commands.json in the source folder, where clangd looks for it
# - a test `NAME-check`: the program's own --check, in development mode
#
# Libraries of the project's own get the same flags by target_link_libraries(NAME PRIVATE sallyport::hardening).

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  message(STATUS "No build type was chosen: Release (-DCMAKE_BUILD_TYPE=Debug is quicker to build, and refuses to serve in production)")
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release is what serves; Debug is quicker to build" FORCE)
endif()

# Checks of the standard library (an index past the end of a span stops the program) cost little: on in every build.
set(sallyport_checks -D_GLIBCXX_ASSERTIONS)
# Position-independent programs, every relocation resolved and made read-only before main().
set(sallyport_hardening_compile -fPIE -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero
                                -fno-plt -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
set(sallyport_hardening_link -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i[3-6]86)$")
  list(APPEND sallyport_hardening_compile -fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  list(APPEND sallyport_hardening_compile -mbranch-protection=standard)
endif()

if(NOT TARGET sallyport::hardening)
  # For shared libraries: -fPIC, since -fPIE is for programs, and no -pie.
  set(sallyport_is_loaded "$<OR:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>,$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>")
  add_library(sallyport::hardening INTERFACE IMPORTED GLOBAL)
  target_compile_options(sallyport::hardening INTERFACE
    ${sallyport_checks}
    "$<$<NOT:$<CONFIG:Debug>>:$<$<NOT:$<CONFIG:MinSizeRel>>:-O2>;${sallyport_hardening_compile};$<${sallyport_is_loaded}:-fPIC>>")
  target_link_options(sallyport::hardening INTERFACE
    "$<$<NOT:$<CONFIG:Debug>>:$<$<NOT:${sallyport_is_loaded}>:-pie>;${sallyport_hardening_link}>")
endif()

# A link in the source folder to the commands of this build, unless there is something already. A link that leads nowhere is replaced.
function(sallyport_link_compile_commands)
  set(link ${CMAKE_SOURCE_DIR}/compile_commands.json)
  if(CMAKE_SOURCE_DIR STREQUAL CMAKE_BINARY_DIR OR EXISTS ${link})
    return()
  endif()
  # Written at the end of this run, so that the link may lead nowhere for a moment; a source folder that can't be written stays as it is.
  file(CREATE_LINK ${CMAKE_BINARY_DIR}/compile_commands.json ${link} RESULT ignored SYMBOLIC)
endfunction()

# Debug builds are for working: linked by mold where it is there.
find_program(SALLYPORT_MOLD mold)
mark_as_advanced(SALLYPORT_MOLD)

function(sallyport_service name)
  cmake_parse_arguments(PARSE_ARGV 1 service "" "" DRIVERS)
  if(NOT service_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sallyport_service(${name}): name its source files: sallyport_service(${name} main.cpp)")
  endif()
  add_executable(${name} ${service_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE sallyport::sallyport sallyport::hardening)
  foreach(driver IN LISTS service_DRIVERS)
    if(NOT TARGET sallyport::${driver})
      message(FATAL_ERROR "sallyport_service(${name}): there is no driver '${driver}'; the drivers to choose from: redis")
    endif()
    target_link_libraries(${name} PRIVATE sallyport::${driver})
  endforeach()
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  # A source that includes none of the library's headers records how it was compiled as well (CFG-020). clang does not know its name there.
  target_compile_options(${name} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include sallyport/detail/build_record.hpp>")
  foreach(source IN LISTS service_UNPARSED_ARGUMENTS)
    cmake_path(GET source FILENAME file)
    set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS "SALLYPORT_FILE_NAME=\"${file}\"")
  endforeach()
  if(SALLYPORT_MOLD)
    target_link_options(${name} PRIVATE $<$<CONFIG:Debug>:-fuse-ld=mold>)
  endif()
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF CXX_SCAN_FOR_MODULES OFF EXPORT_COMPILE_COMMANDS ON)
  sallyport_link_compile_commands()
  # Tests are run where the project begins, and must be switched on there: not in this function, whose variables end with it.
  foreach(directory IN ITEMS ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    cmake_language(DEFER DIRECTORY ${directory} CALL enable_testing)
  endforeach()
  # Folders that the service serves are taken from where it is started.
  add_test(NAME ${name}-check COMMAND ${name} --check --mode development WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

# sallyport_test(NAME SOURCE…): a program of tests of the user's service, linked with the test kit, that ctest runs.
#
#   sallyport_test(notes_test notes_test.cpp routes.cpp)
#   sallyport_test(notes_test notes_test.cpp routes.cpp LIBRARIES GTest::gtest_main)   with what the tests are written with
#
# It is never part of the service: a program that holds the kit is refused in production (CFG-020).
function(sallyport_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" LIBRARIES)
  if(NOT test_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sallyport_test(${name}): name its source files: sallyport_test(${name} ${name}.cpp)")
  endif()
  add_executable(${name} ${test_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE sallyport::testing ${test_LIBRARIES})
  target_compile_options(${name} PRIVATE ${sallyport_checks} -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(SALLYPORT_MOLD)
    target_link_options(${name} PRIVATE -fuse-ld=mold)
  endif()
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF CXX_SCAN_FOR_MODULES OFF EXPORT_COMPILE_COMMANDS ON)
  foreach(directory IN ITEMS ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    cmake_language(DEFER DIRECTORY ${directory} CALL enable_testing)
  endforeach()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()
