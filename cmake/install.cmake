# cmake --install: the archives, the public headers, and what find_package(Sallyport) and pkg-config read.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Sallyport)
set(archives sallyport sallyport_sqlite sallyport_argon2 sallyport_redis sallyport_testing)

add_custom_target(installable DEPENDS ${archives} sallyport_tool)  # what `cmake --install` takes
install(TARGETS ${archives} EXPORT sallyport ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
if(SALLYPORT_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Bytecode is of use to one version of one compiler; the machine code beside it to all.
  foreach(archive IN LISTS archives)
    install(CODE "execute_process(COMMAND \"${CMAKE_OBJCOPY}\" --wildcard -R \".gnu.lto_*\" -R \".gnu.debuglto_*\"
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/lib${archive}.a\" COMMAND_ERROR_IS_FATAL ANY)" COMPONENT development)
  endforeach()
endif()
install(DIRECTORY include/sallyport DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.hpp")
install(TARGETS sallyport_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)

install(EXPORT sallyport NAMESPACE sallyport:: FILE SallyportTargets.cmake DESTINATION ${package_dir} COMPONENT development)
configure_package_config_file(cmake/SallyportConfig.cmake.in ${CMAKE_BINARY_DIR}/package/SallyportConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/SallyportConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/SallyportConfig.cmake ${CMAKE_BINARY_DIR}/package/SallyportConfigVersion.cmake
  cmake/SallyportService.cmake cmake/compiler.cmake cmake/link_dependencies.cmake DESTINATION ${package_dir} COMPONENT development)

# --- pkg-config: the flags of hardening as well, since nothing else brings them there.
file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up_to_prefix ${up_to_prefix})
list(JOIN sallyport_checks " " checks)
list(JOIN sallyport_hardening_compile " " hardening_compile)
list(JOIN sallyport_hardening_link " " hardening_link)
string(PREPEND hardening_link "-pie ")
foreach(file sallyport sallyport-redis sallyport-testing)
  configure_file(cmake/${file}.pc.in ${CMAKE_BINARY_DIR}/package/${file}.pc @ONLY)
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/package/sallyport.pc ${CMAKE_BINARY_DIR}/package/sallyport-redis.pc
  ${CMAKE_BINARY_DIR}/package/sallyport-testing.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
