# perfwatt_room(NAME LINK ... TEST ...): the static library perfwatt_NAME out of src/NAME/*.cc, and from the *_test.cc beside
# them the test program NAME_test. In target names the slash of a floor's room is '_': power/occ is perfwatt_power_occ. LINK
# names rooms by their path, and other targets; TEST what only the tests need. What a room may include is what stands here:
# scripts/check-includes reads these rows.
set(PERFWATT_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# The files of a room read their headers once. `dev` compiles each alone, which shows what includes too little.
option(PERFWATT_UNITY "Compile the files of a room together" ON)

# scripts/check-binaries looks for these in the programs. Sanitizers check more than FORTIFY does, and see it as a change of the functions
# that they watch.
set(PERFWATT_HARDENING -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
  list(APPEND PERFWATT_HARDENING -fcf-protection)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL aarch64)
  list(APPEND PERFWATT_HARDENING -mbranch-protection=standard)
endif()
if(NOT PERFWATT_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL Debug)
  list(APPEND PERFWATT_HARDENING -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

function(perfwatt_target_options target)
  # No path of this machine in a program: two builds are equal, and a compiler cache holds for every folder.
  target_compile_options(${target} PRIVATE ${PERFWATT_WARNINGS} ${PERFWATT_HARDENING} -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
  target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now)
  if(PERFWATT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${PERFWATT_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${PERFWATT_SANITIZE})
  endif()
endfunction()

# The fuzzers' build: what their inputs come to says where it goes, and is optimised, as what computes is; the rest, of which only the
# short unit tests run, compiles in half the time.
set(PERFWATT_FUZZED base model store store/files store/sqlite job regions machine counters/names power/reader power/bmc power/http power/hmc power/meter
                    power/occ power/redfish power/sysfs)
function(perfwatt_fuzzed_options target room)
  if(PERFWATT_FUZZ AND (room IN_LIST PERFWATT_FUZZED OR room MATCHES "^(inference/|analyze/attribution)"))
    target_compile_options(${target} PRIVATE -O1 -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# perfwatt_batch(LIST TARGET): in place of the files of TARGET in the caller's variable LIST, twenty at a time, files that include these.
# CMake's own batches name them by absolute paths, which are others in each folder: a compiler cache would read all headers there
# again. SKIP_UNITY_BUILD_INCLUSION of a file that stays alone is set before its room's row.
function(perfwatt_batch list_name target)
  set(alone)
  set(batched)
  foreach(source IN LISTS ${list_name})
    get_source_file_property(skipped ${source} SKIP_UNITY_BUILD_INCLUSION)
    if(skipped)
      list(APPEND alone ${source})
    else()
      list(APPEND batched ${source})
    endif()
  endforeach()
  list(LENGTH batched count)
  if(NOT PERFWATT_UNITY OR count LESS 2)
    return()
  endif()
  list(TRANSFORM batched REPLACE "^${PROJECT_SOURCE_DIR}/src/(.*)$" "#include \"\\1\"\n")
  set(most 20)
  math(EXPR last "${count} - 1")
  foreach(first RANGE 0 ${last} ${most})
    list(SUBLIST batched ${first} ${most} includes)
    list(JOIN includes "" text)
    set(file ${CMAKE_CURRENT_BINARY_DIR}/batches/${target}_${first}.cc)
    file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
    list(APPEND alone ${file})
  endforeach()
  set(${list_name} ${alone} PARENT_SCOPE)
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
  perfwatt_batch(sources perfwatt_${target})
  add_library(perfwatt_${target} STATIC ${sources})
  target_include_directories(perfwatt_${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(perfwatt_${target} PUBLIC ${links})
  target_compile_definitions(perfwatt_${target} PRIVATE PERFWATT_VERSION="${PROJECT_VERSION}")
  perfwatt_target_options(perfwatt_${target})
  perfwatt_fuzzed_options(perfwatt_${target} ${name})
  if(PERFWATT_TESTS AND tests)
    perfwatt_batch(tests ${target}_test)
    add_executable(${target}_test ${tests})
    target_link_libraries(${target}_test PRIVATE perfwatt_${target} ${test_links} GTest::gmock GTest::gtest_main)
    perfwatt_target_options(${target}_test)
    target_compile_options(${target}_test PRIVATE -O0 -U_FORTIFY_SOURCE)  # half the time to compile; what they test is optimised
    if(PERFWATT_SANITIZE MATCHES undefined)
      target_compile_options(${target}_test PRIVATE -fno-sanitize=undefined)  # the rooms have it
    endif()
    if(PERFWATT_SANITIZE STREQUAL "thread")
      target_sources(${target}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/programs/seen_team.c)
      target_link_options(${target}_test PRIVATE -Wl,--wrap=GOMP_parallel)
    endif()
    add_dependencies(unit_tests ${target}_test)
    add_test(NAME unit.${target} COMMAND ${target}_test)
    set_tests_properties(unit.${target} PROPERTIES LABELS unit ENVIRONMENT
                         "PERFWATT_SOURCE_DIR=${PROJECT_SOURCE_DIR};OMP_WAIT_POLICY=passive")
  endif()
endfunction()
