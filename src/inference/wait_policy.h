// SPDX-License-Identifier: GPL-3.0-or-later
// How threads of a network wait for each other.
#pragma once

namespace pw {

// Lets libgomp's threads spin only briefly before they sleep. libgomp reads its variables before main, so
// this starts the program once more, with GOMP_SPINCOUNT set; returns where the user has chosen or that
// cannot be done. Call it before anything else.
void spin_briefly(char** argv);

}  // namespace pw
