# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt classify as a user runs it: photos drawn here, a small network with generated weights."""
import csv
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess

import pytest

from conftest import BUILD, PERFWATT, SHARED, one_line, perfwatt, wait_for

if not (BUILD / "perfwatt-classify").exists():
    pytest.skip("SKIPPED LOUDLY: perfwatt-classify is not built", allow_module_level=True)

MODEL = "resnet14-synthetic"
NUMBER = r"[0-9]+\.[0-9]+"
LAST_LINES = re.compile(
    rf"(?P<network>Network: .*)\n(?P<accuracy>Accuracy: .*\n)?(?P<scenario>Scenario: .*\n)?(SKIPPED: (?P<skipped>\d+)\n)?"
    rf"Begin: \d\d:\d\d:\d\d\nEnd: \d\d:\d\d:\d\d\n(RIGHTS: (?P<rights>\d+)\nWRONGS: (?P<wrongs>\d+)\nACC: {NUMBER}\n)?"
    rf"Time Elapsed: {NUMBER}s\nImages/s: {NUMBER}\nLatency ms: p50 {NUMBER} p90 {NUMBER} p99 {NUMBER}\n\Z")


@pytest.fixture(scope="module", name="env")
def fixture_env(tmp_path_factory):
    """The network is generated once, into a cache of our own."""
    env = {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "OMP_WAIT_POLICY": "passive"}
    assert perfwatt("model", "fetch", MODEL, env=env).returncode == 0
    return env


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn(tmp_path_factory):
    """Seven photos, the fourth a text."""
    folder = tmp_path_factory.mktemp("photos")
    subprocess.run([BUILD / "draw-photos", folder, "--hotdogs", "4", "--others", "2"], check=True, timeout=120)
    (folder / "hotdog_0025.jpg").write_text("no photo")
    return folder


def classify(env, *args, **kwargs):
    return perfwatt("classify", "--model", MODEL, *args, env=env, **kwargs)


def answers(env, tmp_path, *args):
    """The rows of --csv, and the last lines."""
    result = classify(env, *args, "--csv", tmp_path / "x.csv")
    assert result.returncode == 0, result.stderr
    last = LAST_LINES.search(result.stdout)
    assert last, result.stdout
    return list(csv.DictReader((tmp_path / "x.csv").open(newline=""))), last


def assert_same(rows, others):
    """The same but for rounding: another batch may have other kernels."""
    for row, other in zip(rows, others, strict=True):
        assert {**row, "top1_prob": ""} == {**other, "top1_prob": ""}
        assert float(row["top1_prob"] or 0) == pytest.approx(float(other["top1_prob"] or 0), abs=1e-5)


def test_no_option_changes_an_answer_or_its_place(env, drawn, tmp_path):
    rows, last = answers(env, tmp_path, "--photos", drawn)
    assert [row["file"] for row in rows] == sorted(path.name for path in drawn.iterdir())
    assert [row["status"] == "not a JPEG file" for row in rows] == [row["file"] == "hotdog_0025.jpg" for row in rows]
    assert (last["skipped"], last["scenario"], last["rights"]) == ("1", None, None)
    assert last["network"].endswith("batch 1")
    expected = rows[0]["top1_label"]
    rights = sum(row["top1_label"] == expected for row in rows if row["top1"])
    for options in (["--batch", 2], ["--batch", 4, "--decode-threads", 4], ["--batch", 100], ["--decode-threads", 1],
                    ["--scenario", "single"], ["--scenario", "offline"], ["--scenario", "offline", "--batch", 3, "--repeat", 2]):
        others, last = answers(env, tmp_path, "--photos", drawn, "--expect", expected, *options)
        repeat = 2 if "--repeat" in options else 1
        assert int(last["rights"]) == rights * repeat and int(last["wrongs"]) == (6 - rights) * repeat
        assert (last["scenario"] is not None) == ("--scenario" in options)
        assert_same(rows, others)


