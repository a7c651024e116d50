# sallyport_internals: what the library is made with and its users never see. Packages: scripts/install.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package files instead of CMake's guess
endif()
find_package(Boost 1.81 REQUIRED)
find_package(tomlplusplus 3.3 REQUIRED)  # its header only, by ops/settings_file.cpp: the shared library throws
include(${CMAKE_CURRENT_LIST_DIR}/link_dependencies.cmake)

add_library(sallyport_internals INTERFACE)
target_include_directories(sallyport_internals INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(sallyport_internals INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION  # compiled once, in cmake/asio.cpp
  BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(sallyport_internals INTERFACE Boost::headers ${sallyport_link_libraries}
  SQLite::SQLite3 PkgConfig::sallyport_argon2 PkgConfig::sallyport_hiredis)
