// SPDX-License-Identifier: GPL-3.0-or-later
// What every engine of the bench is told and prints, so that all are measured alike.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

// ENGINE MODEL.onnx INPUT THREADS WARMUPS INFERENCES OUTPUT [...]: INPUT and OUTPUT are raw floats, OUTPUT
// "-" for none. Throws where an argument is missing.
struct Job {
  std::string model;
  std::vector<float> input;
  int threads, warmups, inferences;
  std::string output;
  std::vector<std::string> more;

  Job(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    model = words.at(0);
    input = read_floats(words.at(1));
    threads = std::stoi(words.at(2));
    warmups = std::stoi(words.at(3));
    inferences = std::stoi(words.at(4));
    output = words.at(5);
    more.assign(words.begin() + 6, words.end());
  }

 private:
  static std::vector<float> read_floats(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<float> floats(file ? static_cast<std::size_t>(file.tellg()) / sizeof(float) : 0);
    file.seekg(0).read(reinterpret_cast<char*>(floats.data()),
                       static_cast<std::streamsize>(floats.size() * sizeof(float)));
    if (!file) throw std::runtime_error("cannot read " + path);
    return floats;
  }
};

inline void write_floats(const std::string& path, const float* floats, std::size_t count) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(floats), static_cast<std::streamsize>(count * sizeof(float)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

// The most memory that this program has had resident, in MB; getrusage() would count what the bench itself
// had when it started us.
inline double most_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (double kilobytes = 0; word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  throw std::runtime_error("no VmHWM in /proc/self/status");
}

template <class Work>
double milliseconds(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

// Runs the network as the job says (the first warm-up is the first inference) and prints the one line of
// JSON.
template <class Inference>
void measure(const Job& job, double load_ms, Inference&& inference) {
  const double first_ms = milliseconds(inference);
  for (int i = 1; i < job.warmups; ++i) inference();
  std::vector<double> times;
  for (int i = 0; i < job.inferences; ++i) times.push_back(milliseconds(inference));
  std::sort(times.begin(), times.end());
  const std::size_t half = times.size() / 2;
  const double median = times.size() % 2 != 0 ? times[half] : (times[half - 1] + times[half]) / 2;
  std::printf("{\"ms\": %.4f, \"best\": %.4f, \"load\": %.2f, \"first\": %.3f, \"rss\": %.1f}\n", median,
              times.front(), load_ms, first_ms, most_memory());
}

}  // namespace bench
