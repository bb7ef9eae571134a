# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt run -L: several variants of a command in one recording."""
import csv
import json
import re
import shutil
import sys

import pytest

from conftest import ahead_of_all_else, export, facts, one_line, perfwatt, record

VALUES = ("-L", "threads=1,2", "-L", "batch=1,8")


LOAD = 'exec:while :; do if [ -e "$LOAD" ]; then echo 350; else echo 250; fi; sleep 0.02; done'


def labels(rows):
    return list(dict.fromkeys(row["variant"] for row in rows))


def test_every_combination_is_a_variant_in_turn(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 2, *VALUES, "--items", "{batch}", "--capture", "said=(.*)",
                    command=("sh", "-c", 'echo "$PERFWATT_threads {batch} $0"', "{threads}/{batch}"))
    assert result.returncode == 0, result.stderr
    assert "x 4 variants (interleaved)" in result.stderr
    data = export(out, tmp_path / "csv")
    rows = data["executions"]
    assert list(rows[0])[-1] == "variant"
    tests = [[row["variant"] for row in rows if row["test"] == test and row["pass"] == "1"] for test in ("1", "2")]
    names = ["threads=1 batch=1", "threads=1 batch=8", "threads=2 batch=1", "threads=2 batch=8"]
    assert tests == [names, names[1:] + names[:1]]
    for row in rows:
        threads, batch = (part.split("=")[1] for part in row["variant"].split())
        assert (row["items"], row["said"]) == (batch, f"{threads} {batch} {threads}/{batch}")
    assert labels(data["summary"]) == names
    known = facts(data)
    assert known["variant.3.label"] == names[3] and known["procedure.order"] == "interleaved"
    assert known["variant.3.command"].endswith("'2/8'") or known["variant.3.command"].endswith("2/8")
    for table in ("counters", "energy", "states", "validity", "findings"):
        header = (tmp_path / "csv" / f"{table}.csv").read_text().splitlines()[0]
        assert header.endswith(",variant"), table


def test_the_counts_of_a_variant_are_its_own(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2, "-e", "page-faults", "-L", "kib=4,65536",
                  command=(sys.executable, "-c", "bytearray({kib} << 10)")).returncode == 0
    data = export(out, tmp_path / "csv")
    means = {row["variant"]: float(row["mean"]) for row in data["summary"] if row["quantity"] == "page-faults" and row["mean"]}
    if means:
        assert means["kib=65536"] > means["kib=4"]
    assert labels(data["counters"]) == ["kib=4", "kib=65536"]


def test_show_has_a_line_each_and_all_of_one(tmp_path):
    out = tmp_path / "r.perfwatt"
    shown = record(out, "-n", 3, "-L", "n=1,2", command=("true", "{n}"))
    assert shown.returncode == 0, shown.stderr
    assert "n=1" in shown.stdout and "n=2" in shown.stdout and "speed" in shown.stdout
    assert shown.stdout.startswith("true {n}: ")
    other = perfwatt("show", out, "--reference", "n=2").stdout
    assert "against n=2" in other
    one = perfwatt("show", out, "--variant", "n=2").stdout
    assert "true 2" in one and "elapsed" in one
    assert "no variant is 'n=3'" in one_line(perfwatt("show", out, "--variant", "n=3"), 2)
    plain = tmp_path / "plain.perfwatt"
    assert record(plain, "-n", 1).returncode == 0
    assert "no variants" in one_line(perfwatt("show", plain, "--variant", "n=1"), 2)


def first_line(recording, *options):
    return " ".join(perfwatt("show", recording, *options).stdout.split("\n  command")[0].split())


