# The libraries that a program is linked with: found when the library is built, and again by find_package(Sallyport), since a static
# archive brings none of them. Packages: scripts/install.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(simdjson REQUIRED)  # 3.0 or later; its package takes only the minor version that is asked for
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sallyport_nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
pkg_check_modules(sallyport_brotli REQUIRED IMPORTED_TARGET libbrotlienc)
pkg_check_modules(sallyport_idn2 REQUIRED IMPORTED_TARGET libidn2)
if(NOT TARGET sallyport_unistring)  # has no package file
  find_library(SALLYPORT_UNISTRING unistring REQUIRED)
  mark_as_advanced(SALLYPORT_UNISTRING)
  add_library(sallyport_unistring UNKNOWN IMPORTED GLOBAL)
  set_target_properties(sallyport_unistring PROPERTIES IMPORTED_LOCATION ${SALLYPORT_UNISTRING})
endif()
set(sallyport_link_libraries Threads::Threads OpenSSL::SSL OpenSSL::Crypto simdjson::simdjson ZLIB::ZLIB
  PkgConfig::sallyport_nghttp2 PkgConfig::sallyport_brotli PkgConfig::sallyport_idn2 sallyport_unistring)

# Of the drivers.
find_package(SQLite3 3.40 REQUIRED)
pkg_check_modules(sallyport_argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(sallyport_hiredis REQUIRED IMPORTED_TARGET hiredis)  # its parser only: 0.14 has no TLS
