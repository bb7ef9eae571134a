# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Slurm with four nodes on this machine. All of it lives in namespaces of its own: the only network there is loopback, ports are
always free, and when the first process of them ends, which is when its standard input closes, the kernel ends everything in there."""
import contextlib
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys

from conftest import wait_for

NODES, SPARE = ("n1", "n2", "n3", "n4"), ("s1", "s2", "s3")  # the spare ones have a partition of their own
PROGRAMS = ("munged", "slurmctld", "slurmd", "srun", "salloc", "sbatch", "unshare", "nsenter", "ip")

# Process 1 of the namespaces, which reaps what is left to it.
FIRST = """
import os, select, socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
# Slurm resolves by AI_ADDRCONFIG, for which 127.0.0.1 alone is no address (192.0.2.0/24 is for examples: RFC 5737).
subprocess.run(["ip", "address", "add", "192.0.2.1/32", "dev", "lo"], check=True)
socket.sethostname("localhost")
print("up", flush=True)
while not select.select([0], [], [], 0.1)[0]:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
"""

# cred_expire: a job that is queued again waits for so long.
CONFIGURATION = """ClusterName=pw
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmdSpoolDir={folder}/spool.%n
StateSaveLocation={folder}/state
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=30
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1
SlurmdTimeout=5
"""


def why_no_cluster():
    if os.geteuid() != 0:
        return "a Slurm of our own needs root"
    lacks = [name for name in PROGRAMS if not shutil.which(name, path=search_path())]
    if lacks:
        return f"no {', '.join(lacks)} (scripts/setup test)"
    tried = subprocess.run(["unshare", *SPACES, "true"], capture_output=True, text=True, timeout=60, check=False)
    return "" if tried.returncode == 0 else f"namespaces are not allowed here: {tried.stderr.strip()}"


def search_path():
    return os.environ["PATH"] + ":/usr/sbin:/sbin"


SPACES = ("--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--mount-proc")


class Cluster:
    """`sensors`: a folder that is another one on each node: {node}.sensors in `folder`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.configuration = self.folder / "slurm.conf"
        self.sensors = self.folder / "sensors"
        self.own = {}  # our daemons, by name

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            print(self.logs(), file=sys.stderr)
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def start(self):
        text = CONFIGURATION.format(folder=self.folder)
        for number, node in enumerate(NODES + SPARE):
            text += f"NodeName={node} NodeHostname=localhost NodeAddr=127.0.0.1 Port={16821 + number} CPUs=4 RealMemory=1000 State=UNKNOWN\n"
            self.sensors_of(node).mkdir()
        for name, nodes, default in (("p", NODES, "YES"), ("spare", SPARE, "NO")):
            text += f"PartitionName={name} Nodes={','.join(nodes)} Default={default} MaxTime=INFINITE State=UP OverSubscribe=YES\n"
        self.configuration.write_text(text)
        (self.folder / "state").mkdir()
        self.sensors.mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o400)
        self.first = subprocess.Popen(["unshare", *SPACES, sys.executable, "-I", "-c", FIRST], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True, env={**os.environ, "PATH": search_path()})
        assert self.first.stdout.readline() == "up\n"
        children = pathlib.Path(f"/proc/{self.first.pid}/task/{self.first.pid}/children").read_text().split()
        self.inside = children[0]
        files = (f"--{what}-file={self.folder}/munge.{what}" for what in ("pid", "seed", "key"))
        self.daemon("munged", "munged", "-F", "--force", *files, f"--socket={self.folder}/munge.socket")
        wait_for((self.folder / "munge.socket").exists)
        self.daemon("slurmctld", "slurmctld", "-D", "-c")
        for node in NODES + SPARE:
            self.start_node(node)
        wait_for(self.idle)

    def start_node(self, node):
        self.daemon(node, "unshare", "--mount", "sh", "-c", 'mount --bind "$0" "$1" && exec slurmd -D -N "$2" -b', self.sensors_of(node),
                    self.sensors, node)

    def sensors_of(self, node):
        return self.folder / f"{node}.sensors"

    def daemon(self, name, *words):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.own[name] = self.begin(*words, stdout=log, stderr=log)

    def words(self, words, folder):
        return ["nsenter", f"--target={self.inside}", "--net", "--mount", "--pid", "--uts", "--ipc", "env", f"--chdir={folder}", *map(str, words)]

    def environment(self, more):
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH", "SALLOC"))}
        return {**ours, "PATH": search_path(), "SLURM_CONF": str(self.configuration), **(more or {})}

    def begin(self, *words, folder=None, env=None, **kwargs):
        return subprocess.Popen(self.words(words, folder or self.folder), stdin=subprocess.DEVNULL, env=self.environment(env), **kwargs)

    def run(self, *words, folder=None, env=None, timeout=120):
        return subprocess.run(self.words(words, folder or self.folder), stdin=subprocess.DEVNULL, env=self.environment(env), timeout=timeout,
                              capture_output=True, text=True, errors="replace", check=False)

    def told(self, *words):
        result = self.run(*words)
        assert result.returncode == 0, (words, result.stderr, self.logs())
        return result.stdout

    def logs(self):
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-500:]}" for path in self.folder.glob("*.log"))

    def idle(self):
        return self.run("sinfo", "-h", "-N", "-o", "%T").stdout.split() == ["idle"] * len(NODES + SPARE)

    def job(self, number):
        """What scontrol says of a job, by name."""
        return dict(re.findall(r"(\w+)=(\S*)", self.told("scontrol", "show", "job", str(number))))

    def batch(self, script, folder, *options, env=None):
        """The number of the job that runs the script."""
        found = self.run("sbatch", "--parsable", *options, script, folder=folder, env=env)
        assert found.returncode == 0, found.stderr
        return int(found.stdout)

    def ended(self, number):
        return self.job(number)["JobState"] in ("COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL")

    def vanish(self, node):
        """As if its power were gone: its slurmd, and what that had started."""
        lost = self.processes_of(node)
        waits = self.own.pop(node)  # nsenter, which would stop with what it waits for
        waits.kill()
        waits.wait(timeout=60)
        for number in (signal.SIGSTOP, signal.SIGKILL):  # none of them sees another end
            for pid in lost:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def processes_of(self, node):
        """Ours, by the namespace of the node's slurmd."""
        space = None
        found = []
        for status in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (status / "cmdline").read_bytes().split(b"\0")
                if words[:4] == [b"slurmd", b"-D", b"-N", node.encode()] and self.is_ours(status):
                    space = os.readlink(status / "ns" / "mnt")
            except OSError:
                continue
        assert space, f"no slurmd of {node}"
        for status in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(status / "ns" / "mnt") == space:
                    found.append(int(status.name))
            except OSError:
                continue
        return sorted(found)

    def is_ours(self, process):
        return os.readlink(process / "ns" / "net") == os.readlink(f"/proc/{self.inside}/ns/net")

    def end(self):
        if not hasattr(self, "first"):
            return
        self.first.stdin.close()
        self.first.wait(timeout=60)
        self.first.stdout.close()
        for one in self.own.values():
            one.wait(timeout=60)
