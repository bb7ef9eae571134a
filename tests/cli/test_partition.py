# SPDX-License-Identifier: GPL-3.0-or-later
"""What a partition tells of itself: a /proc and /sys of a Power11 that the measured command changes."""
import pathlib
import subprocess

import pytest
from conftest import PERFWATT, export, facts, one_paragraph

CPUINFO = """processor\t: 0
cpu\t\t: Power11 (architected), altivec supported
clock\t\t: 3000.000000MHz
revision\t: 1.0 (pvr 0082 0100)

timebase\t: 512000000
platform\t: pSeries
model\t\t: IBM,9824-42A
"""

# Each execution: 2 cores for a second of which the partition is entitled to 2, at 5/4 of the clock, and 30 ticks of steal.
STEP = """cd "$1"
n=$(($(cat n) + 1))
echo $n >n
cat >powerpc/lparcfg <<END
lparcfg 1.9
partition_id=7
partition_entitled_capacity=200
shared_processor_mode=1
capped=1
purr=$((n * 1024000000))
tbr=$((n * 512000000))
dispatches=$((n * 100))
dispatch_dispersions=$((n * 3))
END
printf '%x\\n' $((n * 1024000000)) >cpu/cpu0/purr
printf '%x\\n' $((n * 1280000000)) >cpu/cpu0/spurr
echo "cpu  1 2 3 4 5 6 7 $((n * 30)) 0 0" >stat
"""

# Every name of /proc but those three is a link to the real one.
MOUNT = """cd "$0" && mkdir -p proc && mount --rbind /proc proc && mount -t tmpfs none /proc || exit 125
for name in proc/* ; do ln -s "$0/$name" /proc; done
for name in cpuinfo stat powerpc; do ln -sfn "$0/$name" /proc; done
mount --bind "$0/cpu" /sys/devices/system/cpu || exit 125
exec "$@"
"""


@pytest.fixture
def partition(tmp_path):
    folder = tmp_path / "machine"
    for name in ("powerpc", "cpu/cpu0"):
        (folder / name).mkdir(parents=True)
    (folder / "cpuinfo").write_text(CPUINFO)
    (folder / "cpu" / "online").write_text("0\n")
    (folder / "n").write_text("0\n")
    (folder / "step").write_text(STEP)
    subprocess.run(["sh", folder / "step", folder], check=True)

    def run(*arguments):
        return subprocess.run(["unshare", "-m", "sh", "-c", MOUNT, folder, *arguments], capture_output=True, text=True,
                              timeout=120, check=False)

    if run("true").returncode != 0:
        pytest.skip("a /proc cannot be mounted here: not root?")
    run.step = ("sh", folder / "step", folder)
    run.folder = folder
    return run


def recorded(partition, out, *options):
    result = partition(PERFWATT, "run", "-n", "3", "--warmup", "0", "--idle", "0", "--power", "none", "-e", "page-faults",
                       *options, "-o", out, "--", *partition.step)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_what_the_hypervisor_gave(tmp_path, partition):
    text = one_paragraph(recorded(partition, tmp_path / "p.perfwatt", "--capture", "n=(never)"))
    data = export(tmp_path / "p.perfwatt", tmp_path / "csv")
    known = facts(data)
    assert known["machine.partition"] == "shared processors, entitled to 2.00, capped"
    assert known["machine.lparcfg"] == "with purr and tbr" and known["machine.timebase_hz"] == "512000000"
    assert list(data["executions"][0])[-7:] == ["n", "cores_consumed", "entitlement_share", "steal_s", "effective_mhz",
                                                "dispatches", "dispersions"]
    for row in data["executions"]:
        assert [float(row[name]) for name in ("cores_consumed", "entitlement_share", "steal_s", "effective_mhz", "dispatches",
                                              "dispersions")] == [2, 100, 0.3, 3750, 100, 3]
    rows = {row["quantity"]: row for row in data["summary"]}
    assert (rows["cores-consumed"]["mean"], rows["cores-consumed"]["unit"], rows["cores-consumed"]["n"]) == ("2", "cores", "3")
    assert rows["effective-frequency"]["mean"] == "3750" and rows["entitlement-share"]["mean"] == "100"
    for said in ("CPU time from the hypervisor cores consumed 2 cores", "entitlement share 100.0 %", "steal 300 ms",
                 "effective frequency 3750 MHz", "less CPU than asked for: the elapsed time contains waiting for the hypervisor",
                 "entitlement of 2 cores was used up, and it is capped: 100.0 % in test 1"):
        assert said in text, text


def test_what_is_missing_has_its_reason(tmp_path, partition):
    (partition.folder / "powerpc" / "lparcfg").unlink()
    (partition.folder / "cpu" / "cpu0" / "purr").unlink()
    result = partition(PERFWATT, "run", "-n", "2", "--warmup", "0", "--idle", "0", "--power", "none", "-e", "page-faults", "-o",
                       tmp_path / "p.perfwatt", "--", "true")
    assert result.returncode == 0, result.stderr
    data = export(tmp_path / "p.perfwatt", tmp_path / "csv")
    assert facts(data)["machine.lparcfg"].startswith("absent: ")
    assert all(row["cores_consumed"] == "" and row["steal_s"] == "0" for row in data["executions"])
    row = next(row for row in data["summary"] if row["quantity"] == "cores-consumed")
    assert row["status"] == "no-data" and row["mean"] == "" and row["reason"].endswith("; purr: absent")
    assert "cores consumed: lparcfg: absent: " in one_paragraph(result.stdout)


def test_a_power11_counts_power10s_events(partition):
    text = partition(PERFWATT, "list", "events", "PM_EXEC_STALL").stdout
    assert text.startswith("# POWER10 and POWER11's own events"), text
    assert "cpi-stack.dispatch" in partition(PERFWATT, "list", "metrics").stdout
    doctor = partition(PERFWATT, "doctor").stdout
    assert "cpu_model           Power11 (architected), altivec supported" in doctor
    assert "compatibility_mode" not in doctor


def test_a_compatibility_mode_is_said(tmp_path, partition):
    cpuinfo = pathlib.Path(partition.folder / "cpuinfo")
    cpuinfo.write_text(CPUINFO.replace("Power11", "POWER9"))
    assert "names and codes of events are those of the mode" in one_paragraph(recorded(partition, tmp_path / "p.perfwatt"))
    assert "compatibility_mode  POWER9 mode of a POWER11" in partition(PERFWATT, "doctor").stdout
