# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of perfwatt report, opened in a browser: its numbers are those of export."""
import base64
import csv
import hashlib
import http.server
import io
import json
import re
import shutil
import sqlite3
import struct
import subprocess
import threading

import pytest
from browser import NODE, why_none
from conftest import PERFWATT, SOURCE, export, one_line, perfwatt

# 200 W, and 300 W while the file BUSY is there, a watt more each second time.
METER = "exec:i=0; while :; do i=$((1 - i)); if [ -e $PERFWATT_TEST_BUSY ]; then echo $((300 + i)); else echo $((200 + i)); fi; sleep 0.02; done"
METER_NAME = "exec/watts/"
TESTS = 4
COMMAND = ("sh", "-c", "echo ACC: 0.8; echo T: $$; touch $PERFWATT_TEST_BUSY; sleep 0.5; rm $PERFWATT_TEST_BUSY")
NUMBERS = ("n", "mean", "ci95_low", "ci95_high", "median", "min", "max", "stddev", "cv", "outliers")

pytestmark = pytest.mark.skipif(perfwatt("report", "/no").returncode == 3, reason="SKIPPED LOUDLY: this perfwatt was built without the page")


def run(out, *options, command=COMMAND, power=METER):
    result = perfwatt("run", "-o", out, "-n", TESTS, "--warmup", 1, "--idle", 0.5, "--power", power, "-e", "task-clock,page-faults,context-switches",
                      *options, "--", *command, env={"PERFWATT_TEST_BUSY": str(out.parent / "busy")})
    assert result.returncode == 0, result.stderr
    return out


def report(*words):
    result = perfwatt("report", *words)
    assert result.returncode == 0, result.stderr
    return result


def data_of(page):
    """What the program wrote into the page."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.S)
    return json.loads(text)


def column(text, kind):
    raw = base64.b64decode(text)
    return list(struct.unpack(f"<{len(raw) // struct.calcsize(kind)}{kind}", raw))


def number(text):
    """Of a cell; of one that has none, None."""
    return float(text) if text not in ("", None, "–") else None


@pytest.fixture(name="measured", scope="module")
def measured_once(tmp_path_factory):
    """(recording, page, what export has)"""
    folder = tmp_path_factory.mktemp("report")
    recording = run(folder / "r.perfwatt", "--items", 7, "--capture", "acc=ACC: ([0-9.]+)", "--capture", "t=T: ([0-9]+)")
    report(recording, "-o", folder / "r.html")
    return recording, folder / "r.html", export(recording, folder / "csv")


def shown_rows(browser):
    """Of the table of all quantities: {quantity: {field: its number to the last digit}}"""
    return browser.eval("""Object.fromEntries([...document.querySelectorAll('#quantities tbody tr')].map((row) => [row.dataset.quantity,
        Object.fromEntries([...row.querySelectorAll('[data-field]')].map((one) => [one.dataset.field, one.getAttribute('value')]))]))""")


def behind(browser, card):
    """The rows of the table behind a picture: each cell's number, or its text."""
    return browser.eval(f"""(() => {{
        const details = document.querySelector({json.dumps(card + " details.behind")});
        details.open = true;
        return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done([...details.querySelectorAll('tbody tr')].map((row) =>
            [...row.children].map((cell) => cell.querySelector('data')?.getAttribute('value') ?? cell.textContent)))))); }})()""")


def card(quantity):
    return f'.card[data-quantity="{quantity}"]'


def test_all_quantities_are_those_of_the_summary(browser, measured):
    _, page, data = measured
    browser.open(page)
    shown = shown_rows(browser)
    assert list(shown) == [row["quantity"] for row in data["summary"]]
    for row in data["summary"]:
        assert {field: number(shown[row["quantity"]][field]) for field in NUMBERS} == {field: number(row[field]) for field in NUMBERS}, row
    (words,) = browser.do(["eval", "[...document.querySelectorAll('#quantities tbody tr')].map((row) => [...row.children].slice(-2).map((one) => one.textContent))"])
    assert words == [[row["status"], row["reason"]] for row in data["summary"]]


