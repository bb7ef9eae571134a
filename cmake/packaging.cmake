# The Debian packages that scripts/deb builds: perfwatt, and perfwatt-classify with its heavy libraries.

# CPack's shlibdeps finds nothing for a foreign architecture, so the libraries stand here, once for all of them: what
# dpkg-shlibdeps says on Debian 12 for amd64 (scripts/deb compares them).
set(perfwatt_libraries
    "libc6 (>= 2.35)"
    "libfmt9 (>= 9.1.0+ds1)"
    "libfreeipmi17 (>= 1.1.5)"
    "libgcc-s1 (>= 3.4)"
    "libre2-9 (>= 20201101+dfsg)"
    "libsqlite3-0 (>= 3.36.0)"
    "libstdc++6 (>= 11)")
set(classify_libraries
    "libc6 (>= 2.34)"
    "libdnnl2 (>= 2.0)"
    "libfmt9 (>= 9.1.0+ds1)"
    "libgcc-s1 (>= 3.0)"
    "libgomp1 (>= 4.9)"
    "libjpeg62-turbo (>= 1.3.1)"
    "libonnx1 (>= 1.12.0)"
    "libopenblas0"
    "libprotobuf32 (>= 3.21.12)"
    "libssl3 (>= 3.0.0)"
    "libstdc++6 (>= 12)")
list(JOIN perfwatt_libraries ", " perfwatt_depends)
list(JOIN classify_libraries ", " classify_depends)

set(architecture_x86_64 amd64)
set(architecture_ppc64le ppc64el)
set(architecture_aarch64 arm64)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME perfwatt)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The perfwatt developers <perfwatt@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_SOURCE_DIR}/build/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/compress_documents.cmake)
set(CPACK_COMPONENTS_ALL perfwatt classify)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${architecture_${CMAKE_SYSTEM_PROCESSOR}})
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PERFWATT_PACKAGE_NAME perfwatt)
set(CPACK_DEBIAN_PERFWATT_PACKAGE_DEPENDS "${perfwatt_depends}")
set(CPACK_DEBIAN_PERFWATT_PACKAGE_RECOMMENDS "gnuplot-nox, libcurl4 (>= 7.85.0), libpfm4")
set(CPACK_DEBIAN_PERFWATT_PACKAGE_SUGGESTS perfwatt-classify)
set(CPACK_DEBIAN_PERFWATT_DESCRIPTION "performance counters, power and time of the same run
perfwatt measures a command over repeated tests: performance counters without
multiplexing, power from the machine's own sensors or its BMC, and time, with
confidence intervals. It explains its recordings as text, figures, CSV and
JSON.")

set(CPACK_DEBIAN_CLASSIFY_PACKAGE_NAME perfwatt-classify)
set(CPACK_DEBIAN_CLASSIFY_PACKAGE_DEPENDS "perfwatt (= ${PROJECT_VERSION}), ${classify_depends}")
set(CPACK_DEBIAN_CLASSIFY_PACKAGE_RECOMMENDS libopenblas0-openmp)
set(CPACK_DEBIAN_CLASSIFY_PACKAGE_SUGGESTS npm)
set(CPACK_DEBIAN_CLASSIFY_DESCRIPTION "image classifier, the reference workload of perfwatt
ResNet-50 and other image classifiers in ONNX files, run by oneDNN on the CPU.
The weights are not in this package: perfwatt model fetch gets them with npm,
or generates them where only the speed matters.")
include(CPack)
