# The writer of regions (docs/regions.md), which measured programs link: C, no other library, Apache-2.0. A room of its own, mark, as a
# static library; and the shared one of the same files.
file(APPEND ${CMAKE_BINARY_DIR}/rooms.txt "mark||\n")
file(GLOB mark_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/mark/*.c)
find_package(Threads REQUIRED)

function(perfwatt_mark_library target kind)
  add_library(${target} ${kind} ${mark_sources})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                                       PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC Threads::Threads)
  set_target_properties(${target} PROPERTIES C_STANDARD 11 C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
                                             ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  perfwatt_target_options(${target})
endfunction()

perfwatt_mark_library(perfwatt_mark STATIC)
target_include_directories(perfwatt_mark INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
set_target_properties(perfwatt_mark PROPERTIES EXPORT_NAME mark-static)
perfwatt_mark_library(perfwatt_mark_shared SHARED)
set_target_properties(perfwatt_mark_shared PROPERTIES OUTPUT_NAME perfwatt_mark EXPORT_NAME mark VERSION ${PROJECT_VERSION} SOVERSION 0)

# What programs find them by: pkg-config's file and CMake's package, perfwatt-mark both.
set(mark_libdir ${CMAKE_INSTALL_LIBDIR})
file(RELATIVE_PATH mark_prefix /${mark_libdir}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/packaging/perfwatt-mark.pc.in ${CMAKE_BINARY_DIR}/perfwatt-mark.pc @ONLY)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/perfwatt-mark-config-version.cmake COMPATIBILITY SameMinorVersion)
file(WRITE ${CMAKE_BINARY_DIR}/perfwatt-mark-config.cmake
     "include(CMakeFindDependencyMacro)\nfind_dependency(Threads)\ninclude(\${CMAKE_CURRENT_LIST_DIR}/perfwatt-mark-targets.cmake)\n")
set(mark_package ${mark_libdir}/cmake/perfwatt-mark)
install(TARGETS perfwatt_mark perfwatt_mark_shared EXPORT perfwatt-mark
        ARCHIVE DESTINATION ${mark_libdir} COMPONENT perfwatt
        LIBRARY DESTINATION ${mark_libdir} COMPONENT perfwatt NAMELINK_COMPONENT perfwatt)
install(EXPORT perfwatt-mark NAMESPACE perfwatt:: FILE perfwatt-mark-targets.cmake DESTINATION ${mark_package} COMPONENT perfwatt)
install(FILES ${CMAKE_BINARY_DIR}/perfwatt-mark-config.cmake ${CMAKE_BINARY_DIR}/perfwatt-mark-config-version.cmake DESTINATION ${mark_package} COMPONENT perfwatt)
install(FILES ${CMAKE_BINARY_DIR}/perfwatt-mark.pc DESTINATION ${mark_libdir}/pkgconfig COMPONENT perfwatt)
install(FILES ${PROJECT_SOURCE_DIR}/include/perfwatt/regions.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/perfwatt COMPONENT perfwatt)
