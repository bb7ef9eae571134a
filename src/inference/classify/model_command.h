// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt-classify model fetch|import|list|path`.
#pragma once

namespace pw::inference {

// argv[0] is "model". The exit status: 0, 2 usage or an input that cannot be used, 3 not possible here (no
// npm, no network), 1 anything else. Results on stdout, progress and errors on stderr.
int model_command(int argc, char** argv);

}  // namespace pw::inference