def test_show_begins_with_a_verdict(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 8, "-L", "s=0.3,0.01,0.1", "--label", "naps", command=("sleep", "{s}"), preexec_fn=ahead_of_all_else).returncode == 0
    assert re.fullmatch(r"naps: s=0.01 is fastest, \d[\d.]* \([\d.]+ to [\d.]+\) times as fast as s=0.1, the next\.", first_line(out))
    blocked = tmp_path / "b.perfwatt"
    assert record(blocked, "-n", 8, "-L", "s=0.3,0.01", "--order", "blocked", command=("sleep", "{s}"), preexec_fn=ahead_of_all_else).returncode == 0
    assert re.search(r"s=0.01 is fastest, .* times as fast as s=0.3\. With care: one variant ran after the other", first_line(blocked))
    few = tmp_path / "f.perfwatt"
    assert record(few, "-n", 1, "-L", "s=0.3,0.01", command=("sleep", "{s}")).returncode == 0
    assert "which of s=0.01 and s=0.3 is fastest cannot be told (1 and 1 values" in first_line(few)
    one = tmp_path / "o.perfwatt"
    assert record(one, "-n", 2, "-L", "s=0.01", command=("sleep", "{s}")).returncode == 0
    assert "there is one variant." in first_line(one)


def test_json_names_them(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 2, "-L", "n=1,2", "--prepare", "true", command=("true", "{n}")).returncode == 0
    document = json.loads(perfwatt("export", out, "--format", "json", "--out", "-").stdout)
    assert [one["label"] for one in document["variants"]] == ["n=1", "n=2"]
    assert document["variants"][1] == {"label": "n=2", "values": {"n": "2"}, "command": ["true", "2"]}
    assert document["experiment"]["command"] == ["true", "{n}"]
    assert {row["variant"] for row in document["executions"]} == {"n=1", "n=2"}
    assert all("variant" not in rule for one in document["validity"] for rule in one["rules"])
    assert {one["command_of"] for one in document["interludes"]} == {"prepare"}


def test_without_values_nothing_is_put_in(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 1, "--capture", "said=(.*)", command=("echo", "{{n}} {n}")).returncode == 0
    data = export(out, tmp_path / "csv")
    assert data["executions"][0]["said"] == "{{n}} {n}"
    assert "variant" not in data["executions"][0]
    document = json.loads(perfwatt("export", out, "--format", "json", "--out", "-").stdout)
    assert not {"variants", "interludes", "procedure"} & set(document)


def commands_log(tmp_path, *options, command=("true",)):
    log = tmp_path / "log"
    result = record(tmp_path / "r.perfwatt", *options, command=command, env={"LOG": str(log)})
    return result, log.read_text().split() if log.exists() else []


def test_commands_stand_around_the_tests(tmp_path):
    result, log = commands_log(tmp_path, "-n", 1, "-L", "n=1,2", "--setup", "echo S{n} >> $LOG", "--prepare", "echo P$PERFWATT_n >> $LOG",
                               "--conclude", "echo C{n} >> $LOG", "--cleanup", "echo U{n} >> $LOG", command=("sh", "-c", "echo X{n} >> $LOG"))
    assert result.returncode == 0, result.stderr
    passes = log.count("X1") - 1
    rounds = [step for turn in range(passes) for n in ("12" if turn % 2 == 0 else "21") for step in (f"P{n}", f"X{n}", f"C{n}")]
    assert log == ["S1", "P1", "X1", "C1", "S2", "P2", "X2", "C2", *rounds, "U1", "U2"]


def test_a_command_that_fails_is_one_line(tmp_path):
    result, log = commands_log(tmp_path, "-n", 2, "--prepare", "echo no disk; exit 3", "--cleanup", "echo U >> $LOG")
    line = one_line(result, 4)
    assert "the command of --prepare at the warm-up failed with exit status 3: no disk" in line
    assert log == ["U"]
    result = record(tmp_path / "c.perfwatt", "-n", 2, "--cleanup", "exit 3")
    assert "the command of --cleanup failed with exit status 3" in one_line(result, 4)
    assert len(export(tmp_path / "c.perfwatt", tmp_path / "csv")["executions"]) >= 2


