# SPDX-License-Identifier: GPL-3.0-or-later
"""rank_seeds.py DIR: what ranks tell, and what they are to count."""
import pathlib
import sys

FILE = """rank 3 8 1 4
launcher Open MPI
node n1
cpus 0-3,8
numa 0
begin 1700000000123456789
elapsed 1500000000
usage 1250000 125000 10240 5 3 100 1 0 0
reading 0 fffffffffffffff0 1000 900 scaled 
reading 1 0 0 0 not-permitted perf_event_paranoid is 4
power 0 12 123456789 500000 100000000 99500000 101000000
power-source hwmon
power-channel power1
node-use 64 12250000 """
PLAN = "kernel 6.1.0\nmultiplex 0\nevent 0 1 0 - " + "00" * 4 + "78000000" + "00" * 112 + "\nevent 1 0 2 cxl 00"

folder = pathlib.Path(sys.argv[1])
for name, text in (("file", FILE), ("plan", PLAN)):
    (folder / name).write_text(text)
