# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of one emulated machine: its kernel and root out of Debian packages, its BMC, its console."""
import contextlib
import gzip
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

from debian import ALTERNATIVES, Debian, LabError, link_alternatives, once, unpack
from machines import COMMON_MODULES, MACHINES

LAB = pathlib.Path(__file__).resolve().parent
SOURCE = LAB.parent
BUILD = SOURCE / "build" / "lab"
TOOLS = ("dash", "diffutils", "libc-bin", "coreutils", "grep", "sed", "dpkg", "base-files", "linux-perf", "ipmitool", "busybox-static")
PASSWD = "root:x:0:0:root:/root:/bin/sh\ntester:x:1000:1000::/tmp:/bin/sh\n"
GROUP = "root:x:0:\ntester:x:1000:\n"
BOOT_LIMIT_S = 240  # beside other work; alone it takes 15 s
ended = threading.Event()  # everything is to stop


def depends(deb):
    """The names of the packages that `deb` depends on, without its own sisters."""
    text = subprocess.run(["dpkg-deb", "-f", deb, "Depends"], capture_output=True, text=True, check=True).stdout
    names = [re.split(r"[\s(|]", part.strip())[0] for part in text.split(",") if part.strip()]
    return [name for name in names if not name.startswith("perfwatt")]


def write_status(debs, folder):
    """dpkg's list of what is installed, so that `dpkg -i` in the guest checks dependencies against what is there."""
    info = folder / "var" / "lib" / "dpkg" / "info"
    info.mkdir(parents=True, exist_ok=True)
    entries = []
    for deb in debs:
        control = subprocess.run(["dpkg-deb", "-f", deb], capture_output=True, text=True, check=True).stdout
        fields = dict(re.findall(r"^(Package|Architecture|Multi-Arch): (.*)$", control, re.M))
        entries.append(re.sub(r"^(Package: .*)$", r"\1\nStatus: install ok installed", control, count=1, flags=re.M))
        qualifier = f":{fields['Architecture']}" if fields.get("Multi-Arch") == "same" else ""
        (info / f"{fields['Package']}{qualifier}.list").touch()
    (folder / "var" / "lib" / "dpkg" / "status").write_text("\n".join(entries))
    (folder / "var" / "lib" / "dpkg" / "updates").mkdir(exist_ok=True)


def make_root(machine, perfwatt_debs):
    """A folder with the files of Debian that the guest sees: what perfwatt's own packages depend on, and TOOLS."""
    packages = sorted({name for deb in perfwatt_debs for name in depends(deb)}) + list(TOOLS)
    debs = Debian(machine.architecture).download(packages)

    def make(folder):
        unpack(debs, folder)
        link_alternatives(folder)
        write_status(debs, folder)
        (folder / "etc" / "passwd").write_text(PASSWD)
        (folder / "etc" / "group").write_text(GROUP)
        (folder / "etc" / "hostname").write_text("lab\n")

    return once(BUILD / f"root-{machine.architecture}", sorted(deb.name for deb in debs) + list(ALTERNATIVES), make)


def module_order(kernel, wanted):
    """The files of the modules in the order in which they are inserted; built-in ones are left out."""
    folder = next((kernel / "lib" / "modules").iterdir())
    subprocess.run(["depmod", "-b", kernel, folder.name], check=True, timeout=120, stderr=subprocess.DEVNULL)
    dependencies = {pathlib.Path(name).stem: (name, needs.split()) for name, needs in (
        line.split(":", 1) for line in (folder / "modules.dep").read_text().splitlines())}
    built_in = {pathlib.Path(line).stem.replace("-", "_") for line in (folder / "modules.builtin").read_text().split()}
    order = []
    for module in wanted:
        found = dependencies.get(module) or dependencies.get(module.replace("_", "-"))
        if not found and module not in built_in:
            raise LabError(f"the kernel {folder.name} has no module {module}")
        name, needs = found or (None, [])
        order += [folder / need for need in reversed(needs)] + ([folder / name] if name else [])
    return list(dict.fromkeys(order))


def make_kernel(machine):
    """A folder with the kernel as `kernel`, and `initrd`: busybox, modules and guest-init."""
    debian = Debian(machine.architecture)
    deb = debian.download_alone(machine.kernel)
    busybox = debian.download_alone("busybox-static")
    modules = (*COMMON_MODULES, *machine.modules)

    def make(folder):
        packages = folder / "packages"
        unpack([deb, busybox], packages)
        shutil.copy(next((packages / "boot").glob("vmlinu[xz]-*")), folder / "kernel")
        write_initrd(folder / "initrd", packages, module_order(packages, modules))
        shutil.rmtree(packages)

    return once(BUILD / f"kernel-{machine.architecture}",
                [deb.name, busybox.name, *modules, (LAB / "guest-init").read_text()], make)


def write_initrd(path, packages, modules):
    tree = path.with_name("initrd.tree")
    for name in ("bin", "dev", "proc", "sys", "modules"):
        (tree / name).mkdir(parents=True)
    shutil.copy(packages / "bin" / "busybox", tree / "bin" / "busybox")
    (tree / "bin" / "sh").symlink_to("busybox")
    for module in modules:
        shutil.copy(module, tree / "modules" / module.name)
    (tree / "modules" / "order").write_text("".join(f"{module.name}\n" for module in modules))
    shutil.copy(LAB / "guest-init", tree / "init")
    (tree / "init").chmod(0o755)
    names = "\n".join(str(p.relative_to(tree)) for p in sorted(tree.rglob("*")))
    packed = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=names.encode(), cwd=tree, check=True,
                            stdout=subprocess.PIPE, timeout=60).stdout
    path.write_bytes(gzip.compress(packed, 1))
    shutil.rmtree(tree)