def test_a_variant_that_always_fails_lets_the_others_go_on(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 2, "-L", "status=0,7", command=("sh", "-c", "exit {status}"))
    assert result.returncode == 4
    assert "status=7: its warm-up failed" in result.stdout + result.stderr or "1 failed" in result.stdout
    assert one_line(result, 4).startswith("perfwatt: sh: the warm-up of 1 of 2 variants failed, and it was not tested: status=7; perfwatt show")
    assert labels(export(out, tmp_path / "csv")["executions"]) == ["status=0"]
    result = record(tmp_path / "w.perfwatt", "-n", 2, "--warmup", 0, "-L", "status=0,7", command=("sh", "-c", "exit {status}"))
    assert result.returncode == 4
    assert labels(export(tmp_path / "w.perfwatt", tmp_path / "w")["executions"]) == ["status=0", "status=7"]
    assert "the command failed in at least one test" in one_line(result, 4)
    count = "echo >>$1; test $(wc -l <$1) -lt 2 || exit $0"  # from the second time on
    result = record(tmp_path / "b.perfwatt", "-n", 2, "-L", "status=0,7", command=("sh", "-c", count, "{status}", tmp_path / "log-{status}"))
    assert "the command failed in at least one test" in one_line(result, 4) and "warm-up" not in one_line(result, 4)
    either = 'test $0 != 5 || exit 5; ' + count
    result = record(tmp_path / "d.perfwatt", "-n", 2, "-L", "status=0,5,7", command=("sh", "-c", either, "{status}", tmp_path / "again-{status}"))
    assert "1 of 3 variants failed, and it was not tested: status=5; and of the others the command failed in at least one test" in one_line(result, 4)
    assert "in the warm-up of every variant" in one_line(
        record(tmp_path / "a.perfwatt", "-L", "status=6,7", command=("sh", "-c", "exit {status}")), 4)


@pytest.mark.parametrize("options, status, words", [
    (("-L", "n="), 2, "n has no value"),
    (("-L", "n=1,,2"), 2, "a value is empty"),
    (("-L", "n=1", "-L", "n=2"), 2, "'n' is named twice"),
    (("-L", "n=1..3,2"), 2, "two variants are 'n=2'"),
    (("-L", "n=1", "--vary", "n=2"), 2, "'n' is named twice"),
    (("-L", "n=8..1"), 2, "goes down"),
    (("-L", "n=1..8*1"), 2, "never ends"),
    (("-L", "n=1..100", "-L", "m=1..100"), 2, "10,000 variants; 1,000 are the most"),
    (("-L", "n=1..101", "-L", "m=1..100", "--most-variants", "10000"), 2, "10,100 variants; 10,000 are the most"),
    (("-L", "m=1"), 2, "{n} is no name of -L or --vary"),
    (("-L", "n=1", "--order", "sideways"), 2, "'sideways' is no order"),
    (("-L", "n=@/nowhere"), 2, "No such file"),
    (("-L", "n=1", "--input", "{n}.txt"), 2, "--input 1.txt"),
    (("-L", "n=one", "--items", "{n}"), 2, "'one' is not a number"),
])
def test_bad_input_is_one_line(tmp_path, options, status, words):
    assert words in one_line(record(tmp_path / "r.perfwatt", *options, command=("true", "{n}"), cwd=tmp_path), status)
    assert not list(tmp_path.iterdir())


def test_a_program_that_is_not_there_is_told_before_anything_starts(tmp_path):
    line = one_line(record(tmp_path / "r.perfwatt", "-L", "build=true,./new", command=("{build}",), cwd=tmp_path), 4)
    assert "./new" in line and not list(tmp_path.iterdir())


def test_odd_values_come_through(tmp_path):
    out, odd = tmp_path / "r.perfwatt", "a'\"\n\x1b[31m,<script>‮"
    assert record(out, "-n", 2, "-L", "x=" + odd.replace(",", "\\,") + ",b", "--capture", "said=([0-9]+)",
                  command=(sys.executable, "-c", "import sys; print(len(sys.argv[1]))", "{x}")).returncode == 0
    data = export(out, tmp_path / "csv")
    assert [row["said"] for row in data["executions"][:1]] == [str(len(odd))]
    shown = perfwatt("show", out).stdout
    assert "\x1b" not in shown and "‮" not in shown
    with (tmp_path / "csv" / "executions.csv").open(newline="") as file:
        assert all(len(row) == len(data["executions"][0]) for row in csv.reader(file))


WORK = ("--rows", "capture/work", "--better", "capture/work=lower")


def compared(recording, *options):
    result = perfwatt("compare", recording, *options, "--format", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["variants"]


def work_row(comparison):
    return next(row for row in comparison["rows"] if row["quantity"] == "capture/work")


def two_by_two(tmp_path, *options):
    """n does the work, m does nothing."""
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 8, "--warmup", 0, "-e", "page-faults", "-L", "n=1,2", "-L", "m=x,y", "--capture", "work=([0-9]+)", *options,
                    command=("echo", "{n}00"))
    assert result.returncode == 0, result.stderr
    return out


