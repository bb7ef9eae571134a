// SPDX-License-Identifier: GPL-3.0-or-later
// power-trees DIR SECONDS [TRACE]: DIR/occ and DIR/hwmon as those of a POWER9 under a load that changes, in
// real time; each line of DIR/truth.csv is a time (CLOCK_REALTIME, s) and the joules of the whole machine
// until then. TRACE: the control file of a simulated BMC (lab/bmc_module.c) with the power to follow, which
// begins at the file's mtime; the OCC then copies its sensors out every 40 ms, else every 10 ms.
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "power/occ/test_occ.h"

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Point {
  double time, watts;
};

// Of the whole machine, at `t` seconds since the begin.
class Power {
 public:
  double at(double t) const {
    if (trace_.empty()) return std::fmod(t, 1.5) < 0.6 ? 190 : 330 + 20 * std::sin(9 * t);
    const double time = t + since_trace_;
    for (std::size_t i = 1; i < trace_.size(); ++i) {
      const Point &one = trace_[i - 1], &next = trace_[i];
      if (time < next.time)
        return one.watts + (next.watts - one.watts) * std::max(time - one.time, 0.0) / (next.time - one.time);
    }
    return trace_.back().watts;
  }

  // From now on. False where there is no trace in it.
  bool follow(const char* control) {
    struct stat status {};
    if (::stat(control, &status) != 0) return false;
    const double zero =
        static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
    std::ifstream file(control);
    std::string word;
    file >> word;
    for (Point point{}; word == "trace" && file >> point.time >> point.watts;) trace_.push_back(point);
    since_trace_ = Seconds(std::chrono::system_clock::now().time_since_epoch()).count() - zero;
    return !trace_.empty();
  }

 private:
  std::vector<Point> trace_;
  double since_trace_ = 0;  // s
};

constexpr double kShares[] = {1, 0.4, 0.15};  // PWRSYS, PWRPROC, PWRMEM
constexpr const char* kLabels[] = {"System", "Chip 0 ", "Chip 0 Memory"};

void write(const std::filesystem::path& file, const std::string& text) {
  std::FILE* out = std::fopen(file.c_str(), "r+");
  if (!out) out = std::fopen(file.c_str(), "w");
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  const std::filesystem::path folder = argv[1];
  const double seconds = std::atof(argv[2]), refresh = argc == 4 ? 0.04 : 0.01;
  Power power;
  const sched_param ahead_of_all_else = {50};  // where that is allowed: an OCC waits for nobody
  ::sched_setscheduler(0, SCHED_FIFO, &ahead_of_all_else);
  if (argc == 4 && !power.follow(argv[3])) return 1;
  const auto begin = Clock::now();
  const std::filesystem::path hwmon = folder / "hwmon" / "hwmon0";
  std::filesystem::create_directories(hwmon);
  write(hwmon / "name", "ibmpowernv\n");
  const auto energy = [&](std::size_t i, const char* ending) {
    return hwmon / ("energy" + std::to_string(i + 1) + ending);
  };
  for (std::size_t i = 0; i < 3; ++i) write(energy(i, "_label"), std::string(kLabels[i]) + "\n");
  std::ofstream truth(folder / "truth.csv");
  pw::test::OccChip chip(folder / "occ", 0);
  const auto watts = [&](std::size_t sensor, double t) { return kShares[sensor] * power.at(t); };
  for (double done = 0; done < seconds;) {
    std::this_thread::sleep_for(Seconds(refresh));
    const double now = Seconds(Clock::now() - begin).count();
    chip.run(now - done, watts);
    done += std::round((now - done) / pw::test::OccChip::kTick) * pw::test::OccChip::kTick;
    char text[32];
    for (std::size_t i = 0; i < 3; ++i) {
      std::snprintf(text, sizeof text, "%012lld\n",
                    static_cast<long long>(std::llround(chip.true_joules(i) * 1e6)));
      write(energy(i, "_input"), text);  // of constant length: never seen half written over a longer one
    }
    const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
    std::snprintf(text, sizeof text, "%.6f,", Seconds(unix_time).count());
    truth << text << chip.true_joules(0) << std::endl;
  }
}
