// SPDX-License-Identifier: GPL-3.0-or-later
// The elapsed time of each test.
#include <vector>

#include "report/drawing/figure.h"
#include "report/figures/bars.h"

namespace pw {

std::vector<Figure> time_figures(const FigureInput& input) {
  if (power_alone(input.recording.experiment)) return {};
  const Measurand& elapsed = input.analysis.run.elapsed;
  Figure figure = elapsed.value ? bar_figure(input.recording, {"time-elapsed", "time elapsed", "", elapsed})
                                : absent_figure("time-elapsed", elapsed.reason);
  figure.keeps_name = true;
  return {figure};
}

}  // namespace pw
