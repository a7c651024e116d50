# sallyport_embed(TARGET HEADER NAMESPACE FILE…): text files become constants of a header that TARGET can include.
#
#   sallyport_embed(notes assets.hpp notes::assets examples/notes/assets/*)
#   #include "assets.hpp"  →  notes::assets::style_css is a constexpr std::string_view of examples/notes/assets/style.css
function(sallyport_embed target header namespace)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
  add_custom_command(
    OUTPUT ${directory}/${header}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${directory}/${header} -DNAMESPACE=${namespace} "-DFILES=${files}" -P ${script}
    DEPENDS ${files} ${script}
    COMMENT "Embedding ${header} for ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${directory}/${header})
  target_include_directories(${target} PRIVATE ${directory})
endfunction()
