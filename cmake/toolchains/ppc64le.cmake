# Debian's cross compiler and the libraries of lab/sysroot ppc64el. Programs of the build run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ppc64le)
set(CMAKE_LIBRARY_ARCHITECTURE powerpc64le-linux-gnu)
set(CMAKE_C_COMPILER powerpc64le-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER powerpc64le-linux-gnu-g++)
set(CMAKE_STRIP powerpc64le-linux-gnu-strip)
set(PERFWATT_DEBIAN_ARCHITECTURE ppc64el)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
