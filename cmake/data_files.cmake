# perfwatt_data_files(OUTPUT): a source file that defines data_files() of src/facts out of data/events and data/findings.
function(perfwatt_data_files output)
  set(data ${PROJECT_SOURCE_DIR}/data)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${data} ${data}/events/*.txt ${data}/events/*.json ${data}/findings/*.json)
  list(SORT files)
  set(paths ${files})
  list(TRANSFORM paths PREPEND ${data}/)
  list(JOIN files ":" names)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${data} -DFILES=${names} -P ${PROJECT_SOURCE_DIR}/cmake/write_data_files.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/write_data_files.cmake
    VERBATIM)
endfunction()
