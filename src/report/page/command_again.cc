// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

class Words {
 public:
  void word(std::string_view text) { text_ += (text_.empty() ? "" : " ") + std::string(text); }
  void option(std::string_view name, std::string_view value) {
    word(name);
    word(shell_quoted(value));
  }
  void number(std::string_view name, double value) { option(name, exact_number(value)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// Meters are told by their address, others by their name, the second of which is "dcmi#2".
std::string source_word(const PowerSource& source) {
  for (const char* kind : {"dcmi://", "redfish://", "hmc://", "exec:", "csv:"})
    if (source.address.starts_with(kind)) return source.address;
  return source.name.substr(0, source.name.find('#'));
}

std::string power_words(const Recording& recording) {
  std::vector<std::string> all;
  for (const PowerSource& source : recording.sources) all.push_back(source_word(source));
  return all.empty() ? "none" : join(all, ",");
}

std::string event_words(const Recording& recording) {
  std::vector<std::string> all;
  for (const Event& event : recording.events) all.push_back(event.label());
  return join(all, ",");
}

void add_tests(Words& words, const Experiment& experiment, bool power) {
  const Experiment usual;
  if (experiment.tests != usual.tests) words.number("-n", experiment.tests);
  if (experiment.warmups != usual.warmups) words.number("--warmup", experiment.warmups);
  if (power) words.number("--idle", experiment.idle.value);
  if (experiment.pause.value > 0) words.number("--pause", experiment.pause.value);
  if (experiment.items) words.number("--items", *experiment.items);
  for (const Capture& one : experiment.captures) words.option("--capture", one.name + "=" + one.pattern);
  if (!experiment.cpus.empty()) words.option("--cpus", experiment.cpus);
  if (!experiment.user.empty()) words.option("--user", experiment.user);
  if (experiment.timeout) words.number("--timeout", experiment.timeout->value);
}

void add_counting(Words& words, const Recording& recording) {
  const Experiment& experiment = recording.experiment;
  if (!recording.events.empty()) words.option("-e", event_words(recording));
  if (experiment.multiplex) words.word("--multiplex");
  if (!experiment.per.empty()) words.option("--per", experiment.per);
  if (experiment.interval) words.number("--interval", experiment.interval->value * 1e3);  // ms
  if (experiment.delay) words.number("--delay", experiment.delay->value * 1e3);           // ms
}

}  // namespace

std::string command_again(const Recording& recording) {
  const Experiment& experiment = recording.experiment;
  Words words;
  if (power_alone(experiment)) {
    words.word("perfwatt power --record again.perfwatt");
    words.option("--power", power_words(recording));
    return words.take();
  }
  if (!experiment.target.empty() || experiment.command.empty()) return "";
  words.word("perfwatt run");
  add_tests(words, experiment, !recording.sources.empty());
  add_counting(words, recording);
  words.option("--power", power_words(recording));
  if (!experiment.label.empty()) words.option("--label", experiment.label);
  words.word("--");
  for (const std::string& one : experiment.command) words.word(shell_quoted(one));
  return words.take();
}

}  // namespace pw
