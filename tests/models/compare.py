#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare.py BUILD_DIR [--peer torch] [--backend NAME]: whole models with random weights, ours against others.

Without --peer: models of families.py against ONNX Runtime. With --peer torch: torchvision's models, exported by PyTorch, against both.
A difference of more than 1e-4 of the largest score is a failure. Exit status 0, 1 where something differs, 77 where a peer is missing.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1e-4


def skip(why):
    print(f"SKIPPED LOUDLY: {why}")
    sys.exit(77)


try:
    import numpy
    import onnx
except ImportError:
    skip("no python3-onnx (scripts/setup test)")


def generated(folder):
    import families
    for name, opset, model in families.all_models():
        file = folder / f"{name}-{opset}.onnx"
        onnx.save(model, str(file))
        dims = [1] + [dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim][1:]
        x = numpy.random.RandomState(opset).randn(*dims).astype(numpy.float32)
        yield name, opset, file, x, None


def exported(folder):
    try:
        import torch_families
    except ImportError:
        skip("no PyTorch (scripts/setup peers)")
    yield from torch_families.export_all(folder)


def need_onnx_runtime():
    """Skips where it is not installed, or cannot be loaded by the node that is."""
    if not (HERE / "node_modules" / "onnxruntime-node").is_dir():
        skip("no ONNX Runtime (npm ci in tests/models)")
    try:
        loaded = subprocess.run(["node", "-e", "require('onnxruntime-node')"], cwd=HERE, stderr=subprocess.PIPE, text=True, check=False)
    except OSError as error:
        skip(f"no node: {error.strerror}")
    if loaded.returncode != 0:
        lines = [line for line in loaded.stderr.splitlines() if "Error:" in line] or [f"node's exit status {loaded.returncode}"]
        skip(f"ONNX Runtime cannot be loaded: {lines[0].strip()}")


def run_onnx_runtime(jobs, folder):
    """Its answers in the order of `jobs`; a text where it refuses a model."""
    return run_jobs([{"model": str(file), "input": str(file) + ".in", "dims": list(x.shape), "output": str(file) + ".ort"}
                     for _, _, file, x, _ in jobs], folder)


def run_jobs(jobs, folder):
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs), encoding="utf-8")
    done = subprocess.run(["node", str(HERE / "run_ort.js"), str(listed)], stdout=subprocess.PIPE, text=True, check=True)
    lines = done.stdout.splitlines()
    if len(lines) != len(jobs):
        raise RuntimeError(f"ONNX Runtime ended early: {lines[-1:]}")
    return [numpy.fromfile(job["output"], dtype=numpy.float32) if line == "ok" else line for job, line in zip(jobs, lines)]


def run_ours(program, file, backend, batch=1, numbers=None, precision="fp32"):
    numbers = numbers or str(file)
    done = subprocess.run([program, file, f"{numbers}.in", f"{numbers}.ours", "--backend", backend, "--threads", "1", "--batch", str(batch),
                           "--precision", precision], text=True, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        return done.stderr.strip() or f"exit status {done.returncode}"
    return numpy.fromfile(f"{numbers}.ours", dtype=numpy.float32)


def difference(ours, theirs):
    """The largest, as a part of the largest score; a text where there is nothing to compare."""
    for answer in (ours, theirs):
        if isinstance(answer, str):
            return answer
    theirs = theirs.ravel()
    if ours.shape != theirs.shape or not numpy.isfinite(theirs).all() or not numpy.isfinite(ours).all():
        return f"{ours.shape} scores, not {theirs.shape}, or not finite"
    if theirs.std() < 0.02 * numpy.abs(theirs).max():
        return "the scores are all but the same: nothing is compared"
    return float(numpy.abs(ours - theirs).max() / numpy.abs(theirs).max())


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--peer", choices=("torch",))
    options.add_argument("--backend", default="auto")
    given = options.parse_args()
    need_onnx_runtime()
    failures, worst = 0, 0.0
    with tempfile.TemporaryDirectory(prefix="perfwatt-models-") as name:
        folder = pathlib.Path(name)
        jobs = list((exported if given.peer else generated)(folder))
        for _, _, file, x, _ in jobs:
            x.tofile(f"{file}.in")
        for job, theirs in zip(jobs, run_onnx_runtime(jobs, folder)):
            family, opset, file, _, torch_answer = job
            ours = run_ours(given.build / "run-onnx", file, given.backend)
            found = {"ONNX Runtime": difference(ours, theirs)}
            if torch_answer is not None:
                found["PyTorch"] = difference(ours, torch_answer)
            bad = any(isinstance(value, str) or value > TOLERANCE for value in found.values())
            failures += bad
            worst = max([worst] + [value for value in found.values() if not isinstance(value, str)])
            texts = "  ".join(f"{peer} {value if isinstance(value, str) else format(value, '.1e')}" for peer, value in found.items())
            print(f"{'FAIL' if bad else 'ok  '} {family:16} opset {opset:2}  {texts}")
    print(f"{len(jobs)} models, {failures} differ; largest difference {worst:.1e} of the largest score")
    return 1 if failures or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
