// SPDX-License-Identifier: GPL-3.0-or-later
// power-trees DIR SECONDS: DIR/occ and DIR/hwmon as those of a POWER9 under a load that changes, in real
// time; each line of DIR/truth.csv is a time (CLOCK_REALTIME, s) and the joules of the whole machine until
// then.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "power/test_occ.h"

namespace {

using Clock = std::chrono::steady_clock;
constexpr double kRefresh = 0.01;  // s

double watts(std::size_t sensor, double t) {
  const double system = std::fmod(t, 1.5) < 0.6 ? 190 : 330 + 20 * std::sin(9 * t);
  return sensor == 0 ? system : sensor == 1 ? system * 0.4 : system * 0.15;
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::FILE* out = std::fopen(file.c_str(), "r+");
  if (!out) out = std::fopen(file.c_str(), "w");
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::filesystem::path folder = argv[1];
  const double seconds = std::atof(argv[2]);
  const std::filesystem::path hwmon = folder / "hwmon" / "hwmon0";
  std::filesystem::create_directories(hwmon);
  write(hwmon / "name", "ibmpowernv\n");
  write(hwmon / "energy1_label", "System\n");
  std::ofstream truth(folder / "truth.csv");
  pw::test::OccChip chip(folder / "occ", 0);
  const auto begin = Clock::now();
  for (double done = 0; done < seconds;) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kRefresh));
    const double now = std::chrono::duration<double>(Clock::now() - begin).count();
    chip.run(now - done, watts);
    done += std::round((now - done) / pw::test::OccChip::kTick) * pw::test::OccChip::kTick;
    const double joules = chip.true_joules(0);
    char text[32];
    std::snprintf(text, sizeof text, "%012lld\n", static_cast<long long>(std::llround(joules * 1e6)));
    write(hwmon / "energy1_input", text);  // of constant length: never seen half written over a longer one
    const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
    std::snprintf(text, sizeof text, "%.6f,", std::chrono::duration<double>(unix_time).count());
    truth << text << joules << std::endl;
  }
}
