# SPDX-License-Identifier: GPL-3.0-or-later
"""sysfs_seeds.py FOLDER: machines as sysfs_fuzz.cc takes them, in the order of its kFiles."""
import pathlib
import sys

POWER9 = "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3783.000000MHz\nrevision\t: 2.2 (pvr 004e 1202)\n"
X86 = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7763\nflags\t\t: fpu hypervisor\n"
ARM = "processor\t: 0\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n"

for name, cpuinfo, driver in (("power9", POWER9, "ibmpowernv"), ("x86", X86, "power_meter"), ("arm", ARM, "scmi_sensors")):
    files = [cpuinfo, "0-3,8\n", "0-3\n", "0-3,8\n", "0\n", "0\n", "performance\n", "3783000\n", "1\n", "Data\n", "32K\n", "Not affected\n",
             "MemTotal:       535000000 kB\n", "1.25 0.50 0.10 3/1024 99\n", "16\n", "0\n", "config:0-7\n", "event=0x02\n", "2.3283064365386962890625e-10\n",
             "Joules\n", driver + "\n", "Chip 8 Memory\n", "300000000\n", "1000\n", "System\n", "package-0\n", "262143328850\n", "280000000\n"]
    readings = ["150000000\n", "140000000\n", "5000000\n", "7000000\n"]
    later = ["151000000\n", "141000000\n", "6000000\n", "8000000\n"]
    (pathlib.Path(sys.argv[1]) / name).write_bytes("\0".join(files + readings + later + readings).encode())