def test_compare_has_a_verdict_for_each_variant(tmp_path):
    out = two_by_two(tmp_path)
    said = compared(out, "--reference", "n=1", *WORK)
    assert [(one["variant"], one["reference"], one["other_values"]) for one in said] == [
        ("n=2 m=x", "n=1 m=x", ["n"]), ("n=2 m=y", "n=1 m=y", ["n"])]
    for one in said:
        row = work_row(one)
        assert (one["basis"], row["verdict"], row["ratio"], row["variant"]) == ("interleaved", "worse", pytest.approx(2), one["variant"])
    rows = list(csv.DictReader(perfwatt("compare", out, "--reference", "n=1", *WORK, "--format", "csv").stdout.splitlines()))
    assert labels(rows) == ["n=2 m=x", "n=2 m=y"] and {row["basis"] for row in rows} == {"interleaved"}
    text = perfwatt("compare", out, "--reference", "n=1 m=x", *WORK).stdout
    assert "n=2 m=y against n=1 m=x" in text and "n and m are not the same" in text and text.count("are not the same:") == 1
    assert "## n=2 m=x against n=1 m=x" in perfwatt("compare", out, "--reference", "n=1", *WORK, "--format", "markdown").stdout
    failed = perfwatt("compare", out, "--reference", "n=1", *WORK, "--fail-if", "capture/work>50%")
    assert failed.returncode == 5 and failed.stderr.count("n=2 m=") == 2


def test_compare_takes_one_variant_of_each_recording(tmp_path):
    out = two_by_two(tmp_path)
    assert "4 of its variants are meant" in one_line(perfwatt("compare", "--aa", out), 2)
    assert "no variant is 'n=3'" in one_line(perfwatt("compare", out, "--reference", "n=3"), 2)
    assert "every variant is a reference" in one_line(perfwatt("compare", two_labels(tmp_path), "--reference", "m=x"), 2)
    same = perfwatt("compare", out, "--with", out, "--variant", "n=2 m=x", "--format", "json")
    assert same.returncode == 0 and json.loads(same.stdout)["basis"] == "one-session"
    plain = tmp_path / "plain.perfwatt"
    assert record(plain, "-n", 1).returncode == 0
    assert "the recording has no variants" in one_line(perfwatt("compare", plain, "--reference", "n=1"), 2)
    for options in (("--with", plain), ("--variant", "n=1"), (plain,)):
        one_line(perfwatt("compare", out, "--reference", "n=1", *options), 2)


def two_labels(tmp_path):
    out = tmp_path / "labels.perfwatt"
    assert record(out, "-n", 1, "--warmup", 0, "-e", "page-faults", "-L", "n=1,2", "-L", "m=x", command=("true",)).returncode == 0
    return out


def test_nothing_mixes_variants(tmp_path):
    out = two_labels(tmp_path)
    for options in (("-M", "ipc"), ("--findings",), ("--verbose",)):
        shown = perfwatt("show", out, *options)
        assert shown.returncode == 0, shown.stderr
        assert "n=1 m=x" in shown.stdout and "n=2 m=x" in shown.stdout
        one = perfwatt("show", out, *options, "--variant", "n=2")
        assert one.returncode == 0 and "n=1" not in one.stdout.replace("(n=2 m=x)", "")
    bench = perfwatt("export", out, "--format", "gobench", "--out", "-").stdout
    assert "\nBenchmarkTrue/n=1/m=x 1 " in bench and "\nBenchmarkTrue/n=2/m=x 1 " in bench
    prometheus = perfwatt("export", out, "--format", "prometheus", "--out", "-").stdout
    assert 'variant="n=1 m=x"' in prometheus and 'variant="n=2 m=x"' in prometheus
    groups = json.loads(perfwatt("history", out, out, "--format", "json").stdout)
    assert "(n=1 m=x)" in json.dumps(groups) and "(n=2 m=x)" in json.dumps(groups)


