# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages of any architecture, with an apt state of their own: the system's apt and dpkg stay untouched."""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "perfwatt" / "debian"
TRIES = 3
INDEX_AGE_S = 24 * 3600


class LabError(Exception):
    """What could not be had, in one line."""


@contextlib.contextmanager
def locked(path):
    """One process at a time holds `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Debian:
    def __init__(self, architecture):
        self.architecture = architecture
        self.index_error = ""
        self.folder = CACHE / architecture
        self.archives = self.folder / "archives"
        for folder in ("lists/partial", "archives/partial", "state"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        self.config = self.folder / "apt.conf"
        self.config.write_text(
            f'APT::Architecture "{architecture}"; APT::Architectures {{ "{architecture}"; }};\n'
            f'Dir::State "{self.folder}/state"; Dir::State::Lists "{self.folder}/lists";\n'
            f'Dir::State::status "{self.folder}/status"; Dir::Cache "{self.folder}";\n'
            f'Dir::Cache::archives "{self.archives}"; Acquire::Languages "none"; Acquire::Retries "3";\n'
            'APT::Install-Recommends "false"; APT::Sandbox::User "root";\n')

    def apt(self, *command, **options):
        return subprocess.run(command, env={**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, **options)

    def update(self):
        """Fetches the index where it is older than a day. A mirror that lags behind fails in part; what is missing then
        shows when a package is asked for."""
        stamp = self.folder / "updated"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < INDEX_AGE_S:
            return
        done = self.apt("apt-get", "-qq", "update")
        errors = re.findall(r"^[EW]: (.*)$", done.stderr, re.M)
        self.index_error = errors[0] if errors else ""
        stamp.touch()

    def download(self, packages):
        """The .deb files of `packages` (names, or paths of local files) and of all that they depend on, on a bare
        machine."""
        with locked(self.folder / "lock"):
            self.update()
            names = self.retry("apt-get", "-qq", "--simulate", "install", *packages)
            self.retry("apt-get", "-qq", "--yes", "--download-only", "install", *packages)
        local = {pathlib.Path(package).name.split("_")[0]: pathlib.Path(package) for package in map(str, packages)
                 if package.endswith(".deb")}
        installs = re.findall(r"^Inst (\S+) \((\S+) .*\[(\S+)\]\)", names, re.M)
        return [local.get(name) or self.archives / f"{name}_{version.replace(':', '%3a')}_{kind}.deb"
                for name, version, kind in installs]

    def download_alone(self, package):
        """The .deb file of `package`, without what it depends on; of a metapackage, of the first that it stands for."""
        with locked(self.folder / "lock"):
            self.update()
            depends = re.search(r"Depends: (linux-image-\S+)", self.retry("apt-cache", "depends", package))
            real = depends.group(1) if depends else package
            self.retry("apt-get", "-qq", "download", real, cwd=self.archives)
        return max(self.archives.glob(f"{real}_*.deb"), key=lambda path: path.stat().st_mtime)

    def retry(self, *command, **options):
        for attempt in range(TRIES):
            done = self.apt(*command, **options)
            if done.returncode == 0:
                return done.stdout
            time.sleep(attempt)
            (self.folder / "updated").unlink(missing_ok=True)
            self.update()
        lines = (done.stderr.strip() or done.stdout.strip() or "failed").splitlines()
        index = f"; the index: {self.index_error}" if self.index_error else ""
        raise LabError(f"{' '.join(command[:4])} ... ({self.architecture}), tried {TRIES} times: {lines[-1]}{index}")


def unpack(debs, folder):
    """The files of `debs` under `folder`, laid out as on a machine with a merged /usr; links stay inside."""
    for name in ("bin", "lib", "lib64", "sbin"):
        (folder / "usr" / name).mkdir(parents=True, exist_ok=True)
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"usr/{name}")
    for deb in debs:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as files:
            tar = subprocess.run(["tar", "-x", "--keep-directory-symlink", "-C", folder], stdin=files.stdout, timeout=300,
                                 check=False)
        if tar.returncode or files.returncode:
            raise LabError(f"{deb}: cannot be unpacked")


# What the scripts of OpenBLAS's packages (-openmp, -pthread) link by update-alternatives, below usr/lib/TRIPLET.
ALTERNATIVES = ("libopenblas.so", "libopenblas.so.0", "pkgconfig/openblas.pc")


def link_alternatives(folder):
    """Links under `folder` what those scripts would link: unpack() runs none."""
    for package in sorted(folder.glob("usr/lib/*/openblas-*")):
        for name in ALTERNATIVES:
            path = package.parent / name
            if (package / name).exists() and not path.exists():
                path.symlink_to("../" * name.count("/") + f"{package.name}/{name}")


def relative_links(folder):
    """Makes the absolute symbolic links below `folder` relative, so that they work from outside."""
    for path in folder.rglob("*"):
        if path.is_symlink() and (target := os.readlink(path)).startswith("/"):
            path.unlink()
            path.symlink_to(os.path.relpath(f"{folder}{target}", path.parent))


def once(folder, key, make):
    """`folder`-KEY, made by `make(path)` beside it and renamed: whole, or not there. Others wait."""
    digest = hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()[:12]
    done = folder.with_name(f"{folder.name}-{digest}")
    with locked(folder.with_name(f"{folder.name}.lock")):
        if not done.exists():
            building = folder.with_name(f"{folder.name}.new")
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            print(f"lab: making {done.name}", file=sys.stderr)
            make(building)
            building.rename(done)
    return done
