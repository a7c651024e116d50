# Refuses compilers that the library is not made for, with the commands that bring one that it is made for.
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
  if(PROJECT_IS_TOP_LEVEL AND CMAKE_BINARY_DIR MATCHES "^${CMAKE_SOURCE_DIR}/build/([a-z]+)$")
    set(again "cmake --fresh --preset ${CMAKE_MATCH_1}")
  endif()
  message(FATAL_ERROR
    "${refused}; ${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.\n"
    "  Debian 12:\n"
    "    ${PROJECT_SOURCE_DIR}/scripts/install build\n"
    "    ${again} -DCMAKE_CXX_COMPILER=clang++-16\n"
    "  Debian 13, Ubuntu 24.04:\n"
    "    apt-get install g++\n"
    "    ${again} -DCMAKE_CXX_COMPILER=g++")
endif()
