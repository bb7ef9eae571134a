// SPDX-License-Identifier: GPL-3.0-or-later
// How threads of a network wait for each other.
#pragma once

namespace pw::inference {

// GOMP_SPINCOUNT where that many threads of others run or want to.
int spins_for(int busy);

// Lets libgomp's threads spin only briefly before they sleep, as spins_for() says of this moment. libgomp
// reads its variables before main, so this starts the program once more, with GOMP_SPINCOUNT set; returns
// where the user has chosen or that cannot be done. Call it before anything else.
void spin_briefly(char** argv);

}  // namespace pw::inference
