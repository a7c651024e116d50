# The libraries that a program is linked with: found when the library is built, and again by find_package(Sallyport), since a static
# archive brings none of them. Packages: scripts/install.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(simdjson REQUIRED)  # 3.0 or later; its package takes only the minor version that is asked for
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sallyport_nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
pkg_check_modules(sallyport_brotli REQUIRED IMPORTED_TARGET libbrotlienc)
set(sallyport_link_libraries Threads::Threads OpenSSL::SSL OpenSSL::Crypto simdjson::simdjson ZLIB::ZLIB
  PkgConfig::sallyport_nghttp2 PkgConfig::sallyport_brotli)

# Of the drivers.
find_package(SQLite3 3.40 REQUIRED)
pkg_check_modules(sallyport_argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(sallyport_hiredis REQUIRED IMPORTED_TARGET hiredis)  # its parser only: 0.14 has no TLS
