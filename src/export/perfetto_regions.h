// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "export/perfetto_writer.h"
#include "model/recording.h"

namespace pw {

// The occurrences of regions that were kept, as slices within each other, a track for each thread.
void put_regions(PerfettoWriter& trace, const Recording& recording);

}  // namespace pw
