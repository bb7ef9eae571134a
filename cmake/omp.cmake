# The collector `omp` (src/omp), which the command's dynamic linker loads first: C, no other library but the C library's, Apache-2.0.
# libperfwatt_mark is looked for at the first parallel region, in the folder above.
file(APPEND ${CMAKE_BINARY_DIR}/rooms.txt "omp||\n")
file(GLOB omp_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/omp/*.c)
add_library(perfwatt_omp MODULE ${omp_sources})
target_include_directories(perfwatt_omp PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(perfwatt_omp PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
set_target_properties(perfwatt_omp PROPERTIES C_STANDARD 11 C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/collect)
perfwatt_target_options(perfwatt_omp)
target_compile_options(perfwatt_omp PRIVATE -Wno-pedantic)  # dlsym gives functions as void*
install(TARGETS perfwatt_omp LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/perfwatt COMPONENT perfwatt)
