# SPDX-License-Identifier: GPL-3.0-or-later
"""CONTRIBUTING's recipes, followed: what they say is all that there is to do."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", ROOT / "build"))

TOY_HEADER = """#pragma once
#include "power/reader/power_kind.h"
namespace pw {
extern const PowerKind kToyPower;
}
"""

TOY = """#include "power/meter/toy.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"
namespace pw {
namespace {
class ToyReader : public PowerReader {
 public:
  ToyReader(std::string address, double rate_hz) : address_(std::move(address)), rate_hz_(rate_hz) {}
  PowerSource describe() const override { return power_source("toy", address_, rate_hz_); }
  std::vector<Channel> channels() const override { return {Channel{}}; }
  void read_into(std::vector<PowerSample>& samples) override { samples.emplace_back().watts = Watts{42}; }

 private:
  std::string address_;
  double rate_hz_;
};

Result<std::unique_ptr<PowerReader>> open_toy(const std::string& address, const PowerRequest&, double rate_hz, Nanoseconds) {
  return std::make_unique<ToyReader>(path_in(address, "here"), rate_hz);
}
}  // namespace

constinit const PowerKind kToyPower = {"toy", "42 W", "toy; toy:PLACE", 5, opens_here<open_toy>, open_toy, no_advice,
                                       PowerKind::Chosen::by_name};
}  // namespace pw
"""

MAIN = """#include <cstdio>
#include "power/open/sources.h"
int main() {
  const pw::PowerKind& last = pw::power_kinds().back();
  const auto opened = pw::open_power({"toy:there", {}, ""});
  if (!opened) return 1;
  const auto source = opened->readers.at(0)->describe();
  std::printf("%s %d %s %g Hz %g W\\n", std::string(last.name).c_str(), last.usable_here().has_value(), source.address.c_str(),
              source.rate_hz, opened->readers[0]->read().at(0).watts->value);
}
"""


def cached(name):
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)
    return found.group(1) if found else ""


def test_a_power_source(tmp_path):
    sources = (ROOT / "src/power/open/sources.cc").read_text()
    with_toy = re.sub(r'(#include "power/meter/exec.h"\n)', r'\1#include "power/meter/toy.h"\n', sources)
    with_toy = re.sub(r"(k\w+Power)\};", r"\1, kToyPower};", with_toy)
    assert len(set(with_toy.splitlines()) - set(sources.splitlines())) == 2, "one include and one row"
    for name, text in (("meter/toy.h", TOY_HEADER), ("meter/toy.cc", TOY), ("open/sources.cc", with_toy), ("main.cc", MAIN)):
        path = tmp_path / "power" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    sanitize = cached("PERFWATT_SANITIZE")
    libraries = [path for path in BUILD.glob("libperfwatt_*.a") if re.fullmatch(r"libperfwatt_(power_\w+|model|os|base)", path.stem)
                 and path.stem != "libperfwatt_power_open"]
    subprocess.run([cached("CMAKE_CXX_COMPILER"), "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-DFMT_SHARED",
                    *([f"-fsanitize={sanitize}"] if sanitize else []), "-I", tmp_path, "-I", ROOT / "src",
                    *sorted((tmp_path / "power").rglob("*.cc")), ROOT / "src/power/open/open_power.cc",
                    "-Wl,--start-group", *libraries, "-Wl,--end-group", "-lfreeipmi", "-lfmt", "-ldl", "-o", tmp_path / "toy"],
                   check=True, timeout=300)
    ran = subprocess.run([tmp_path / "toy"], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout == "toy 1 there 5 Hz 42 W\n"