def csv_rows(text):
    """Numbers as such: JavaScript writes them in another way."""
    return [[float(field) if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", field) else field for field in row] for row in csv.reader(io.StringIO(text))]


def test_copy_is_the_csv_of_export(browser, measured):
    recording, page, _ = measured
    browser.open(page)
    browser.eval("(navigator.clipboard ??= {}), (Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void (window.copied = text) } }), 0)")
    browser.do(["click", "#quantities button:text('Copy as CSV')"])
    copied = browser.eval("window.copied")
    result = perfwatt("export", recording, "--tables", "summary", "--out", "-")
    assert csv_rows(copied) == csv_rows(result.stdout)


def test_the_figures_that_matter_are_those_of_the_summary(browser, measured):
    _, page, data = measured
    means = {row["quantity"]: number(row["mean"]) for row in data["summary"]}
    browser.open(page)
    shown = browser.eval("[...document.querySelectorAll('.figure')].map((one) => [one.dataset.quantity, one.querySelector('data')?.value])")
    assert 3 <= len(shown) <= 5 and all(means[quantity] == number(value) for quantity, value in shown), shown


def test_each_picture_of_tests_has_the_numbers_of_export(browser, measured):
    _, page, data = measured
    browser.open(page)
    expected = {"elapsed": {row["test"]: row["elapsed_s"] for row in data["executions"]}}
    for event, unit in (("task-clock", 1e-9), ("page-faults", 1)):
        expected[event] = {row["test"]: float(row["value"]) * unit for row in data["counters"] if row["event"] == event}
    for kind in ("gross", "net"):
        expected[f"{METER_NAME}energy-{kind}"] = {row["test"]: row[f"{kind}_j"] for row in data["energy"]}
    for quantity, values in expected.items():
        rows = behind(browser, card(quantity))
        assert {row[0]: number(row[1]) for row in rows} == pytest.approx({test: number(value) for test, value in values.items()}, rel=1e-12), quantity
    uncertain = behind(browser, card(f"{METER_NAME}energy-net"))
    assert [number(row[2]) for row in uncertain] == [number(row["net_uncertainty_j"]) for row in data["energy"]]


def test_power_over_time_is_that_of_export(browser, measured):
    _, page, data = measured
    (channel,) = data_of(page)["recordings"][0]["channels"]
    readings = [row for row in data["power"] if row["watts"]]
    assert column(channel["time"], "d") == pytest.approx([float(row["time_s"]) for row in readings], abs=1e-9)
    assert column(channel["mean"], "f") == pytest.approx([float(row["watts"]) for row in readings], rel=1e-6)
    browser.open(page)
    rows = behind(browser, "#power")
    shown = [(row[0], number(row[5]), number(row[6]), number(row[7])) for row in rows if row[0] != "0"]
    assert shown == [(row["test"], number(row["mean_w"]), number(row["peak_w"]), number(row["idle_w"])) for row in data["energy"]]


METERS = ("exec:echo watts,outlet2_watts; while :; do echo 200,7; sleep 0.02; echo 203,9.5; sleep 0.02; done", "outlet2_watts")
STACK = json.loads((SOURCE / "data/events/power9/metrics.json").read_text())["metrics"]


def as_power9(recording):
    """As if it had been made on a POWER9 with every event of its CPI stack: whatever counts, as no machine is like another."""
    names = sorted({event for metric in STACK for event in metric["events"].values()})
    with sqlite3.connect(recording) as data:
        data.executemany("UPDATE facts SET value = ? WHERE section = 'machine' AND key = ?", (("ppc64le", "arch"), ("POWER9, altivec supported", "cpu_model")))
        first = dict(zip((one[1] for one in data.execute("PRAGMA table_info(events)")), data.execute("SELECT * FROM events").fetchone()))
        data.execute("DELETE FROM events WHERE status != 'ok'")
        at = data.execute("SELECT max(id) + 1 FROM events").fetchone()[0]
        for i, name in enumerate(names, at):
            row = {**first, "id": i, "name": name, "hardware_event": name, "meaning": "", "unit": "", "software": 0, "floor": None}
            data.execute(f"INSERT INTO events VALUES({','.join('?' * len(row))})", list(row.values()))
            count = {"cycles": 2_000_000_000, "instructions": 1_000_000_000}.get(name, 9_000_000 + 37_003 * i)
            data.executemany("INSERT INTO readings VALUES(?, ?, ?, 1000000000, 1000000000, 'ok', '')",
                             [(execution, i, count + 1_000_003 * (execution * (i + 3) % 7)) for (execution,) in data.execute("SELECT id FROM executions").fetchall()])
    data.close()
    return recording


def exported_json(recording):
    return json.loads(perfwatt("export", recording, "--format", "json", "--out", "-").stdout)


@pytest.fixture(name="stack", scope="module")
def power9_stack(tmp_path_factory):
    """(page, what export's JSON has) of a CPI stack and a meter of two channels."""
    folder = tmp_path_factory.mktemp("stack")
    recording = as_power9(run(folder / "s.perfwatt", power=METERS[0]))
    report(recording, "-o", folder / "s.html")
    return folder / "s.html", exported_json(recording)


def counts_of(document):
    """{event: {test: its count}}"""
    counts = {}
    for row in document["counters"]:
        if row["value"] is not None:
            counts.setdefault(row["event"], {})[row["test"]] = float(row["value"])
    return counts


def test_metrics_are_those_of_json(browser, stack):
    page, document = stack
    counts, means = counts_of(document), {row["quantity"]: row["mean"] for row in document["summary"]}
    seconds = {row["test"]: row["elapsed_s"] for row in document["executions"]}
    expected = {"ipc": {test: counts["instructions"][test] / counts["cycles"][test] for test in seconds},
                "frequency": {test: counts["cycles"][test] / counts["task-clock"][test] for test in seconds},
                "cpus-used": {test: counts["task-clock"][test] / 1e9 / seconds[test] for test in seconds}}
    browser.open(page)
    shown = browser.eval("[...document.querySelectorAll('#metrics .card')].map((one) => [one.dataset.quantity, Number(one.querySelector('figcaption data').value)])")
    assert dict(shown) == {name: means[name] for name, _ in shown} and set(expected) <= set(dict(shown))
    for name, values in expected.items():
        assert {int(row[0]): float(row[1]) for row in behind(browser, card(name))} == pytest.approx(values, rel=1e-12), name


def shown_trees(browser):
    """Of each tree: [key, depth, mean, share of what is above, share of all], the shares in percent as they are shown."""
    return browser.eval("""[...document.querySelectorAll('#metrics .tree')].map((tree) => [...tree.querySelectorAll('tbody tr')].map((row) => {
        const name = row.querySelector('[title]');
        return [name.title, Math.round(parseFloat(name.style.paddingLeft || '0') / 1.25), Number(row.querySelector('[data-field=mean]').getAttribute('value')),
            row.cells[3].textContent, row.cells[4].textContent]; }))""")


def test_trees_are_those_of_json(browser, stack):
    page, document = stack
    counts = counts_of(document)
    tests = sorted(counts["cycles"])
    known = {metric["key"]: metric for metric in STACK}
    browser.open(page)
    trees = shown_trees(browser)
    assert [tree[0][0] for tree in trees] == ["cpi-stack", "issue-held"] and len(trees[0]) > 80
    for tree in trees:
        above = {}  # the row of each depth that was met last
        parts = {}  # of each whole
        for key, depth, mean, of_parent, of_all in tree:
            above[depth] = (key, mean)
            if key in known:
                metric = known[key]
                values = [eval(metric["formula"], {}, {name: counts[event][test] for name, event in metric["events"].items()}) for test in tests]  # the house's data
                assert mean == pytest.approx(sum(values) / len(values), rel=1e-9), key
            if depth > 0:
                parts.setdefault(above[depth - 1], []).append(mean)
                assert float(of_parent.split()[0].replace(",", "")) == pytest.approx(100 * mean / above[depth - 1][1], abs=0.06), key
                assert float(of_all.split()[0].replace(",", "")) == pytest.approx(100 * mean / above[0][1], abs=0.06), key
        for (key, whole), means in parts.items():
            assert sum(means) == pytest.approx(whole, rel=1e-9), key


def test_peaks_of_each_channel_are_those_of_json(browser, stack):
    page, document = stack
    series = {one["quantity"]: dict(zip(column(one["tests"], "i"), column(one["values"], "d"))) for one in data_of(page)["recordings"][0]["series"]}
    means = {row["quantity"]: row["mean"] for row in document["summary"]}
    browser.open(page)
    rows, shown = behind(browser, "#power"), shown_rows(browser)
    for channel in ("watts", METERS[1]):
        energy = {row["test"]: row for row in document["energy"] if row["channel"] == channel}
        peaks = {test: row["peak_w"] for test, row in energy.items() if row["peak_w"] is not None}  # a meter that had no CPU tells none
        assert len(energy) == TESTS and peaks
        name = f"exec/{channel}/peak-power"
        assert series[name] == peaks and number(shown[name]["mean"]) == means[name]
        assert {int(row[0]): (number(row[5]), number(row[6])) for row in rows if row[2] == f"exec {channel}" and row[0] != "0"} == {
            test: (row["mean_w"], row["peak_w"]) for test, row in energy.items()}
    lines = {one["channel"]: one for one in data_of(page)["recordings"][0]["channels"]}
    for one in document["power"]:
        assert column(lines[one["channel"]]["mean"], "f") == pytest.approx([watts for watts in one["watts"] if watts is not None], rel=1e-6)
        assert column(lines[one["channel"]]["time"], "d") == pytest.approx([time for time, watts in zip(one["time_s"], one["watts"]) if watts is not None], abs=1e-9)


def test_what_is_missing_and_what_it_ran_on_are_those_of_export(browser, measured):
    _, page, data = measured
    browser.open(page)
    gaps = " ".join(browser.texts("#gaps td, #gaps th"))
    missing = [row for row in data["summary"] if row["status"] not in ("ok", "scaled", "measured") and "/" not in row["quantity"]]
    assert missing, "the recording lacks nothing"
    for row in missing:
        assert row["reason"] in gaps, row
    facts = {row["key"]: row["value"] for row in data["recording"]}
    shown = browser.texts("#machine tbody th"), browser.texts("#machine tbody td")
    for key, value in zip(*shown):
        assert value == facts.get(f"machine.{key}", facts.get(f"environment.{key}")), key
    assert "perfwatt run -n 4 --idle 0.5" in browser.texts("#again code")[0]
    applying = [row for row in data["findings"] if row["status"] == "applies"]
    assert len(browser.texts(".finding.applies")) == len(applying)


def test_zoom(browser, measured):
    _, page, _ = measured
    browser.open(page)
    shown = "perfwattPower.shown()[0]"
    whole = browser.eval(shown)
    browser.do(["focus", ".powers"], ["press", "+"])
    near = browser.eval(shown)
    assert near["to"] - near["from"] == pytest.approx((whole["to"] - whole["from"]) / 2)
    browser.do(["press", "ArrowRight"])
    assert browser.eval(shown)["from"] > near["from"]
    browser.do(["press", "0"])
    assert browser.eval(shown) == whole
    browser.do(["drag", ".u-over", 0.25, 0.5])
    dragged = browser.eval(shown)
    span = whole["to"] - whole["from"]
    assert dragged["from"] == pytest.approx(whole["from"] + 0.25 * span, abs=0.02 * span)
    assert dragged["to"] == pytest.approx(whole["from"] + 0.5 * span, abs=0.02 * span)
    browser.do(["dblclick", ".u-over"])
    assert browser.eval(shown) == whole
    browser.do(["click", "button[aria-label='Zoom in']"])
    assert browser.eval(shown) == near


def with_samples(small, large, count, peak):
    """As `small`, with `count` readings 50 ms apart, of which number `peak` is 5000 W."""
    shutil.copy(small, large)
    with sqlite3.connect(large) as data:
        names = [one[1] for one in data.execute("PRAGMA table_info(samples)")]
        first = dict(zip(names, data.execute("SELECT * FROM samples ORDER BY time_ns").fetchone()))
        data.execute("DELETE FROM samples")
        alone = {"readings": None, "least_uw": None, "most_uw": None, "deviation_uw": None}
        rows = ({**first, "time_ns": first["time_ns"] + i * 50_000_000, "value": 5000 if i == peak else 200 + i % 100, **alone} for i in range(count))
        data.executemany(f"INSERT INTO samples VALUES({','.join('?' * len(names))})", ([row[name] for name in names] for row in rows))
        data.execute("UPDATE recording SET end_ns = end_ns + ?", (count * 50_000_000,))
    data.close()
    return large


def test_a_peak_stays_where_it_is_at_every_zoom(browser, measured, tmp_path):
    count, peak = 400_000, 123_457
    long = with_samples(measured[0], tmp_path / "long.perfwatt", count, peak)
    report(long, "-o", tmp_path / "long.html")
    browser.open(tmp_path / "long.html")
    whole = browser.eval("perfwattPower.shown()[0]")
    assert whole["most"] == pytest.approx(5000) and whole["level"] > 0
    at = browser.eval("perfwattPower.view.from") + peak * 0.05
    for half in (8000, 800, 80, 8):
        browser.eval(f"perfwattPower.go({{ from: {at - half}, to: {at + half} }})")
        assert browser.eval("perfwattPower.shown()[0].most") == pytest.approx(5000), half
    assert browser.eval("perfwattPower.shown()[0].level") == 0
    browser.eval(f"perfwattPower.go({{ from: {at + 100}, to: {at + 200} }})")
    assert browser.eval("perfwattPower.shown()[0].most") == pytest.approx(299)


HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>\"quoted\" 'it' \n\u202Egnp.exe\u200F &amp; \x1b[31m"


def test_hostile_names_are_text(browser, tmp_path):
    recording = run(tmp_path / "r.perfwatt", "--label", HOSTILE, "--capture", "t=T: (.*)", command=("sh", "-c", "echo T: \"$0\"", HOSTILE), power="none")
    for place in (tmp_path / "<b>r.html", tmp_path / "r.html"):
        report(recording, "-o", place)
    text = place.read_text()
    assert text.count("<script") == 2 and "\u202e" not in text and "\u200f" not in text and "\x1b" not in text
    browser.open(tmp_path / "<b>r.html")
    assert browser.eval("window.hacked ?? 0") == 0
    assert browser.eval("document.images.length + document.scripts.length") == 1
    shown = browser.texts("h1")[0]
    assert "<script>window.hacked = 1</script>" in shown and '"quoted"' in shown and "\u202e" not in shown
    browser.do(["fill", "#quantities input", "<script>"])
    assert browser.eval("window.hacked ?? 0") == 0


def policy_of(text):
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


def test_the_policy_lets_in_what_the_page_has_alone(measured):
    text = measured[1].read_text()
    policy = policy_of(text)
    of = {"script-src": re.findall(r"<script>(.*?)</script>", text, re.S), "style-src": re.findall(r"<style>(.*?)</style>", text, re.S)}
    for rule, (content,) in of.items():
        assert policy.pop(rule) == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
    assert policy == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    assert not re.search(r"\s(?:src|href|style|on\w+)=", re.sub(r"<(script|style).*?</\1>|<!--.*?-->", "", text, flags=re.S))


def test_the_browser_lets_it_load_and_run_nothing_else(browser, measured):
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    browser.open(measured[1])
    answer = browser.ask({"do": [["eval", f"fetch('{url}').then(() => 'let in', () => 'refused')"], ["eval", f"""(() => {{
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        const image = new Image();
        image.src = '{url}image';
        document.body.append(script, image);
        return window.ran ?? 0;
    }})()"""]]})
    server.shutdown()
    server.server_close()
    assert answer["results"] == ["refused", 0] and asked == []
    assert all("Content Security Policy" in one for one in answer["said"]) and len(answer["said"]) >= 3, answer["said"]


def test_keyboard_and_names(browser, measured):
    browser.open(measured[1])
    browser.do(["press", "Tab"])
    assert browser.eval("document.activeElement.textContent") == "Skip to the results"
    seen = []
    for _ in range(60):
        browser.do(["press", "Tab"])
        seen.append(browser.eval("[document.activeElement.tagName, document.activeElement.className, document.activeElement.ariaLabel ?? document.activeElement.textContent.slice(0, 40)]"))
    assert any(one[1] == "powers" for one in seen) and any(one[0] == "SUMMARY" for one in seen)
    assert all(one[2] for one in seen if one[0] != "BODY"), seen
    nameless = browser.eval("""[...document.querySelectorAll('button, input, [role=region], [role=group], svg[role=img], section')].filter((one) =>
        !one.textContent.trim() && !one.ariaLabel && !one.labels?.length && !one.getAttribute('aria-labelledby')).length""")
    assert nameless == 0
    browser.do(["focus", "#quantities th:nth-child(4) button"], ["press", "Enter"], ["press", "Enter"])
    means = [number(row["mean"]) for row in shown_rows(browser).values()]
    known = [one for one in means if one is not None]
    assert known == sorted(known, reverse=True) and means == known + [None] * (len(means) - len(known))
    assert browser.eval("document.querySelector('#quantities th:nth-child(4)').ariaSort") == "descending"


def test_a_table_stands_behind_each_picture(browser, measured):
    browser.open(measured[1])
    bare = browser.eval("[...document.querySelectorAll('canvas, svg')].filter((one) => !one.closest('.card, section').querySelector('details.behind, table')).length")
    assert bare == 0 and browser.eval("document.querySelectorAll('canvas').length") == 1
    assert browser.eval("document.querySelectorAll('.card').length") >= 8


@pytest.mark.parametrize("width", [380, 1280])
def test_it_fits_and_follows_the_theme(browser, measured, width):
    browser.open(measured[1], width=width, dark=True)
    assert browser.eval("document.documentElement.dataset.theme") == "dark"
    assert browser.eval("document.documentElement.scrollWidth") == width
    browser.do(["click", ".theme"])
    assert browser.eval("document.documentElement.dataset.theme") == "light"
    browser.do(["media", "print"])
    assert browser.eval("getComputedStyle(document.querySelector('.bar')).display") == "none"
    browser.do(["media", "screen"])


def test_a_comparison_is_that_of_compare(browser, measured, tmp_path):
    other = run(tmp_path / "new.perfwatt", "--items", 7, command=("sh", "-c", COMMAND[2].replace("0.5", "0.9")))
    report(measured[0], "--with", other, "-o", tmp_path / "c.html")
    told = json.loads(perfwatt("compare", measured[0], "--with", other, "--format", "json").stdout)
    browser.open(tmp_path / "c.html")
    assert browser.texts("#comparison .lead") == [told["verdict"]]
    assert compared_rows(browser, ".comparison") == told_rows(told) and len(told_rows(told)) > 3
    expected = [row for row in told["rows"] if row["verdict"] != "not-comparable"]
    assert browser.eval("document.querySelectorAll('.comparison svg.forest').length") == sum(row["ratio"] is not None and row["ci95_low"] is not None for row in expected)
    browser.do(["click", ".switch button:nth-child(2)"])
    assert browser.texts("#recordings tbody th")[1] in ("new.perfwatt",)
    assert "sleep 0.9" in browser.texts(".head code")[0]


def test_several_recordings(browser, measured, tmp_path):
    other = run(tmp_path / "b.perfwatt", power="none")
    report(measured[0], other, "-o", tmp_path / "s.html")
    browser.open(tmp_path / "s.html")
    assert browser.texts("#recordings tbody th") == ["r.perfwatt", "b.perfwatt"]
    browser.do(["click", "#recordings tbody tr:nth-child(2) button"])
    assert "No power was measured" in browser.texts("#power")[0]


def test_each_variant_has_its_own_numbers(browser, tmp_path):
    recording = run(tmp_path / "v.perfwatt", "-L", "s=0.1,0.3", command=("sleep", "{s}"), power="none")
    report(recording, "-o", tmp_path / "v.html")
    rows = [row for row in export(recording, tmp_path / "csv")["summary"] if row["quantity"] == "elapsed"]
    browser.open(tmp_path / "v.html")
    for i, row in enumerate(rows):
        browser.do(["click", f".switch button:nth-child({i + 1})"])
        assert number(shown_rows(browser)["elapsed"]["mean"]) == number(row["mean"])
        assert row["variant"] in browser.texts(".switch button[aria-pressed=true]")[0]
        assert browser.texts(".head code")[0] == f"sleep {row['variant'].split('=')[1]}"
    assert len(rows) == 2


SHOWN = ("old_median", "new_median", "ratio", "ci95_low", "ci95_high")


def compared_rows(browser, selector):
    """Of a table of a comparison: [variant, quantity, its numbers, its verdict] of each row."""
    return browser.eval(f"""[...document.querySelectorAll({json.dumps(selector + " tbody tr")})].map((row) => [row.dataset.variant ?? '', row.dataset.quantity,
        Object.fromEntries([...row.querySelectorAll('data')].map((one) => [one.dataset.field, Number(one.value)])), row.querySelector('.verdict').textContent])""")


def told_rows(comparison, quantity=None):
    return [[row["variant"], row["quantity"], {field: row[field] for field in SHOWN if row[field] is not None}, row["verdict"].replace("-", " ")]
            for row in comparison["rows"] if row["verdict"] != "not-comparable" and quantity in (None, row["quantity"])]


def check_variants(browser, told):
    """The section of variants is what compare tells, the named quantities beside each other and each variant with all."""
    named = [quantity for quantity in told["variants"][0]["named"] if any(told_rows(one, quantity) for one in told["variants"])]
    beside = [row for quantity in named for one in told["variants"] for row in told_rows(one, quantity)]
    assert compared_rows(browser, "#comparison > .comparison") == beside and "elapsed" in named
    pictures = sum(len({"ratio", "ci95_low", "ci95_high"} & set(row[2])) == 3 for row in beside)
    assert browser.eval("document.querySelectorAll('#comparison > .comparison svg.forest').length") == pictures > 0
    means = browser.eval("[...document.querySelectorAll('.means tbody tr')].map((row) => [row.cells[0].textContent, Number(row.querySelector('data').value), row.cells[2].textContent])")
    assert means == [[one["quantity"], one["ratio"], f"{one['ratios']} of {len(told['variants'])} variants"] for one in told["geometric_means"]]
    assert browser.eval("[...document.querySelectorAll('details.variant')].map((one) => one.dataset.variant)") == [one["variant"] for one in told["variants"]]
    for i, one in enumerate(told["variants"]):
        details = f"details.variant:nth-of-type({i + 1})"
        browser.eval(f"""new Promise((done) => {{
            const details = document.querySelector({json.dumps(details)});
            details.addEventListener('toggle', () => setTimeout(done), {{ once: true }});
            details.open = true; }})""")
        assert compared_rows(browser, f"{details} .comparison") == told_rows(one)
        assert browser.texts(f"{details} .lead") == [one["verdict"]]


@pytest.fixture(name="two_by_two", scope="module")
def four_variants(tmp_path_factory):
    folder = tmp_path_factory.mktemp("variants")
    options = ("-L", "s=0.05,0.2", "-L", "b=x,y")
    return [run(folder / f"{name}.perfwatt", *options, command=("sh", "-c", "sleep {s}; : {b}"), power="none") for name in ("old", "new")]


@pytest.mark.parametrize("reference", [None, "b=x", "s=0.2 b=y"])
def test_variants_are_compared_as_compare_does(browser, two_by_two, tmp_path, reference):
    options = ("--reference", reference) if reference else ()
    report(two_by_two[0], *options, "-o", tmp_path / "v.html")
    told = json.loads(perfwatt("compare", two_by_two[0], "--reference", reference or "s=0.05 b=x", "--format", "json").stdout)
    browser.open(tmp_path / "v.html")
    check_variants(browser, told)
    sentence = " ".join(perfwatt("show", two_by_two[0], *options).stdout.split("\n  command")[0].split())
    assert sentence.endswith(browser.texts("#comparison > .lead")[0])
    heading = browser.texts("#comparison h2")[0]
    assert heading == ("Variants, each against its reference" if reference == "b=x" else f"Variants against {reference or 's=0.05 b=x'}")
    assert len(browser.texts("#recordings tbody th")) == 4


def test_variants_before_and_after_are_compared_with_themselves(browser, two_by_two, tmp_path):
    other = run(tmp_path / "three.perfwatt", "-L", "s=0.05,0.2,0.1", "-L", "b=x", command=("sh", "-c", "sleep {s}; : {b}"), power="none")
    for new in (two_by_two[1], other):
        report(two_by_two[0], "--with", new, "-o", tmp_path / "c.html")
        told = json.loads(perfwatt("compare", two_by_two[0], "--with", new, "--format", "json").stdout)
        browser.open(tmp_path / "c.html")
        check_variants(browser, told)
        assert len(told["geometric_means"]) > 0
        said = browser.texts("#comparison > .note")
        assert all(any(label in text for text in said) for label in told["unmatched"])
    assert told["unmatched"]


def test_variants_of_several_recordings_are_each_compared(browser, two_by_two, measured, tmp_path):
    report(*two_by_two, measured[0], "-o", tmp_path / "s.html")
    browser.open(tmp_path / "s.html", width=380, dark=True)
    assert browser.texts("#comparison h2, #comparison-2 h2") == ["Variants against s=0.05 b=x"] * 2
    assert browser.eval("document.documentElement.scrollWidth") == 380
    assert browser.texts("h1") == ["9 recordings"]


def test_hostile_variants_are_text(browser, tmp_path):
    recording = run(tmp_path / "r.perfwatt", "-L", "a=<b>x</b>,</script><script>window.hacked = 1</script>,\"'&", command=("true", "{a}"), power="none")
    report(recording, "-o", tmp_path / "h.html")
    browser.open(tmp_path / "h.html")
    browser.eval("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert browser.eval("window.hacked ?? 0") == 0 and browser.eval("document.scripts.length") == 1
    assert "a=</script><script>window.hacked = 1</script>" in browser.texts("#comparison th")


def test_references_that_are_none(two_by_two, measured, tmp_path):
    page = ("-o", tmp_path / "x.html")
    assert "no variant is 'b=z'" in one_line(perfwatt("report", two_by_two[0], "--reference", "b=z", *page), 2)
    assert "has no variants" in one_line(perfwatt("report", measured[0], "--reference", "b=x", *page), 2)
    assert "--reference" in one_line(perfwatt("report", two_by_two[0], "--with", two_by_two[1], "--reference", "b=x", *page), 2)
    assert "no variant is in recordings of both sides" in one_line(perfwatt("report", two_by_two[0], "--with", measured[0], *page), 2)
    same = run(tmp_path / "same.perfwatt", "-L", "a=1", command=("true", "{a}"), power="none")
    assert "every variant is a reference" in one_line(perfwatt("report", same, "--reference", "a=1", *page), 2)
    assert not (tmp_path / "x.html").exists()
    report(same, *page)


def test_power_alone_and_what_has_no_test(browser, tmp_path):
    alone = tmp_path / "alone.perfwatt"
    assert perfwatt("power", "--record", alone, "--duration", 1, "--power", METER, env={"PERFWATT_TEST_BUSY": "/no"}).returncode == 0
    report(alone, "-o", tmp_path / "alone.html")
    browser.open(tmp_path / "alone.html")
    assert browser.eval("document.querySelectorAll('canvas').length") == 1
    failing = tmp_path / "f.perfwatt"
    perfwatt("run", "-o", failing, "-n", 2, "--power", "none", "--", "false")
    report(failing, "-o", tmp_path / "f.html")
    browser.open(tmp_path / "f.html")
    assert "failed" in browser.texts("#gaps")[0]


def test_stdout_has_the_same_page(measured):
    result = report(measured[0], "-o", "-")
    assert result.stdout == measured[1].read_text()


def test_bad_input(tmp_path, measured):
    recording = measured[0]
    (tmp_path / "notes.html").write_text("my notes")
    (tmp_path / "text").write_text("no recording")
    assert "-o names another file" in one_line(perfwatt("report", recording, "-o", tmp_path / "notes.html"), 2)
    assert (tmp_path / "notes.html").read_text() == "my notes"
    one_line(perfwatt("report", tmp_path / "text", "-o", tmp_path / "x.html"), 2)
    one_line(perfwatt("report", tmp_path / "none", "-o", tmp_path / "x.html"), 2)
    one_line(perfwatt("report", recording, "--with", tmp_path / "text", "-o", tmp_path / "x.html"), 2)
    one_line(perfwatt("report", "-o", tmp_path / "x.html"), 2)
    assert "names a folder" in one_line(perfwatt("report", recording, "-o", f"{tmp_path}/"), 2)
    one_line(perfwatt("report", recording, "-o", tmp_path), 2)
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run([PERFWATT, "report", recording, "-o", "-"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 1 and "No space left" in result.stderr
    assert not (tmp_path / "x.html").exists()


def test_a_build_without_npm_says_why(tmp_path):
    output = tmp_path / "page_template.cc"
    result = subprocess.run(["cmake", f"-DOUTPUT={output}", f"-DSTAMP={tmp_path}/stamp", f"-DUI={SOURCE}/report-ui", "-DNODE=", "-DNPM=", "-P",
                             SOURCE / "cmake" / "write_page_template.cmake"], capture_output=True, text=True, timeout=60, check=True)
    assert "perfwatt report is off in this build: node and npm were not there" in result.stderr
    assert "node and npm were not there" in output.read_text() and not (tmp_path / "stamp").exists()


def test_types():
    if why_none():
        pytest.skip(f"SKIPPED LOUDLY: {why_none()}")
    result = subprocess.run([NODE, SOURCE / "tests" / "browser" / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit", "-p", SOURCE / "report-ui"],
                            capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout
