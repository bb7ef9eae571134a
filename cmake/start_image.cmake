# The starter (src/os/command/start.h), a small program without libraries, and perfwatt_start_image(OUTPUT): a source file that
# defines start_image() with that program's bytes. Its checksum stands in the file, so that a compiler cache sees a change.
include(CheckCSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -static-pie)
check_c_source_compiles("int main(void) { return 0; }" PERFWATT_STATIC_PIE)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

add_executable(perfwatt-start src/os/command/start.c src/os/command/start_main.c)
target_include_directories(perfwatt-start PRIVATE src)
target_compile_options(perfwatt-start PRIVATE -Os -fPIE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -Wall -Wextra -Wconversion -Wshadow
                                              -Werror -ffunction-sections)
target_link_options(perfwatt-start PRIVATE -s -Wl,--gc-sections)
if(PERFWATT_STATIC_PIE)
  target_link_options(perfwatt-start PRIVATE -static-pie)
endif()

function(perfwatt_start_image output)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DIMAGE=$<TARGET_FILE:perfwatt-start>
            -P ${PROJECT_SOURCE_DIR}/cmake/write_start_image.cmake
    DEPENDS perfwatt-start ${PROJECT_SOURCE_DIR}/cmake/write_start_image.cmake
    VERBATIM)
endfunction()
