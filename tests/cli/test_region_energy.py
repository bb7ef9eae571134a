# SPDX-License-Identifier: GPL-3.0-or-later
"""The energy of regions, end to end: a program that marks two regions is its own sensor, whose power depends on the region by a table."""
import subprocess

import pytest

from conftest import BUILD, PERFWATT, document, export, one_line, perfwatt
from test_regions import compile_program

WATTS = {"a": 200, "b": 80, "": 40}  # "": outside of them
PROGRAM = r"""
#include <math.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static double watts = %(rest)d, joules, since;
static volatile int over;
static const char* file;
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
static void change(double to) {
  pthread_mutex_lock(&lock);
  const double t = now();
  joules += watts * (t - since);
  since = t;
  watts = to;
  pthread_mutex_unlock(&lock);
}
static void show(void) {
  char text[32];
  pthread_mutex_lock(&lock);
  const int n = snprintf(text, sizeof text, "%%-20.0f\n", 1e6 * (1000 + joules + watts * (now() - since)));
  const int fd = open(file, O_WRONLY);
  if (pwrite(fd, text, n, 0) != n) abort();
  close(fd);
  pthread_mutex_unlock(&lock);
}
static void* sensor(void* none) {
  while (!over) {
    show();
    usleep(500);
  }
  return none;
}
static void run(double seconds) {
  for (const double end = now() + seconds; now() < end;) {}
}
int main(int argc, char** argv) {
  pthread_t thread;
  file = argv[argc - 1];
  since = now();
  srand(7);
  pthread_create(&thread, 0, sensor, 0);
  for (const double end = now() + 6; now() < end;) {
    in("outer");
    change(%(a)d), in("a"), run(0.005 + 0.03 * rand() / RAND_MAX), out("a");
    change(%(b)d), in("b"), run(0.005 + 0.03 * rand() / RAND_MAX), out("b");
    change(%(rest)d), out("outer");
    run(0.005 + 0.02 * rand() / RAND_MAX);
  }
  over = 1;
  pthread_join(thread, 0);
}
""" % {"a": WATTS["a"], "b": WATTS["b"], "rest": WATTS[""]}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("energy")
    zone = folder / "powercap" / "intel-rapl:0"
    zone.mkdir(parents=True)
    (zone / "name").write_text("package-0\n")
    (zone / "max_energy_range_uj").write_text("262143328850\n")
    (zone / "energy_uj").write_text("1000000000\n")
    program = compile_program(folder, PROGRAM)
    out = folder / "r.perfwatt"
    result = perfwatt("run", "-n", 2, "--warmup", 0, "--idle", 0, "--rate", 500, "-e", "task-clock", "--power", f"rapl:{folder / 'powercap'}",
                      "-o", out, "--", program, zone / "energy_uj")
    assert result.returncode == 0, result.stderr
    return out, export(out, folder / "csv"), document(out, folder / "json")


def test_energy_of_regions_is_as_the_table_says(run):
    _, _, told = run
    (channel,) = told["region_energy"]
    assert channel["channel"] == "package-0"
    seconds = {row["region"]: row["seconds"] for row in told["region_summary"]}
    energies = {row["region"]: row for row in channel["regions"]}
    for path, name in (("outer/a", "a"), ("outer/b", "b")):
        row, truth = energies[path], WATTS[name] * seconds[path]
        assert row["energy_how"] == "regressed", row
        assert abs(row["gross_j"] - truth) < 0.1 * truth, (row, truth)
        assert row["net_j"] is None and row["reason"] == "the idle power is not known"
    both = sum(energies[path]["gross_j"] for path in ("outer/a", "outer/b"))
    assert abs(energies["outer"]["gross_j"] - both) < 0.02 * both
    parts = channel["regions_j"] + channel["outside_j"] + channel["untold_j"]
    assert parts == pytest.approx(channel["whole_j"], rel=1e-9)
    assert channel["outside_j"] == pytest.approx(WATTS[""] * (channel["whole_j"] / 120), rel=1)


