# SPDX-License-Identifier: GPL-3.0-or-later
"""The instructions of an inference by each kind of kernels, counted by the PMU of an emulated POWER10 (lab/jobs/instructions): the
count of a program that does two, less that of one that does one, so that loading is not in it."""
import subprocess

from guest import LAB
from suite import PERFWATT, draw_photo, expect, expect_match, export, run_job

# Of the photo, in pixels; one inference of 224 takes minutes. At 64, where what does not grow with the photo (packing the weights,
# likely) is most of the work, POWER10 takes 0.64 x.
SIZE = 128
NETWORK = "resnet50-synthetic"  # generated: no other weights would be other instructions


def prepare(work):
    draw_photo(work)
    model = subprocess.run([PERFWATT, "model", "path", NETWORK], capture_output=True, text=True, timeout=120, check=True).stdout
    subprocess.run([LAB / "smaller-network", model.strip(), str(SIZE), work / "network.onnx"], check=True, timeout=120)


START = run_job("instructions", prepare, 3600, machine="pseries10")


def counted(guest, name):
    rows = export(guest.work / f"{name}.perfwatt", guest.work / name)["counters"]
    values = [int(row["value"]) for row in rows if row["event"] == "instructions" and row["status"] == "ok"]
    expect(len(values) == 1 and rows[0]["scope"] == "u", rows)
    return values[0]


def of_an_inference(guest, kernels):
    return counted(guest, f"{kernels}-2") - counted(guest, f"{kernels}-1")


def kernels_taken(guest):
    for core in ("POWER10", "POWER9"):
        expect_match(rf"^Core: {core}$", guest.text(f"{core}-1.txt"))
        expect_match(r" blas, 1 thread", guest.text(f"{core}-1.txt"))
    expect_match(r" onednn, 1 thread", guest.text("reference-1.txt"))


def at_most(share, ours, theirs):
    """`ours` takes at most that share of the instructions of `theirs`."""
    def check(guest):
        few, many = of_an_inference(guest, ours), of_an_inference(guest, theirs)
        figures = (f"ResNet-50 at {SIZE} x {SIZE}: {few / 1e6:.1f} million instructions an inference with {ours}, "
                   f"{many / 1e6:.1f} with {theirs}: {few / many:.3f} x")
        expect(0 < few <= share * many, figures)
        return figures
    return check


CHECKS = {
    "each took the kernels that it should": kernels_taken,
    "POWER10 (MMA): at most 0.6 x POWER9 (VSX)": at_most(0.6, "POWER10", "POWER9"),
    "POWER9 (VSX): at most 0.3 x oneDNN's own": at_most(0.3, "POWER9", "reference"),
}