@pytest.mark.skipif(not shutil.which("gnuplot"), reason="SKIPPED LOUDLY: no gnuplot (scripts/setup test)")
def test_each_has_a_folder_of_figures(tmp_path):
    drawn = perfwatt("plot", two_labels(tmp_path), "--out", tmp_path / "figures")
    assert drawn.returncode == 0, drawn.stderr
    assert {path.parent.name for path in (tmp_path / "figures").rglob("time-elapsed.svg")} == {"n-1-m-x", "n-2-m-x"}
    with (tmp_path / "figures" / "scan-elapsed.csv").open(newline="") as file:
        assert [(row["value"], row["label"]) for row in csv.DictReader(file)] == [("1", "m=x"), ("2", "m=x")]
    out = tmp_path / "one.perfwatt"
    assert record(out, "-n", 1, "-e", "page-faults", "-L", "n=0,1", command=("sh", "-c", "exit {n}")).returncode == 4
    drawn = perfwatt("plot", out, "--out", tmp_path / "one")  # a single point
    assert drawn.returncode == 0 and (tmp_path / "one" / "scan-elapsed.svg").stat().st_size > 0, drawn.stderr


def test_energy_is_that_of_each_variant(tmp_path):
    """100 W over idle while n tenths of a second of work are done; none while --prepare runs, which is no idle time either."""
    out = tmp_path / "r.perfwatt"
    result = perfwatt("run", "-o", out, "--power", LOAD, "--rate", 20, "--idle", 2, "-n", 3, "-e", "page-faults", "-L", "n=8,16", "--prepare",
                      'touch "$LOAD"; sleep 0.3; rm "$LOAD"', "--", "sh", "-c", 'touch "$LOAD"; sleep $(({n} / 10)).$(({n} % 10)); rm "$LOAD"',
                      env={"LOAD": str(tmp_path / "load")})
    assert result.returncode == 0, result.stderr
    data = export(out, tmp_path / "csv")
    rows = [row for row in data["energy"] if row["net_j"]]
    assert rows
    for row in rows:
        seconds, net, off = (float(row[name]) for name in ("seconds", "net_j", "net_uncertainty_j"))
        assert seconds >= {"n=8": 0.8, "n=16": 1.6}[row["variant"]]
        assert abs(net - 100 * seconds) <= 2 * off + 12
    assert {row["variant"] for row in data["energy"]} == {"n=8", "n=16"}
    if labels(rows) == ["n=8", "n=16"]:
        said = next(row for row in compared(out, "--reference", "n=8")[0]["rows"] if row["quantity"].endswith("energy-net"))
        assert 1 < said["ratio"] < 4
    shown = perfwatt("show", out).stdout
    assert "net energy" in shown and "of exec/watts, net of idle" in shown


def test_two_hundred_variants(tmp_path):
    out = tmp_path / "r.perfwatt"
    result = record(out, "-n", 1, "--warmup", 0, "-e", "page-faults", "-L", "n=1..200", command=("true", "{n}"))
    assert result.returncode == 0, result.stderr
    lines = [line for line in result.stdout.splitlines() if line.startswith("  n=")]
    assert [line.split()[0] for line in lines] == [f"n={n}" for n in range(1, 201)]
    assert len(compared(out, "--reference", "n=7")) == 199
    assert len(labels(export(out, tmp_path / "csv")["summary"])) == 200


SLOWER = """
import pathlib, sys
count = pathlib.Path(sys.argv[1])
number = int(count.read_text() or 0) + 1 if count.exists() else 1
count.write_text(str(number))
print("work:", sum(1 for _ in range(100 * number)))
"""


def work_of_equal_variants(tmp_path, order):
    """Means of two equal variants of a program that does more each time that it runs, and what compare says of them."""
    out = tmp_path / f"{order}.perfwatt"
    result = record(out, "-n", 6, "--warmup", 1, "-e", "page-faults", "-L", "side=a,b", "--order", order, "--capture", "work=work: ([0-9]+)",
                    command=(sys.executable, "-c", SLOWER, tmp_path / order))
    assert result.returncode == 0, result.stderr
    rows = export(out, tmp_path / f"{order}-csv")["summary"]
    means = {row["variant"]: float(row["mean"]) for row in rows if row["quantity"] == "capture/work"}
    return means, compared(out, "--reference", "side=a", *WORK)[0]