def test_show_and_csv_tell_it(run):
    out, data, _ = run
    shown = perfwatt("show", out, "--regions").stdout
    assert "energy" in shown and "package-0" in shown and "±" in shown, shown
    by_energy = perfwatt("show", out, "--regions", "--sort", "energy").stdout.splitlines()[2:5]
    assert [line.split()[-1] for line in by_energy] == ["outer", "outer/a", "outer/b"], by_energy
    rows = [row for row in data["regions"] if row["region"] == "outer/a"]
    assert len(rows) == 2
    for row in rows:
        assert (row["net_j"], row["energy_how"], row["reason"]) == ("", "regressed", "the idle power is not known")


# One reading a second for stretches of some 20 ms.
def test_a_slow_sensor_says_what_it_cannot_tell(run, tmp_path):
    first, *_ = run
    zone = first.parent / "powercap" / "intel-rapl:0"
    out = tmp_path / "slow.perfwatt"
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--rate", 1, "-e", "task-clock", "--power", f"rapl:{zone.parent}", "-o", out,
                      "--", first.parent / "program", zone / "energy_uj")
    assert result.returncode == 0, result.stderr
    (channel,) = document(out, tmp_path / "json")["region_energy"]
    for row in channel["regions"]:
        assert row["energy_how"] == "not-resolvable" and row["gross_j"] is None and "readings" in row["reason"], row
    assert channel["untold_j"] == pytest.approx(channel["whole_j"])
    assert "are too few" in perfwatt("show", out, "--regions").stdout.replace("\n", " ")


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    if not (BUILD / "perfwatt-classify").exists():
        pytest.skip("SKIPPED LOUDLY: this build has no perfwatt-classify")
    folder = tmp_path_factory.mktemp("photo")
    subprocess.run([BUILD / "draw-photos", folder, "--hotdogs", "1", "--others", "0"], check=True, timeout=60)
    return next(folder.glob("*.jpg"))


def test_a_layer_that_is_isolated_is_told_by_two_readings_a_second(tmp_path, photo):
    model = "resnet14-synthetic"
    assert perfwatt("model", "fetch", model).returncode == 0
    names = ("max_pooling2d", "fc1000")
    found = {}
    for name, words in (("isolated", ("--isolate", ",".join(names), "--seconds", 4)), ("predict", ("--layers",))):
        out = tmp_path / f"{name}.perfwatt"
        done = perfwatt("run", "-n", 2, "--warmup", 0, "--idle", 0, "--power", "exec:while :; do echo 60; sleep 0.5; done", "-e", "task-clock", "-o", out,
                        "--", PERFWATT, "classify", "--model", model, *words, photo, timeout=120)
        assert done.returncode == 0, done.stderr
        found[name] = document(out, tmp_path / name)
    rows = {row["region"]: row for one in found.values() for row in one["region_summary"]}
    told = {one["region"]: one for one in found["isolated"]["region_energy"][0]["regions"]}
    for name in names:
        row, joules = rows[f"isolated/{name}"], told[f"isolated/{name}"]
        each = row["items"] / row["calls"]
        assert row["items"] > 100 and each == int(each) and row["seconds"] >= 4, row
        assert row["flops_per_call"] == each * rows[f"predict/{name}"]["flops_per_call"]
        assert joules["energy_how"] == "regressed" and joules["gross_j"] == pytest.approx(60 * row["seconds"], rel=0.02), joules
    page = perfwatt("show", tmp_path / "isolated.perfwatt", "--regions", "--columns", "items,energy/call,energy/item")
    assert page.returncode == 0 and "energy/item" in page.stdout


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(photo):
    refused = perfwatt("classify", "--model", "resnet14-synthetic", "--isolate", "nope", photo)
    assert refused.returncode == 2 and "no layer 'nope'" in refused.stderr and "fc1000" in refused.stderr
    assert "--seconds requires --isolate" in one_line(perfwatt("classify", "--seconds", "3", photo), 2)
    assert perfwatt("classify", "--isolate", "", photo).returncode == 2
    assert perfwatt("classify", "--isolate", "all", "--layers", photo).returncode == 2
