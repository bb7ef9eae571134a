// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt-classify classify`.
#pragma once

namespace pw::inference {

// argv[0] is the name it was called by. The exit status of design §3: 0, 1 the network failed, 2 usage,
// photos or a model that cannot be used, 3 not possible here.
int classify_command(int argc, char** argv);

}  // namespace pw::inference