def test_the_lines_before_the_last_ones_say_what_ran(env, drawn):
    single = LAST_LINES.search(classify(env, "--photos", drawn, "--threads", 1, "--scenario", "single").stdout)
    assert single["network"] == f"Network: {MODEL} fp32 onednn, 1 thread, batch 1"
    assert re.fullmatch(rf"Scenario: single, latency p90 {NUMBER} ms \(of the network alone\)\n", single["scenario"])
    offline = LAST_LINES.search(classify(env, "--photos", drawn, "--threads", 2, "--scenario", "offline").stdout)
    assert offline["network"] == f"Network: {MODEL} fp32 onednn, 2 threads, batch 8"
    assert re.fullmatch(rf"Scenario: offline, {NUMBER} images/s \(of the network alone; {NUMBER} with decoding\)\n",
                        offline["scenario"])


NEEDS = {"bf16": ("avx512_bf16",), "int8": ("avx512_vnni", "avx_vnni")}


@pytest.mark.parametrize("precision", NEEDS)
def test_a_precision_says_what_is_known_of_its_answers(env, drawn, precision):
    words = set(pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    if not words.intersection(NEEDS[precision]):
        assert "which" in one_line(classify(env, "--photos", drawn, "--precision", precision), 3)
        pytest.skip(f"SKIPPED LOUDLY: this CPU has no {precision}")
    first = classify(env, "--photos", drawn, "--precision", precision)
    last = LAST_LINES.search(first.stdout)
    assert last and last["network"].startswith(f"Network: {MODEL} {precision} onednn, ")
    again = classify(env, "--photos", drawn, "--precision", precision, "--batch", 2)
    if precision == "bf16":
        assert last["accuracy"] == "Accuracy: bf16, not compared with fp32\n"
        return
    assert re.fullmatch(r"Accuracy: int8, top-1 as fp32 on [0-6] of the 6 photos that it was calibrated on\n", last["accuracy"])
    assert "calibrated int8 on 6 photos, kept in " in first.stderr and "calibrated" not in again.stderr
    kept = re.search(r"kept in (.*)\n", first.stderr).group(1)
    pathlib.Path(kept).write_text("{", encoding="utf-8")
    assert "is made anew: it is broken" in classify(env, "--photos", drawn, "--precision", precision).stderr


@pytest.mark.parametrize("precision", NEEDS)
def test_a_precision_that_cannot_be_had_is_refused(env, drawn, precision):
    hidden = {**env, "ONEDNN_MAX_CPU_ISA": "AVX512_CORE"}
    if platform.machine() == "x86_64":
        assert f"oneDNN finds no {NEEDS[precision][0]}" in one_line(classify(hidden, "--photos", drawn, "--precision", precision), 3)
    assert f"the blas backend has no {precision}, only fp32" in one_line(
        classify(env, "--photos", drawn, "--precision", precision, "--backend", "blas"), 3)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="SKIPPED LOUDLY: oneDNN has one instruction set here")
@pytest.mark.parametrize("isa", ["SSE41", "AVX", "AVX2", "AVX512_CORE"])
def test_an_older_instruction_set_gives_the_same_answers(env, drawn, tmp_path, isa):
    rows, _ = answers(env, tmp_path, "--photos", drawn)
    others, _ = answers({**env, "ONEDNN_MAX_CPU_ISA": isa}, tmp_path, "--photos", drawn)
    assert_same(rows, others)


@pytest.mark.parametrize("options", [("--batch", 0), ("--batch", -1), ("--batch", 1000000), ("--decode-threads", 0),
                                     ("--threads", 1000000000),
                                     ("--decode-threads", 1000000), ("--scenario", "server"),
                                     ("--scenario", "single", "--batch", 2)])
def test_what_cannot_be_is_refused(env, drawn, options):
    one_line(classify(env, "--photos", drawn, *options), 2)


def test_photos_that_are_not_there(env, drawn, tmp_path):
    assert "no photo there" in one_line(classify(env, "--photos", tmp_path), 2)
    assert "none of the 1 photos can be read" in one_line(classify(env, drawn / "hotdog_0025.jpg", "--batch", 4), 2)


