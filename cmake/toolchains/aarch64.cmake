# Debian's cross compiler and the libraries of lab/sysroot arm64. Programs of the build run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_STRIP aarch64-linux-gnu-strip)
set(PERFWATT_DEBIAN_ARCHITECTURE arm64)
# Pointer authentication as on real machines, by a quick hash: QEMU's own (QARMA5) makes every call some twenty times as slow.
set(PERFWATT_QEMU_CPU -cpu max,pauth-impdef=on)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
