# perfwatt_data_files(OUTPUT): a source file that defines data_files() of src/facts out of data/events.
function(perfwatt_data_files output)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/data/events
       ${PROJECT_SOURCE_DIR}/data/events/*.txt ${PROJECT_SOURCE_DIR}/data/events/*.json)
  list(SORT files)
  set(paths ${files})
  list(TRANSFORM paths PREPEND ${PROJECT_SOURCE_DIR}/data/events/)
  list(JOIN files ":" names)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${PROJECT_SOURCE_DIR}/data/events -DFILES=${names}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_data_files.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/write_data_files.cmake
    VERBATIM)
endfunction()
