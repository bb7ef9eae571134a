# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines, how each is set up, and one run of one of them: a process of its own in a clean environment."""
import json
import os
import pathlib
import platform
import shutil
import subprocess
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", SOURCE / "build")).resolve()
PYTHON = "/usr/bin/python3"  # Debian's, which has the packages that scripts/setup installs
# All else is left out: OPENBLAS_*, OMP_*, GOMP_*, KMP_*, MKL_*, ONEDNN_* and DNNL_* change what is measured.
KEPT = ["HOME", "PATH", "XDG_CACHE_HOME", *os.environ.get("KEEP", "").split()]
LEFT_OUT = ("OPENBLAS_", "OMP_", "GOMP_", "KMP_", "MKL_", "ONEDNN_", "DNNL_")
CLEAN = {name: os.environ[name] for name in KEPT if name in os.environ}


class NotThere(Exception):
    """Why an engine cannot be measured, in one line."""


def last_line(text):
    return (text.strip().splitlines() or ["said nothing"])[-1].strip()


def reason(text):
    """apt's and npm's own word for what went wrong, else the last line."""
    told = [line for line in text.splitlines() if line.startswith(("E: ", "npm error code", "npm ERR! code"))]
    return told[0] if told else last_line(text)


def quiet(command, environment=None, timeout=900):
    """Runs it; its standard output, or NotThere with its last line."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=timeout, check=False,
                              env=environment, cwd=SOURCE)
    except subprocess.TimeoutExpired as error:
        raise NotThere(f"took more than {timeout} s") from error
    except OSError as error:
        raise NotThere(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise NotThere(reason(done.stderr or done.stdout))
    return done.stdout


@dataclass
class Model:
    name: str
    file: pathlib.Path
    preprocess: str
    dims: tuple  # of its input
    inferences: int  # a run measures


@dataclass
class Engine:
    name: str
    label: str
    set_up: object  # (model, work, photos) -> the words of its command up to the model's file, and those after the output
    exact: bool = True  # computes in fp32


def arch_flag():
    return "-mcpu=native" if platform.machine().startswith(("ppc", "aarch")) else "-march=native"


def compile_here(work, name, *flags):
    if not (work / name).exists():
        quiet(["g++", "-o", work / name, HERE / f"{name}.cc", *flags])
    return work / name


def peak(work):
    return compile_here(work, "peak", "-O3", arch_flag(), "-std=c++17", "-pthread")


def classify_command(model):
    return [BUILD / "perfwatt-classify", "--model", model.file, "--preprocess", model.preprocess]


def ours(how, *options):
    """Network::load with these options, once perfwatt-classify has accepted the same options (and calibrated, where it must)."""
    def set_up(model, _, photos):
        if options:
            quiet([*classify_command(model), *options, "--limit", 16, "--photos", photos], CLEAN)
        return [BUILD / "engine-ours", model.file], [how]
    return set_up


def winograd(model, work, photos):
    # It can be chosen where it can be forbidden.
    ours("plain", "--no-winograd")(model, work, photos)
    return ours("winograd")(model, work, photos)


def onnx_runtime(model, *_):
    quiet([SOURCE / "scripts" / "setup", "onnxruntime"])
    if not (HERE / "node_modules" / "onnxruntime-node").exists():
        # Its own install script only fetches GPU libraries.
        quiet(["npm", "ci", "--prefix", HERE, "--ignore-scripts", "--no-audit", "--no-fund"])
    return [shutil.which("node") or "node", HERE / "ort.cjs", model.file], model.dims


def opencv(model, work, _):
    quiet([SOURCE / "scripts" / "setup", "opencv"])
    program = compile_here(work, "opencv", "-O2", "-std=c++17", "-w", "-I/usr/include/opencv4", "-lopencv_dnn", "-lopencv_core")
    copy = work / f"{model.name}.opencv.onnx"
    quiet([PYTHON, HERE / "opencv_model.py", model.file, copy])
    return [program, copy], model.dims


def torch(model, work, _):
    quiet([SOURCE / "scripts" / "setup", "torch"])
    module = work / f"{model.name}.torch"
    quiet([PYTHON, HERE / "torch_model.py", model.file, module, *model.dims], CLEAN)
    return [PYTHON, HERE / "torch_run.py", module], model.dims


ENGINES = [
    Engine("ort", "ONNX Runtime", onnx_runtime),
    Engine("opencv", "OpenCV DNN", opencv),
    Engine("torch", "PyTorch, optimised", torch),
    Engine("plain", "oneDNN plain", ours("plain")),
    Engine("winograd", "perfwatt, tuned", winograd),
    Engine("blas", "perfwatt, OpenBLAS", ours("blas", "--backend", "blas")),
    Engine("bf16", "perfwatt, bf16", ours("bf16", "--precision", "bf16"), exact=False),
    Engine("int8", "perfwatt, int8", ours("int8", "--precision", "int8"), exact=False),
]


def run_engine(command, job, threads, warmups, inferences, output="-"):
    """What the engine says of one run (job.h); NotThere where it fails."""
    before, after = command
    said = quiet([*before, job, threads, warmups, inferences, output, *after], CLEAN, timeout=300)
    return json.loads(last_line(said))


def run_peak(program, threads):
    return json.loads(last_line(quiet([program, threads], CLEAN)))["gflops"]
