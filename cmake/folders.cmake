# perfwatt_room(NAME LINK ... TEST ...): the static library perfwatt_NAME out of src/NAME/*.cc, and from the *_test.cc beside
# them the test program NAME_test. In target names the slash of a floor's room is '_': power/occ is perfwatt_power_occ. LINK
# names rooms by their path, and other targets; TEST what only the tests need. What a room may include is what stands here:
# scripts/check-includes reads these rows.
set(PERFWATT_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# Eight files at a time read their headers once. `dev` compiles each file alone, which shows what includes too little.
option(PERFWATT_UNITY "Compile the files of a room in batches of eight" ON)

function(perfwatt_target_options target)
  # No path of this machine in a program: two builds are equal, and a compiler cache holds for every folder.
  target_compile_options(${target} PRIVATE ${PERFWATT_WARNINGS} -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
  if(PERFWATT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${PERFWATT_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${PERFWATT_SANITIZE})
  endif()
  if(PERFWATT_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

# The targets that are meant by names of rooms and of targets.
function(perfwatt_targets result)
  set(targets)
  foreach(item IN LISTS ARGN)
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/src/${item})
      string(REPLACE "/" "_" room ${item})
      list(APPEND targets perfwatt_${room})
    else()
      list(APPEND targets ${item})
    endif()
  endforeach()
  set(${result} ${targets} PARENT_SCOPE)
endfunction()

add_custom_target(unit_tests)
file(WRITE ${CMAKE_BINARY_DIR}/rooms.txt "")  # the rows, for scripts/check-includes

function(perfwatt_room name)
  cmake_parse_arguments(ARG "" "" "LINK;TEST" ${ARGN})
  file(APPEND ${CMAKE_BINARY_DIR}/rooms.txt "${name}|${ARG_LINK}|${ARG_TEST}\n")
  string(REPLACE "/" "_" target ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*_test.cc)
  list(REMOVE_ITEM sources ${tests} ${PROJECT_SOURCE_DIR}/src/${name}/main.cc)
  perfwatt_targets(links ${ARG_LINK})
  perfwatt_targets(test_links ${ARG_TEST})
  add_library(perfwatt_${target} STATIC ${sources})
  target_include_directories(perfwatt_${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(perfwatt_${target} PUBLIC ${links})
  target_compile_definitions(perfwatt_${target} PRIVATE PERFWATT_VERSION="${PROJECT_VERSION}")
  perfwatt_target_options(perfwatt_${target})
  if(PERFWATT_TESTS AND tests)
    add_executable(${target}_test ${tests})
    target_link_libraries(${target}_test PRIVATE perfwatt_${target} ${test_links} GTest::gmock GTest::gtest_main)
    perfwatt_target_options(${target}_test)
    target_compile_options(${target}_test PRIVATE -O0)  # half the time to compile; what they test is optimised
    add_dependencies(unit_tests ${target}_test)
    add_test(NAME unit.${target} COMMAND ${target}_test)
    set_tests_properties(unit.${target} PROPERTIES LABELS unit ENVIRONMENT
                         "PERFWATT_SOURCE_DIR=${PROJECT_SOURCE_DIR};OMP_WAIT_POLICY=passive")
  endif()
endfunction()