class Guest:
    """One boot. `work` is the folder that the guest sees as /guest; `.lab` in it is ours."""

    def __init__(self, name, work, watts="262", environment=None):
        self.name, self.machine = name, MACHINES[name]
        self.work, self.lab = work, work / ".lab"
        self.watts, self.environment = watts, environment or {}
        self.seconds = 0.0

    @contextlib.contextmanager
    def bmc(self):
        folder = self.lab / "bmc-files"
        try:
            started = subprocess.run([LAB / "bmc", "start", folder, self.watts], capture_output=True, text=True, timeout=60,
                                     check=False)
            if started.returncode:
                raise LabError(started.stderr.strip())
            yield folder
        finally:
            subprocess.run([LAB / "bmc", "stop", folder], check=False, timeout=20)

    def command(self, kernel, root, bmc):
        machine = self.machine
        place = iter([machine.pci.format(n) for n in range(3)])
        port = (bmc / "vmport").read_text().strip()
        words = [*machine.emulator, "-nodefaults", "-display", "none", "-monitor", "none", "-serial", "stdio", "-smp", "1",
                 "-no-reboot", *(word.replace("@PORT@", port) for word in machine.bmc)]
        for tag, path, extra in (("debian", root, ",readonly=on,multidevs=remap"), ("work", self.work, "")):
            words += ["-fsdev", f"local,id={tag},path={path},security_model=none{extra}",
                      "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}{next(place)}"]
        words += ["-netdev", "user,id=net", "-device", f"virtio-net-pci,netdev=net,romfile={next(place)}"]
        return words + ["-kernel", kernel / "kernel", "-initrd", kernel / "initrd",
                        "-append", f"console={machine.console} quiet panic=-1"]

    def run(self, job, debs=(), limit_s=300, show=False):
        """Boots, runs `job` (a shell script), powers off; its exit status. What it wrote is in stdout and stderr."""
        begin = time.monotonic()
        root, kernel = make_root(self.machine, debs), make_kernel(self.machine)
        self.lab.mkdir(parents=True, exist_ok=True)
        (self.lab / "job").write_text(job)
        shutil.copy(LAB / "guest-start", self.lab / "start")
        (self.lab / "debs").mkdir(exist_ok=True)
        for deb in debs:
            shutil.copy(deb, self.lab / "debs")
        with self.bmc() as bmc:
            port = (bmc / "port").read_text().strip()
            words = {"BMC": f"dcmi://admin@10.0.2.2:{port}?workaround=opensesspriv", "BMC_PORT": port,
                     "PERFWATT_BMC_PASSWORD": "perfwatt", **self.environment}
            (self.lab / "environment").write_text(
                "".join(f"export {name}={shlex.quote(value)}\n" for name, value in words.items()))
            with open(self.lab / "console", "wb") as console, subprocess.Popen(
                    self.command(kernel, root, bmc), stdin=subprocess.DEVNULL, stdout=console,
                    stderr=subprocess.STDOUT) as machine:
                try:
                    self.watch(machine, bmc, limit_s, show)
                finally:
                    machine.send_signal(signal.SIGKILL)
        self.seconds = time.monotonic() - begin
        return int((self.lab / "status").read_text())

    def watch(self, machine, bmc, limit_s, show):
        """Waits for the job's end, does what it asks of the BMC, and copies its output where `show`."""
        begin, shown = time.monotonic(), {"stdout": 0, "stderr": 0}
        while not (self.lab / "status").exists():
            passed = time.monotonic() - begin
            if ended.is_set():
                raise LabError(f"{self.name}: ended before its job was done")
            if machine.poll() is not None and not (self.lab / "status").exists():
                raise self.failure("the machine stopped before its job ended")
            if passed > BOOT_LIMIT_S and not (self.lab / "booted").exists():
                raise self.failure(f"the machine did not boot in {BOOT_LIMIT_S} s")
            if passed > limit_s:
                raise self.failure(f"the job did not end in {limit_s} s")
            if (self.lab / "bmc").exists():
                subprocess.run([LAB / "bmc", "set", bmc, (self.lab / "bmc").read_text().rstrip("\n")], check=True,
                               timeout=20)
                (self.lab / "bmc").unlink()
            if show:
                self.show(shown)
            time.sleep(0.05)
        if show:
            self.show(shown)

    def show(self, shown):
        for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
            with contextlib.suppress(FileNotFoundError), open(self.lab / name, "rb") as file:
                file.seek(shown[name])
                text = file.read()
                shown[name] += len(text)
                stream.buffer.write(text)
                stream.buffer.flush()

    def failure(self, what):
        lines = (self.lab / "console").read_text(errors="replace").splitlines()[-12:]
        for name in ("stdout", "stderr"):
            with contextlib.suppress(FileNotFoundError):
                lines += (self.lab / name).read_text(errors="replace").splitlines()[-6:]
        return LabError(f"{self.name}: {what}; the last lines:\n" + "\n".join(f"  | {line}" for line in lines))

    def text(self, name):
        return (self.work / name).read_text(errors="replace")