def test_a_photo_that_may_not_be_read(env, drawn, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("SKIPPED LOUDLY: root may read any file")
    unreadable = tmp_path / "secret.jpg"
    shutil.copy(drawn / "hotdog_000.jpg", unreadable)
    unreadable.chmod(0)
    result = classify(env, unreadable, drawn / "hotdog_000.jpg", "--batch", 2)
    assert result.returncode == 0 and "SKIPPED: 1" in result.stdout and "Permission denied" in result.stderr


def test_links_that_lead_nowhere_are_photos_that_cannot_be_read(env, drawn, tmp_path):
    folder = tmp_path / "links"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).symlink_to("nowhere")
    result = classify(env, folder)
    assert "none of the 2 photos can be read" in one_line(result, 2)
    assert "skipped a.jpg: cannot open: No such file or directory" in result.stderr
    (folder / "\x1b[31m.jpg").symlink_to(drawn / "hotdog_000.jpg")
    rows, last = answers(env, tmp_path, folder)
    assert last["skipped"] == "2" and [row["file"] for row in rows] == [" [31m.jpg", "a.jpg", "b.jpg"]
    assert [row["status"].split(":")[0] for row in rows[1:]] == ["cannot open"] * 2


def broken(stream, how, words, env, cwd):
    """perfwatt where that stream cannot be written: closed, a full disk, a pipe that nobody reads."""
    others = {"env": {**os.environ, **env}, "cwd": cwd, "text": True, "timeout": 120}
    if how == "closed":
        return subprocess.run(["sh", "-c", f'exec "$@" {stream}>&-', "sh", PERFWATT, *words], capture_output=True, check=False, **others)
    read, write = os.pipe()
    os.close(read)
    full = os.open("/dev/full", os.O_WRONLY)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, ("stdout", "stderr")[stream - 1]: full if how == "full" else write}
    result = subprocess.run([PERFWATT, *words], check=False, **streams, **others)
    os.close(write)
    os.close(full)
    return result


