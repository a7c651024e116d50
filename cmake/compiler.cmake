# Refuses compilers that the library is not made for, with the commands that bring one that it is made for: when the library is
# built, and by find_package(Sallyport) when it is used.
# include/sallyport/detail/compiler.hpp says the same of them to who builds without CMake.
set(refused "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
    set(refused "Sallyport needs clang 16 or newer, since older ones lack parts of C++20 that it uses")
  endif()
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    string(CONCAT refused "Sallyport needs g++ 13 or newer or clang 16 or newer, since g++ 12 miscompiles coroutines "
      "(`if (co_await ...)` loses its jump: requests hang or the process dies)")
  endif()
else()
  set(refused "Sallyport needs g++ 13 or newer or clang 16 or newer, since no other compiler has been tried")
endif()

if(refused)
  set(again "cmake --fresh -S ${CMAKE_SOURCE_DIR} -B ${CMAKE_BINARY_DIR} -G \"${CMAKE_GENERATOR}\"")
  if(CMAKE_BUILD_TYPE)
    string(APPEND again " -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}")
  endif()
  set(install_clang "apt-get install clang-16")
  set(install_script ${CMAKE_CURRENT_LIST_DIR}/../scripts/install)  # not there where the library is installed
  if(EXISTS ${install_script})
    get_filename_component(install_script ${install_script} ABSOLUTE)
    set(install_clang "${install_script} build")
  endif()
  if(EXISTS ${install_script} AND PROJECT_IS_TOP_LEVEL AND CMAKE_BINARY_DIR MATCHES "^${CMAKE_SOURCE_DIR}/build/([a-z]+)$")
    set(again "cmake --fresh --preset ${CMAKE_MATCH_1}")
  endif()
  message(FATAL_ERROR
    "${refused}; ${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.\n"
    "  Debian 12:\n"
    "    ${install_clang}\n"
    "    ${again} -DCMAKE_CXX_COMPILER=clang++-16\n"
    "  Debian 13, Ubuntu 24.04:\n"
    "    apt-get install g++\n"
    "    ${again} -DCMAKE_CXX_COMPILER=g++")
endif()
