// SPDX-License-Identifier: GPL-3.0-or-later
// PW_CLONES before a function: compiled for three levels of x86_64, of which the loader picks one. Elsewhere
// the vectors of the architecture's baseline are there (VSX, NEON). Not with sanitizers: the loader's choice
// runs before them.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define PW_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PW_CLONES
#endif
