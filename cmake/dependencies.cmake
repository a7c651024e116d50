# sallyport_internals: what the library is made with and its users never see. Packages: scripts/install.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package files instead of CMake's guess
endif()
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(simdjson REQUIRED)  # 3.0 or later; its package takes only the minor version that is asked for
find_package(SQLite3 3.40 REQUIRED)
find_package(tomlplusplus 3.3 REQUIRED)  # its header only, by ops/settings_file.cpp: the shared library throws
find_package(PkgConfig REQUIRED)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlienc)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)  # its parser only: 0.14 has no TLS
find_package(ZLIB REQUIRED)

add_library(sallyport_internals INTERFACE)
target_include_directories(sallyport_internals INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(sallyport_internals INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION  # compiled once, in cmake/asio.cpp
  BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(sallyport_internals INTERFACE
  Threads::Threads Boost::headers OpenSSL::SSL OpenSSL::Crypto simdjson::simdjson SQLite::SQLite3 PkgConfig::argon2
  PkgConfig::nghttp2 PkgConfig::brotli PkgConfig::hiredis ZLIB::ZLIB)
