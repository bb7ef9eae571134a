# SPDX-License-Identifier: GPL-3.0-or-later
"""The power sensors of a POWER9 machine as files: what the OCC exports in-band, and the kernel's hwmon tree. QEMU has neither:
the guest mounts these over the real paths. The layout is that of skiboot's hw/occ-sensor.c."""
import struct
import subprocess

from guest import SOURCE

BLOCK, NAMES, PING, PONG = 0x25800, 0x400, 0xDC00, 0x18C00
TIMEBASE_HZ = 512_000_000
POWER, SYSTEM, PROCESSOR, MEMORY = 0x80, 1, 2, 8
TICKS_HZ = 2000  # the OCC adds to an accumulator every 500 us
# name, units, location, watts
CHIPS = (
    (("PWRSYS", b"W", SYSTEM, 262), ("PWRPROC", b"W", PROCESSOR, 84), ("PWRMEM", b"W", MEMORY, 31)),
    (("PWRPROC", b"W", PROCESSOR, 79), ("PWRMEM", b"W", MEMORY, 30)),
)


def fixed(mantissa, exponent=0):
    """The OCC's decimal floating point: 24 bits of mantissa, 8 of exponent."""
    return (mantissa << 8) | (exponent & 0xFF)


def name_entry(index, sensor):
    name, units, location, _ = sensor
    return struct.pack(">16s4sHIIHHBIB8x", name.encode(), units, 0x100 + index, fixed(TICKS_HZ), fixed(1), POWER, location, 1,
                       8 + 48 * index, 0)


def record(index, watts, seconds):
    ticks = int(seconds * TICKS_HZ)
    return struct.pack(">HQ9HQI8x", 0x100 + index, int(seconds * TIMEBASE_HZ), *(9 * [watts]), watts * ticks, ticks)


def block(sensors, seconds):
    """One OCC's block after `seconds` at constant watts; the newer reading is in ping."""
    data = bytearray(BLOCK)
    struct.pack_into(">BBHB3xIBBHII", data, 0, 1, 1, len(sensors), 1, NAMES, 1, 48, 0, PING, PONG)
    for index, sensor in enumerate(sensors):
        data[NAMES + 48 * index:NAMES + 48 * (index + 1)] = name_entry(index, sensor)
        for buffer, at in ((PING, seconds), (PONG, seconds - 0.04)):
            data[buffer] = 1
            start = buffer + 8 + 48 * index
            data[start:start + 48] = record(index, sensor[3], at)
    return bytes(data)


def build_living(work):
    """The program that keeps such files up to date under a power that changes: `work`/power-trees, for POWER."""
    subprocess.run(["powerpc64le-linux-gnu-g++", "-std=c++20", "-O2", "-static", "-I", SOURCE / "src", "-o",
                    work / "power-trees", SOURCE / "tests" / "programs" / "power_trees.cc"], check=True, timeout=120)


def write_sensors(folder, seconds=1000.0):
    """`folder`/occ_inband_sensors and `folder`/hwmon, as a machine shows them after `seconds` of constant power."""
    folder.mkdir(parents=True)
    (folder / "occ_inband_sensors").write_bytes(b"".join(block(chip, seconds) for chip in CHIPS))
    hwmon = folder / "hwmon" / "hwmon0"
    hwmon.mkdir(parents=True)
    (hwmon / "name").write_text("ibmpowernv\n")
    labels = (("System", 262), ("Chip 0 ", 84), ("Chip 0 Memory", 31), ("Chip 8 ", 79), ("Chip 8 Memory", 30))
    for index, (label, watts) in enumerate(labels, 1):
        for kind, value in (("power", watts * 1_000_000), ("energy", int(watts * seconds * 1_000_000))):
            (hwmon / f"{kind}{index}_label").write_text(f"{label}\n")
            (hwmon / f"{kind}{index}_input").write_text(f"{value}\n")
