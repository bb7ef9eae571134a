// SPDX-License-Identifier: GPL-3.0-or-later
// Peaks are measured once for a machine, and kept in perfwatt's cache.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"
#include "model/peaks.h"

namespace pw {

// All that they depend on, on one line: of describe_machine()'s facts, and the CPUs that we may run on.
std::string peaks_key(const Machine& machine, const std::vector<int>& cpus, const std::string& isa);
std::string peaks_key_here(const Machine& machine);

// cache_folder()/peaks.
std::filesystem::path peaks_folder();
// Of a machine, in that folder.
std::filesystem::path peaks_file(const std::filesystem::path& folder, const std::string& key);

// None where no file is there. Errors: the folder is not ours (not_possible); the file is damaged, or of
// another machine (input).
Result<MachinePeaks> load_peaks(const std::filesystem::path& folder, const std::string& key);
Result<> save_peaks(const std::filesystem::path& folder, const std::string& key, const MachinePeaks& peaks);

// What is in that file: an object with format, machine, conditions and peaks.
std::string peaks_json(const std::string& key, const MachinePeaks& peaks);

}  // namespace pw
