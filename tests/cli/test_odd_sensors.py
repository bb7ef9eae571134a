# SPDX-License-Identifier: GPL-3.0-or-later
"""Sensors as people really have them: of one name, set back, without a value, not to be read. Real files, a real ipmi_sim and a
real HTTPS server, each with a known energy."""
import csv
import io
import json
import os
import shutil
import subprocess

import pytest

from conftest import BMC_ENV, PERFWATT, Ticking, export, meanwhile, one_line, one_paragraph, perfwatt, wait_for
from redfish_server import PASSWORD, RedfishServer, make_certificate

RAPL_RANGE = 65_532_610_987  # uJ, of a desktop's package


class Tree(Ticking):
    """A folder of sensors. Those that follow a function of the seconds since the begin are renewed every few milliseconds."""

    def __init__(self, folder):
        super().__init__(0.003)
        self.folder, self.followed = folder, {}
        folder.mkdir()

    def put(self, **files):
        for name, content in files.items():
            self.write(name.replace("__", "/"), content)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.pwrite(descriptor, f"{content}\n".encode().ljust(24), 0)  # in place and whole, as the kernel's files change
        os.close(descriptor)

    def follow(self, name, function):
        self.write(name, int(function(self.since())))
        self.followed = {**self.followed, name: function}

    def tick(self):
        for name, function in self.followed.items():
            self.write(name, int(function(self.since())))


@pytest.fixture
def tree(tmp_path):
    with Tree(tmp_path / "tree") as made:
        yield made


def zone(tree, number, name, function, limit_w=200):
    folder = f"intel-rapl:{number}"
    tree.write(f"{folder}/name", name)
    tree.write(f"{folder}/max_energy_range_uj", RAPL_RANGE)
    tree.write(f"{folder}/constraint_0_max_power_uw", int(limit_w * 1e6))
    tree.follow(f"{folder}/energy_uj", function)


def run(tmp_path, source, seconds=2, *options, env=None, then=()):
    """`then`: what happens so many seconds after the begin, (seconds, action)."""
    out = tmp_path / "r.perfwatt"
    with meanwhile(out, *then):
        result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0.5, "--force", "-o", out, *options, "--power", source, "--", "sleep",
                          seconds, env=env)
    assert result.returncode == 0, result.stderr
    return result, export(out, tmp_path / "csv")


def energies(data):
    return {row["channel"]: row for row in data["energy"]}


def notes(data, kind):
    return [row["value"] for row in data["recording"] if row["key"].startswith(f"{kind}.")]


def gross_is(row, watts):
    truth = watts * float(row["seconds"])
    assert row["status"] == "measured", row
    assert abs(float(row["gross_j"]) - truth) < 1e-6 * truth + float(row["uncertainty_j"]), (row, truth)


# A channel is its device


def test_two_devices_of_one_name_are_two_channels(tmp_path, tree):
    tree.put(hwmon3__name="power_meter", hwmon3__power1_average=200_000_000, hwmon4__name="power_meter",
             hwmon4__power1_average=150_000_000, hwmon4__power1_average_interval=1000)
    result, data = run(tmp_path, f"hwmon:{tree.folder}")
    rows = energies(data)
    assert set(rows) == {"power_meter power1 (hwmon3)", "power_meter power1 (hwmon4)"}
    gross_is(rows["power_meter power1 (hwmon3)"], 200)
    gross_is(rows["power_meter power1 (hwmon4)"], 150)
    for name, watts in (("hwmon3", 200), ("hwmon4", 150)):
        channel = f"power_meter power1 ({name})"
        assert {float(row["watts"]) for row in data["power"] if row["channel"] == channel} == {watts}
        (mean,) = [row for row in data["summary"] if row["quantity"] == f"hwmon/{channel}/mean-power"]
        assert float(mean["mean"]) == pytest.approx(watts)
        assert channel in one_paragraph(result.stdout)
    facts = {row["key"]: row["value"] for row in data["recording"]}
    assert facts["channel.1.device"].endswith("hwmon4/power1_average") and facts["channel.1.averages_s"] == "1"
    assert facts["channel.0.averages_s"] == ""
    document = json.loads(perfwatt("export", tmp_path / "r.perfwatt", "--format", "json", "--out", "-").stdout)
    assert [power["watts"][0] for power in document["power"]] == [200, 150]
    assert sorted(row["gross_j"] for row in document["energy"]) == sorted(float(row["gross_j"]) for row in rows.values())


