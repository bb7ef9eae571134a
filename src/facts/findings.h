// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of data/findings: what in a recording is worth a word, by which figures, and what to do next.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw {

// What an input is taken from; data/findings/README.md has each.
enum class InputKind { machine, environment, state, rise, rusage, measurand, event, metric, experiment };

// A number of the condition, and a word or number of the texts.
struct FindingInput {
  std::string symbol;
  InputKind kind = InputKind::machine;
  std::string name;  // "OMP_NUM_THREADS"
  std::vector<std::string>
      contains;         // where given, the number is whether the text has one of these words in it
  std::string missing;  // why it may not be there; "": there is no more to say than its name
};

// Of an input, as a recording or a check has it. Without a number: why.
struct InputValue {
  std::optional<double> number;
  std::string text;  // where it is one
  std::string why;
};

// 1 or 0 where the input asks for words, in capitals or not; else the number that the text begins with.
InputValue value_of(const FindingInput& input, std::string text);

struct FindingCheck {
  std::vector<InputValue> given;  // by index of FindingRule::inputs
  bool expected = false;
};

struct FindingRule {
  std::string key;                // "threads-on-cores"
  std::string title;              // "more threads than cores"
  std::vector<std::string> cpus;  // families of facts/cpu_family.h; none: all
  std::vector<FindingInput> inputs;
  std::string condition;  // a formula of the inputs' symbols
  std::string evidence;   // what the recording says, whether the rule applies or not; {FORMULA:FORMAT}
  std::string next;       // a command, or a sentence with one; {FORMULA:FORMAT}
  std::string measure;    // how to have inputs that not every run has; "": nothing to say
  std::string source;
  std::vector<FindingCheck> checks;  // one at least that holds, and one that does not
};

// Errors: Failure::input, where: "FILE KEY". Refuses a rule that lacks something, or has no check of each
// kind.
Result<std::vector<FindingRule>> parse_findings(std::string_view file, std::string_view text);

// Those of all files, by name. The files are in the program, and a test has read them.
std::vector<FindingRule> finding_rules();

}  // namespace pw
