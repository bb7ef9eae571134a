# SPDX-License-Identifier: GPL-3.0-or-later
"""A job's program that raises what its node draws while it works, in the file of the node's sensor, and how much energy that is."""
import sys

PROGRAM = """#!{python} -I
import os, time
node = os.environ["SLURMD_NODENAME"]
idle, load = {watts!r}[node]
def draw(watts):
    before = time.monotonic()
    with open({sensor!r}.format(node=node), "r+b", buffering=0) as file: file.write(b"%012d\\n" % (watts * 1000000))
    return before, time.monotonic()
leads = os.environ.get("SLURM_LOCALID", "0") == "0"
if leads: begin = draw(load)
time.sleep(1.5)
if leads:
    end = draw(idle)
    with open("{folder}/" + node + ".times", "a") as file: file.write("%r %r\\n" % (end[0] - begin[1], end[1] - begin[0]))
time.sleep(0.2)  # in which it is seen that the power fell
"""


def as_it_stands(watts):
    return f"{watts * 1000000:012d}"


class WorkingNodes:
    """`watts`: by node, idle and under load; `sensor`: the path of a node's file of µW, with {node}."""

    def __init__(self, folder, watts, sensor):
        self.folder, self.watts = folder, watts
        self.program = folder / "works"
        self.program.write_text(PROGRAM.format(python=sys.executable, watts=watts, sensor=str(sensor), folder=folder))
        self.program.chmod(0o755)

    def times(self, node):
        """By execution: the least and the most that its load may have lasted, for the clock is read before and after the change."""
        return [tuple(map(float, line.split())) for line in (self.folder / f"{node}.times").read_text().splitlines()]

    def truth(self, node):
        """The mean net energy, and how far it may be off, J."""
        idle, load = self.watts[node]
        times = self.times(node)
        least, most = (sum(ends) / len(times) for ends in zip(*times))
        return (load - idle) * (least + most) / 2, (load - idle) * (most - least) / 2