def test_two_inputs_of_one_label_are_two_channels(tmp_path, tree):
    tree.put(hwmon0__name="pmbus", hwmon0__power1_label="PSU", hwmon0__power1_input=200_000_000, hwmon0__power2_label="PSU",
             hwmon0__power2_input=150_000_000)
    rows = energies(run(tmp_path, f"hwmon:{tree.folder}")[1])
    gross_is(rows["pmbus PSU (hwmon0 power1_input)"], 200)
    gross_is(rows["pmbus PSU (hwmon0 power2_input)"], 150)


def test_two_zones_of_one_name_are_two_channels(tmp_path, tree):
    zone(tree, 0, "package-0", lambda t: 1e9 + 90e6 * t)
    zone(tree, 1, "package-0", lambda t: 2e9 + 60e6 * t)
    rows = energies(run(tmp_path, f"rapl:{tree.folder}")[1])
    for name, watts in (("intel-rapl:0", 90), ("intel-rapl:1", 60)):
        row = rows[f"package-0 ({name})"]
        assert abs(float(row["gross_j"]) - watts * float(row["seconds"])) < 0.02 * watts


def test_two_columns_of_one_name_are_two_channels(tmp_path):
    rows = energies(run(tmp_path, "exec:echo watts,watts; while sleep 0.1; do echo 200,150; done")[1])
    gross_is(rows["watts (column 1)"], 200)
    gross_is(rows["watts (column 2)"], 150)