@pytest.mark.parametrize("how", ["closed", "full", "unread"])
def test_messages_that_cannot_be_written_change_nothing(env, drawn, tmp_path, how):
    good = ["classify", "--model", MODEL, "--csv", "x.csv", drawn / "hotdog_0025.jpg", drawn / "hotdog_000.jpg"]
    result = broken(2, how, good, env, tmp_path)
    assert result.returncode == 0 and LAST_LINES.search(result.stdout)["skipped"] == "1"
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 3
    for words in (["classify", "no.jpg"], ["classify", "--bad"], ["model", "path", "no"], ["model", "import", "no", "-o", "zz"]):
        result = broken(2, how, words, env, tmp_path)
        assert (result.returncode, result.stdout) == (2, "")
    assert broken(2, how, ["model", "path", MODEL], env, tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize("how", ["closed", "full"])
def test_answers_that_cannot_be_written_are_no_success(env, drawn, tmp_path, how):
    good = ["classify", "--model", MODEL, "--csv", "x.csv", drawn / "hotdog_000.jpg"]
    for words in (["classify", "--help"], ["model", "--help"], ["model", "list"], ["model", "path", MODEL], good):
        assert "standard output: cannot write" in one_line(broken(1, how, words, env, tmp_path), 1), words
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 2
    with open("/dev/full", "w", encoding="utf-8") as full:
        version = subprocess.run([BUILD / "perfwatt-classify", "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert "standard output: cannot write" in one_line(version, 1)


def many_photos(folder, drawn, count):
    """Links to a few photos: as many names, no disk."""
    folder.mkdir()
    photos = sorted(drawn.glob("*_00?.jpg"))
    for i in range(count):
        os.link(photos[i % len(photos)], folder / f"{i:06}.jpg")
    return folder


def start(env, *args, stdout=subprocess.PIPE):
    return subprocess.Popen([PERFWATT, "classify", "--model", MODEL, *map(str, args)], stdout=stdout,
                            stderr=subprocess.PIPE, text=True, env={**os.environ, **env})


def test_a_folder_that_vanishes_meanwhile(env, drawn, tmp_path):
    folder = many_photos(tmp_path / "many", drawn, 500)
    process = start(env, "--photos", folder, "--threads", 1, "--repeat", 3)
    for _ in range(3):
        assert ".jpg: " in process.stdout.readline()
    shutil.rmtree(folder)
    output, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    skipped = int(LAST_LINES.search(output)["skipped"])
    assert 0 < skipped < 497
    assert errors.count(": cannot open: No such file or directory") == skipped


def test_ctrl_c_ends_it_and_leaves_nothing(env, drawn, tmp_path):
    folder = many_photos(tmp_path / "many", drawn, 500)
    out = tmp_path / "out"
    out.mkdir()
    terminal, of_process = os.openpty()  # on which a line is seen when it is printed
    process = start(env, "--photos", folder, "--repeat", 100, "--decode-threads", 4, "--csv", out / "x.csv", stdout=of_process)
    os.close(of_process)
    wait_for(lambda: b".jpg: " in os.read(terminal, 65536))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == -signal.SIGINT
    assert not list(out.iterdir())


def max_rss_kb(env, folder, tmp_path, *options):
    """Without Winograd there is one kernel for each layer: nothing is tuned, which takes memory where it is done, and no run has others."""
    output = tmp_path / "output"
    with output.open("w") as file:
        process = subprocess.Popen([PERFWATT, "classify", "--model", MODEL, "--photos", folder, "--threads", "1", "--no-winograd", *options],
                                   stdout=file, cwd=tmp_path, env={**os.environ, **env})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


@pytest.mark.parametrize("options", [(), ("--batch", "8", "--decode-threads", "4", "--csv", "x.csv")])
def test_memory_does_not_grow_with_the_photos(env, drawn, tmp_path, options):
    few = max_rss_kb(env, many_photos(tmp_path / "few", drawn, 100), tmp_path, *options)
    many = max_rss_kb(env, many_photos(tmp_path / "many", drawn, 2100), tmp_path, *options)
    # 2000 photos of 224 x 224 are 300 MB; a name and a latency are 0.3 kB.
    assert many - few < 4000


def test_odd_photos_in_batches(env, tmp_path):
    odd = SHARED / "photos" / "odd-jpegs"
    if not odd.exists():
        pytest.skip("SKIPPED LOUDLY: no ../shared/photos/odd-jpegs beside this checkout")
    rows, last = answers(env, tmp_path, "--photos", odd)
    batched, other = answers(env, tmp_path, "--photos", odd, "--batch", 8, "--decode-threads", 4)
    assert last["skipped"] == other["skipped"]
    assert_same(rows, batched)


def regions_of(env, tmp_path, drawn, *options):
    out = tmp_path / "r.perfwatt"
    done = perfwatt("run", "-n", 1, "--warmup", 0, "--power", "none", "-e", "task-clock", "--force", "-o", out, "--", PERFWATT, "classify", "--model", MODEL,
                    "--threads", 1, "--photos", drawn, "--expect", "hotdog", *options, env=env)
    assert done.returncode == 0, done.stderr
    exported = json.loads(perfwatt("export", out, "--format", "json", "--out", "-").stdout)
    return {row["region"]: row for row in exported["region_summary"]}, exported["executions"]


def test_phases_and_layers_are_regions(env, drawn, tmp_path):
    phases, _ = regions_of(env, tmp_path, drawn)
    assert set(phases) == {"load", "decode", "preprocess", "predict", "top-1"}
    assert phases["predict"]["items"] == 6 and phases["decode"]["calls"] == 7
    with_layers, _ = regions_of(env, tmp_path, drawn, "--layers")
    layers = {name: row for name, row in with_layers.items() if name.startswith("predict/")}
    assert set(with_layers) - set(layers) == set(phases)
    assert len(layers) > 14 and all(row["calls"] == 6 and row["depth"] == 1 for row in layers.values())
    own = with_layers["predict"]["own_seconds"] + sum(row["seconds"] for row in layers.values())
    assert own == pytest.approx(with_layers["predict"]["seconds"], rel=1e-6)


def test_layers_change_no_answer(env, drawn, tmp_path):
    plain, _ = answers(env, tmp_path, "--photos", drawn)
    layered, _ = answers(env, tmp_path, "--photos", drawn, "--layers")
    assert plain == layered
