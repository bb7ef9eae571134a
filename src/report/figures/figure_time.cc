// SPDX-License-Identifier: GPL-3.0-or-later
// The elapsed time of each test.
#include <vector>

#include "report/figures/bars.h"
#include "report/figures/figure.h"

namespace pw {

std::vector<Figure> time_figures(const FigureInput& input) {
  const Measurand& elapsed = input.analysis.run.elapsed;
  Figure figure = elapsed.value ? bar_figure(input.recording, {"time-elapsed", "time elapsed", "", elapsed})
                                : message_figure(input.recording, "time-elapsed", "time elapsed",
                                                 "No execution of a test ended well.");
  figure.keeps_name = true;
  return {figure};
}

}  // namespace pw
