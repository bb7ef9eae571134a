# perfwatt_page_template(OUTPUT): a source file that defines page_template() of src/report/page out of report-ui/, which npm and node build.
# Without them, or where npm cannot fetch what report-ui/package-lock.json names, it defines an empty one that says so: `perfwatt report` is
# off then. STAMP is written where it went well alone: else the next build tries again.
find_program(PERFWATT_NODE NAMES node nodejs)
find_program(PERFWATT_NPM npm)
if(NOT PERFWATT_NODE OR NOT PERFWATT_NPM)
  message(STATUS "no node or npm (scripts/setup): `perfwatt report` is left out")
endif()

function(perfwatt_page_template output)
  set(ui ${PROJECT_SOURCE_DIR}/report-ui)
  file(GLOB sources CONFIGURE_DEPENDS ${ui}/src/*.ts ${ui}/src/*.css ${ui}/build.mjs ${ui}/package-lock.json ${ui}/.npmrc)
  set(stamp ${CMAKE_BINARY_DIR}/page_template.stamp)
  add_custom_command(
    OUTPUT ${output} ${stamp}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DSTAMP=${stamp} -DUI=${ui} -DNODE=${PERFWATT_NODE} -DNPM=${PERFWATT_NPM}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_page_template.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/write_page_template.cmake
    COMMENT "Building the page of perfwatt report"
    VERBATIM)
endfunction()
