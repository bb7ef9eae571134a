// SPDX-License-Identifier: GPL-3.0-or-later
// The names of what a network tells apart.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace pw::inference {

struct ImageClass {
  std::string synset;  // WordNet's "n07697537"; may be empty
  std::string label;   // "hotdog"
};

// The classes of a CSV file with the columns index,synset,label, in the order of the index, for a network of
// `count` outputs. One output more than there are classes: the first is "background" (MobileNet v1). Any
// other number: the classes are called "class 0", "class 1", ..., and the only one "score".
Result<std::vector<ImageClass>> read_classes(const std::filesystem::path& csv, int count);

// The index of the class of that label, in whatever case; an Error (Failure::input) with what may have been
// meant where there is none.
Result<int> find_class(const std::vector<ImageClass>& classes, const std::string& label);

}  // namespace pw::inference
