// SPDX-License-Identifier: GPL-3.0-or-later
// A recording with variants, one variant at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "model/recording.h"

namespace pw {

// Each view has the header, the command, the items and the executions of one variant, as if nothing else had
// been recorded under its label, and of all of it the windows and notes; but none of the samples and bins of
// power, of which an analysis is made of the whole (PowerOfVariants). Of executions that did not fail it
// lacks the output.
class VariantViews {
 public:
  // `whole` must outlive this.
  explicit VariantViews(const Recording& whole);

  std::size_t size() const { return by_variant_.size(); }  // 1 where there are no variants
  // Until it is called again. Without variants: the whole.
  const Recording& of(std::size_t variant);

 private:
  const Recording& whole_;
  std::vector<std::vector<const Execution*>> by_variant_;
  Recording one_;
};

}  // namespace pw