def test_interleaving_removes_a_drift_that_blocks_show(tmp_path):
    means, said = work_of_equal_variants(tmp_path, "blocked")
    assert means["side=b"] > 1.5 * means["side=a"]
    assert (said["basis"], work_row(said)["verdict"]) == ("one-session", "differs")
    means, said = work_of_equal_variants(tmp_path, "interleaved")
    assert means["side=b"] == pytest.approx(means["side=a"], rel=1e-9)
    assert (said["basis"], work_row(said)["verdict"]) == ("interleaved", "cannot-tell")


def test_vary_draws_a_value_a_test(tmp_path):
    out = tmp_path / "r.perfwatt"
    assert record(out, "-n", 5, "-L", "n=1,2", "--vary", "pad=x,yy", "--capture", "pad=pad (.*)",
                  command=("echo", "pad {pad}")).returncode == 0
    data = export(out, tmp_path / "csv")
    drawn = {(row["test"], row["pass"], row["variant"]): row["value"] for row in data["states"] if row["key"] == "vary_pad"}
    for row in data["executions"]:
        assert row["pad"] == drawn[row["test"], row["pass"], row["variant"]]
    assert all(len({value for (test, _, _), value in drawn.items() if test == one}) == 1 for one in "12345")


def test_recordings_are_compared_variant_by_variant(tmp_path):
    old, new, plain = (tmp_path / f"{name}.perfwatt" for name in ("old", "new", "plain"))
    assert record(old, "-n", 3, "-L", "s=0.01,0.02,0.03", command=("sleep", "{s}")).returncode == 0
    assert record(new, "-n", 3, "-L", "s=0.02,0.03,0.04", command=("sleep", "{s}")).returncode == 0
    text = perfwatt("compare", old, "--with", new).stdout
    assert "s=0.01, s=0.04" in text and "of 2 of 2 variants" in text
    document = json.loads(perfwatt("compare", old, "--with", new, "--format", "json").stdout)
    assert [one["variant"] for one in document["variants"]] == ["s=0.02", "s=0.03"]
    assert document["unmatched"] == ["s=0.01", "s=0.04"]
    ratios = [row["ratio"] for one in document["variants"] for row in one["rows"] if row["quantity"] == "elapsed"]
    mean = next(one for one in document["geometric_means"] if one["quantity"] == "elapsed")
    assert mean["ratios"] == 2 and abs(mean["ratio"] - (ratios[0] * ratios[1]) ** 0.5) < 1e-12
    assert record(plain, "-n", 2, command=("sleep", "0")).returncode == 0
    assert "no variant is in recordings of both sides" in one_line(perfwatt("compare", old, "--with", plain), 2)


def test_until_it_is_decided(tmp_path):
    out = tmp_path / "r.perfwatt"
    run = record(out, "--until-decided", "elapsed 20%", "-e", "task-clock", "-L", "s=0.02,0.2", command=("sleep", "{s}"))
    assert run.returncode == 0, run.stderr
    assert "until it is decided within 20 %" in run.stderr
    data = export(out, tmp_path / "csv")
    assert 5 <= max(int(row["test"]) for row in data["executions"]) < 100
    assert facts(data)["procedure.until-decided"] == "elapsed 20%"
    compared = perfwatt("compare", out, "--reference", "s=0.02")
    assert "ended by" in compared.stdout and "--until-decided elapsed 20%" in compared.stdout
    one = json.loads(perfwatt("compare", out, "--reference", "s=0.02", "--format", "json").stdout)["variants"][0]
    assert one["stop_rule"] == "--until-decided elapsed 20%"
    elapsed = next(row for row in one["rows"] if row["quantity"] == "elapsed")
    assert elapsed["verdict"] == "worse" and elapsed["p"] <= 0.05


def test_a_rule_that_decides_nothing(tmp_path):
    out = tmp_path / "r.perfwatt"
    for options, words in ((("-L", "s=0"), "no two variants"), (("-L", "s=0,1", "--order", "blocked"), "blocked"),
                           (("-L", "s=0,1", "--stop-when", "elapsed:1%"), "two rules"), (("-L", "s=0,1", "-n", 3), "5 tests")):
        run = record(out, "--until-decided", "elapsed 2%", *options, command=("sleep", "{s}"))
        assert words in one_line(run, 2)
        assert not out.exists()
