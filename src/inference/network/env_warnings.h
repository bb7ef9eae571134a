// SPDX-License-Identifier: GPL-3.0-or-later
// Environment variables that make a network slower, or its times hard to compare.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pw::inference {

// The value of a variable; nullptr where it is not set.
using Getenv = std::function<const char*(const char* name)>;

// One line for each variable that is set and slows down a network on `threads` threads: its name, its value,
// what it does.
std::vector<std::string> slow_environment(const Getenv& getenv, int threads);

// Of this process.
std::vector<std::string> slow_environment(int threads);

}  // namespace pw::inference
