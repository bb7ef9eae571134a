# Debian 12 packages (scripts/setup installs them).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(freeipmi REQUIRED IMPORTED_TARGET libfreeipmi)
# Its header only: libcurl is loaded when a service is read over HTTPS (src/power/http/curl_http.h).
find_path(CURL_INCLUDE_DIRS curl/curl.h REQUIRED)
# Headers only: writes Perfetto's messages.
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_writer.hpp REQUIRED)
add_library(protozero INTERFACE IMPORTED)
target_include_directories(protozero INTERFACE ${PROTOZERO_INCLUDE_DIR})
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(GTest QUIET)
if(PERFWATT_TESTS AND NOT GTest_FOUND)
  message(STATUS "no GoogleTest (scripts/setup test): the tests are left out")
  set(PERFWATT_TESTS OFF)
endif()

# Event names by libpfm4, which is loaded when one is looked up.
find_path(PERFWATT_PFM_HEADER perfmon/pfmlib_perf_event.h)

# The classifier and its heavy libraries are optional: without them perfwatt measures all the same.
find_package(JPEG)
find_package(OpenSSL)
find_package(Protobuf)
find_library(PERFWATT_DNNL dnnl)
# Of OpenBLAS's builds the one on OpenMP: it has no threads of its own beside the team that oneDNN runs on.
pkg_check_modules(openblas IMPORTED_TARGET openblas)
# It lies beside the folders that the loader knows. CMake's own RUNPATH of the build tree ends in an empty element, which means the current
# folder: a library beside the photos would be loaded.
set(CMAKE_SKIP_RPATH ON)
if(openblas_FOUND)
  list(TRANSFORM openblas_LIBRARY_DIRS REPLACE "/+$" "" OUTPUT_VARIABLE openblas_folders)
  foreach(folder IN LISTS openblas_folders)
    string(REPLACE "${CMAKE_SYSROOT}/" "/" folder ${folder})  # as it is on the machine that runs it
    target_link_options(PkgConfig::openblas INTERFACE LINKER:-rpath,${folder})
  endforeach()
endif()
find_library(PERFWATT_ONNX onnx)
find_library(PERFWATT_ONNX_PROTO onnx_proto)
if(JPEG_FOUND AND OPENSSL_FOUND AND Protobuf_FOUND AND PERFWATT_DNNL AND openblas_FOUND AND PERFWATT_ONNX_PROTO)
  set(PERFWATT_CLASSIFY ON)
  add_library(dnnl INTERFACE IMPORTED)
  target_link_libraries(dnnl INTERFACE ${PERFWATT_DNNL} gomp)  # oneDNN's threads are libgomp's
  add_library(onnx INTERFACE IMPORTED)
  target_link_libraries(onnx INTERFACE ${PERFWATT_ONNX_PROTO})
  target_compile_definitions(onnx INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
else()
  set(PERFWATT_CLASSIFY OFF)
  message(WARNING "perfwatt-classify is left out: it needs libjpeg, OpenSSL, protobuf, oneDNN, OpenBLAS and ONNX")
endif()