@pytest.fixture
def bmc_service(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("SKIPPED LOUDLY: openssl is not installed (scripts/setup test)")
    certificate = make_certificate(tmp_path)
    server = RedfishServer(*certificate, "legacy", 350.0)
    server.source = server.url(cacert=certificate[0], psu=1)
    server.env = {"PERFWATT_BMC_PASSWORD": PASSWORD}
    yield server
    server.shutdown()
    server.server_close()


def test_two_power_supplies_of_one_name_are_two_channels(tmp_path, bmc_service):
    supplies = [{"Name": "PSU", "PowerInputWatts": 200}, {"Name": "PSU", "PowerInputWatts": 150}, {"Name": "PSU 3"}]
    bmc_service.replaced["/Power"] = {"PowerControl": [{"PowerConsumedWatts": 350}], "PowerSupplies": supplies}
    result, data = run(tmp_path, bmc_service.source, 4, "--rate", 2, env=bmc_service.env)
    rows = energies(data)
    gross_is(rows["PSU (PowerSupplies 0)"], 200)
    gross_is(rows["PSU (PowerSupplies 1)"], 150)
    assert any("PSU 3 is left out" in note for note in notes(data, "refusal"))
    assert "WITHOUT 1 part of this source" in one_paragraph(result.stdout)


# A jump has to be possible


def zone_that_is_set_back(tree):
    """A zone of 200 W, and what sets it back."""
    set_back = []
    zone(tree, 0, "package-0", lambda t: 200e6 * (t - set_back[0]) if set_back else 61_776e6 + 200e6 * t)
    return lambda: set_back.append(tree.since())


def test_a_zone_that_is_set_back_is_a_gap_and_no_wrap(tmp_path, tree):
    set_back = zone_that_is_set_back(tree)
    result, data = run(tmp_path, f"rapl:{tree.folder}", 3, then=[(1.5, set_back)])
    row = energies(data)["package-0"]
    assert row["status"] == "no-data" and row["gross_j"] == "" and row["reason"], row
    told = [float(row["joules"]) for row in data["power"] if row["joules"]]
    assert max(told) < 200 * tree.since()
    assert any("package-0" in note and "went back: the energy meanwhile is unknown" in note for note in notes(data, "warning"))
    assert "unknown" in result.stdout


def test_a_zone_that_is_set_back_is_a_gap_while_it_is_watched(tree):
    set_back, recording = zone_that_is_set_back(tree), tree.folder.parent / "r.perfwatt"
    with meanwhile(recording, (1.5, set_back)):
        result = perfwatt("power", "--power", f"rapl:{tree.folder}", "-I", 100, "--duration", 3, "--format", "csv", "--record", recording)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert float(rows[-1]["joules"]) < 200 * tree.since()
    assert all(float(row["watts"]) < 300 for row in rows if row["watts"])
    assert "went back" in result.stderr


def test_a_zone_that_wraps_is_no_gap(tmp_path, tree):
    zone(tree, 0, "package-0", lambda t: (RAPL_RANGE - 400e6 + 200e6 * t) % RAPL_RANGE)
    _, data = run(tmp_path, f"rapl:{tree.folder}", 3)
    row = energies(data)["package-0"]
    assert row["status"] == "measured"
    assert abs(float(row["gross_j"]) - 200 * float(row["seconds"])) < 0.03 * 600


def test_a_counter_of_a_hwmon_device_and_of_a_meter_that_jump_are_gaps(tmp_path, tree):
    tree.put(hwmon0__name="xe", hwmon0__power1_max=300_000_000)
    jump, meter = tmp_path / "jump", tmp_path / "meter.sh"
    tree.follow("hwmon0/energy1_input", lambda t: 1e9 + 200e6 * t + (6e10 if jump.exists() else 0))
    meter.write_text(f"echo joules; j=1000; while sleep 0.1; do j=$((j + 20)); [ -e {jump} ] && [ $j -lt 60000 ] && j=$((j + 60000)); "
                     "echo $j; done")
    _, data = run(tmp_path, f"hwmon:{tree.folder},exec:sh {meter}", 3, then=[(1.5, jump.touch)])
    for row in energies(data).values():
        assert row["status"] == "no-data" and row["gross_j"] == "", row
    assert sum("is the most that it can draw" in note for note in notes(data, "warning")) == 2


def test_a_counter_that_would_go_around_unseen_says_how_often_to_read(tree):
    zone(tree, 0, "package-0", lambda t: 200e6 * t % 120e6)
    tree.write("intel-rapl:0/max_energy_range_uj", 120_000_000)
    line = one_line(perfwatt("power", "--power", f"rapl:{tree.folder}", "-I", 500, "--duration", 1), 3)
    assert "300 W would take it around its 120 J between two readings" in line
    assert "read it every 0.32 s or more often (--rate 3.12; perfwatt power -I 320)" in line
    result = perfwatt("power", "--power", f"rapl:{tree.folder}", "-I", 50, "--duration", 2, "--format", "csv")
    assert "unknown" not in result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    seconds = float(rows[-1]["time_s"]) - float(rows[0]["time_s"])
    assert seconds > 1 and abs(float(rows[-1]["joules"]) - 200 * seconds) < 60
    tree.write("intel-rapl:0/max_energy_range_uj", RAPL_RANGE)
    result = perfwatt("power", "--power", f"rapl:{tree.folder}", "-I", 10_000, "--duration", 0.5)
    assert result.returncode == 0 and "reset" not in result.stdout + result.stderr


# Values that mean "no value"


@pytest.mark.parametrize("microwatts,why", [("4294967295000", "4294967.295 W means no value"), ("0", "0 W for a moment"),
                                            ("-1", "negative"), ("27000", "another unit?")])
def test_what_is_no_value_for_a_moment_is_dropped_counted_and_said(tmp_path, tree, microwatts, why):
    tree.put(hwmon0__name="power_meter", hwmon0__power1_input=200_000_000)
    written = []

    def write(value):
        tree.write("hwmon0/power1_input", value)
        written.append(tree.since())
    _, data = run(tmp_path, f"hwmon:{tree.folder}", 3, then=[(1.5, lambda: write(microwatts)), (1.8, lambda: write("200000000"))])
    (row,) = energies(data).values()
    gross_is(row, 200)
    dropped = [row for row in data["power"] if row["status"] == "no-value"]
    assert 1 <= len(dropped) <= 2 + 10 * (written[1] - written[0]) and all(row["watts"] == "" for row in dropped)
    assert {row["watts"] for row in data["power"] if row["status"] == "ok"} == {"200"}
    assert 1 <= sum(why in note for note in notes(data, "warning")) <= 2, notes(data, "warning")  # the first, the tenth


def test_a_zero_that_lasts_is_kept_and_said(tmp_path, tree):
    tree.put(hwmon0__name="power_meter", hwmon0__power1_input=200_000_000)
    _, data = run(tmp_path, f"hwmon:{tree.folder}", 3, then=[(1.5, lambda: tree.write("hwmon0/power1_input", "0"))])
    assert [row["watts"] for row in data["power"]][-5:] == ["0"] * 5
    assert any("0 W, and not for a moment" in note for note in notes(data, "warning"))


def test_milliwatts_in_a_file_of_microwatts_are_refused(tmp_path, tree):
    tree.put(hwmon0__name="power_meter", hwmon0__power1_input=27_000)
    assert "0.027 W is less than any machine draws: another unit?" in one_line(
        perfwatt("run", "-n", 1, "--power", f"hwmon:{tree.folder}", "--", "true", cwd=tmp_path), 3)


def test_all_bits_of_a_dcmi_reading_mean_no_value(tmp_path, bmc):
    simulator = bmc("200")
    _, data = run(tmp_path, simulator.url, 4, "--rate", 10, env=BMC_ENV,
                  then=[(1.5, lambda: simulator.set("65535")), (2, lambda: simulator.set("200"))])
    (row,) = energies(data).values()
    gross_is(row, 200)
    assert {row["status"] for row in data["power"]} == {"ok", "no-value"}
    assert sum("65535 W means no value" in note for note in notes(data, "warning")) >= 1


def test_all_bits_of_a_redfish_reading_mean_no_value(tmp_path, bmc_service):
    bmc_service.watts = 200

    def tell_no_value():
        bmc_service.watts = 65535
        before = len(bmc_service.asked("GET", "/Power"))
        wait_for(lambda: len(bmc_service.asked("GET", "/Power")) >= before + 2)
        bmc_service.watts = 200
    _, data = run(tmp_path, bmc_service.source.replace("&psu=1", ""), 5, "--rate", 2, env=bmc_service.env, then=[(1.5, tell_no_value)])
    (row,) = energies(data).values()
    gross_is(row, 200)
    assert {row["status"] for row in data["power"]} == {"ok", "no-value"}


# What was left out is said


@pytest.fixture
def open_tree(open_path):
    with Tree(open_path / "tree") as made:
        yield made


def test_a_zone_that_may_not_be_read_is_said_with_its_remedy(open_path, open_tree):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("SKIPPED LOUDLY: only root can become another user")
    zone(open_tree, 0, "package-0", lambda t: 90e6 * t)
    zone(open_tree, 1, "package-1", lambda t: 60e6 * t)
    (open_tree.folder / "intel-rapl:1" / "energy_uj").chmod(0o400)
    for folder in (open_tree.folder, *open_tree.folder.iterdir()):
        folder.chmod(0o777)
    other = ["setpriv", "--reuid", "65534", "--clear-groups", PERFWATT, "run", "-n", "1", "--warmup", "0", "--idle", "0.5", "-o",
             open_path / "r.perfwatt", "--power", f"rapl:{open_tree.folder}"]
    result = subprocess.run([*other, "--", "sleep", "1"], capture_output=True, text=True, timeout=60, cwd=open_path)
    assert result.returncode == 0, result.stderr
    said = "package-1 is left out: "
    assert said in result.stderr and "Permission denied; only root may: sudo chmod a+r" in result.stderr
    assert "WITHOUT 1 part of this source" in one_paragraph(result.stdout) and said in one_paragraph(result.stdout)
    data = export(open_path / "r.perfwatt", open_path / "csv")
    assert any(said in note for note in notes(data, "refusal"))
    assert set(energies(data)) == {"package-0"}
    strict = subprocess.run([*other, "--force", "--strict", "--", "sleep", "1"], capture_output=True, text=True, timeout=60, cwd=open_path)
    assert said in one_line(strict, 3)


def test_a_source_of_a_list_that_is_absent_is_said_and_the_others_are_read(tmp_path, tree):
    tree.put(hwmon0__name="power_meter", hwmon0__power1_input=200_000_000, hwmon0__power2_input="-5")
    absent = f"hwmon:{tmp_path / 'none'},hwmon:{tree.folder}"
    result, data = run(tmp_path, absent)
    gross_is(energies(data)["power_meter power1"], 200)
    assert "not read: hwmon is not read: " in result.stderr and "no hwmon device has an energy or power sensor" in one_paragraph(result.stdout)
    assert any("power2 is left out" in note and "negative" in note for note in notes(data, "refusal"))
    assert "no hwmon device" in one_line(
        perfwatt("run", "-n", 1, "--strict", "--power", absent, "--", "true", cwd=tmp_path), 3)
    assert "power2 is left out" in one_line(perfwatt("power", "--strict", "--power", f"hwmon:{tree.folder}", "--duration", 1), 3)
    watched = perfwatt("power", "--power", absent, "--duration", 0.3, "--format", "csv")
    assert watched.returncode == 0 and "not read: hwmon is not read: " in watched.stderr
    nothing = one_line(perfwatt("power", "--power", f"hwmon:{tmp_path / 'none'},rapl:{tmp_path / 'none'}", "--duration", 1), 3)
    assert "no hwmon device" in nothing and "no powercap zone" in nothing


# Power alone


def test_a_recording_of_power_alone_shows_no_command(tmp_path, tree):
    tree.put(hwmon0__name="power_meter", hwmon0__power1_input=200_000_000)
    out = tmp_path / "p.perfwatt"
    assert perfwatt("power", "--power", f"hwmon:{tree.folder}", "-I", 100, "--duration", 2, "--record", out).returncode == 0
    shown = perfwatt("show", out).stdout
    assert "mean power" in shown
    for absent in ("user", "system", "resident", "cycles", "counters"):
        assert absent not in shown, shown
    assert perfwatt("plot", out, "--out", tmp_path / "figures").returncode == 0
    figures = {path.name for path in (tmp_path / "figures").glob("*.svg")}
    assert figures == {"power-consumption.svg"}, figures
    (execution,) = export(out, tmp_path / "csv")["executions"]
    assert execution["user_s"] == execution["sys_s"] == execution["max_rss_kb"] == ""


@pytest.mark.parametrize("name", ["power1_input", "name", "power1_label"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_in_the_place_of_a_file_is_not_waited_for(tmp_path, name, kind):
    device = tmp_path / "hwmon" / "hwmon0"
    device.mkdir(parents=True)
    for file, text in (("name", "ina\n"), ("power1_input", "5000000\n"), ("power1_label", "board\n")):
        (device / file).write_text(text)
    (device / name).unlink()
    if kind == "pipe":
        os.mkfifo(device / name)
    else:
        (device / name).symlink_to("/dev/zero")
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 0, "--power", f"hwmon:{device.parent}", "-o", tmp_path / "r.perfwatt", "--", "true",
                      timeout=60)
    assert result.returncode == (0 if name == "power1_label" else 3), result.stderr
