# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt power --prometheus, read by Prometheus's own tools: promtool, node_exporter, and a server that scrapes it."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
from conftest import PERFWATT, SOURCE, export, one_line, perfwatt, wait_for

METER = "exec:while :; do echo 250; sleep 0.1; done"
VARYING = "exec:i=0; while :; do echo $((200 + i % 7 * 10)); i=$((i + 1)); sleep 0.1; done"
FAILING = "exec:for i in $(seq 50); do echo 250; sleep 0.1; done"
FLEET = SOURCE / "packaging" / "fleet"
RULES, DASHBOARD = FLEET / "perfwatt.rules.yml", FLEET / "perfwatt.dashboard.json"
UNIT = SOURCE / "packaging" / "systemd" / "system" / "perfwatt-power.service"


def monitor(name):
    """A program of Prometheus's, installed or unpacked by scripts/monitors."""
    unpacked = SOURCE / "build" / "monitors" / "usr" / "bin" / name
    found = shutil.which(name) or (str(unpacked) if unpacked.exists() else None)
    if not found:
        pytest.skip(f"SKIPPED LOUDLY: no {name} (scripts/setup test)")
    return found


@contextlib.contextmanager
def running(*command, **kwargs):
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, **kwargs)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextlib.contextmanager
def watching(path, *options, meter=METER):
    """perfwatt power, once its file has a reading."""
    with running(PERFWATT, "power", "--power", meter, "-I", "200", "--prometheus", path, *options, stdout=subprocess.DEVNULL,
                 stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: process.poll() is not None or path.exists() and "perfwatt_power_watts{" in path.read_text())
        assert process.poll() is None, process.stderr.read()
        yield process


def samples(text):
    """{name: {labels: value}}"""
    found = {}
    for name, labels, value in re.findall(r"^(\w+)(?:\{(.*)\})? (\S+)$", text, re.M):
        found.setdefault(name, {})[labels] = float(value)
    return found


def test_the_file_is_what_node_exporter_reads(tmp_path):
    path = tmp_path / "perfwatt.prom"
    with watching(path, "--label", 'a "label" \\ \u202e') as process:
        wait_for(lambda: samples(path.read_text()).get("perfwatt_energy_joules_total"))
        text = path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        found = samples(text)
        assert list(found["perfwatt_power_watts"].values()) == [250]
        labels, = found["perfwatt_power_watts"]
        assert re.fullmatch(r'source="exec",channel="[^"]+",scope="[^"]*"', labels)
        assert found["perfwatt_power_source_up"] == {'source="exec"': 1}
        energy = found["perfwatt_energy_joules_total"][labels]
        assert energy == pytest.approx(250 * found["perfwatt_power_watched_seconds_total"][labels]) and energy > 0
        assert r'label="a \"label\" \\  "' in text
        for name in found:
            assert text.count(f"# TYPE {name} ") == 1 and text.count(f"# HELP {name} ") == 1
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert os.listdir(tmp_path) == []  # what it told goes stale


def test_promtool_accepts_it(tmp_path):
    promtool = monitor("promtool")
    path = tmp_path / "perfwatt.prom"
    with watching(path):
        wait_for(lambda: samples(path.read_text()).get("perfwatt_energy_joules_total"))
        checked = subprocess.run([promtool, "check", "metrics"], input=path.read_text(), capture_output=True, text=True, timeout=60, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_a_source_that_fails_is_down_and_has_no_watts(tmp_path):
    path = tmp_path / "perfwatt.prom"
    with watching(path, meter=FAILING):
        wait_for(lambda: samples(path.read_text()).get("perfwatt_power_source_up") == {'source="exec"': 0})
        assert "perfwatt_power_watts" not in samples(path.read_text())


def test_other_files_are_left(tmp_path):
    path = tmp_path / "mine.prom"
    path.write_text("mine 1\n")
    assert "did not make it" in one_line(perfwatt("power", "--power", METER, "--duration", 1, "--prometheus", path), 2)
    assert path.read_text() == "mine 1\n"
    assert "nowhere" in one_line(perfwatt("power", "--power", METER, "--duration", 1, "--prometheus", tmp_path / "nowhere" / "x.prom"), 2)
    said = perfwatt("power", "--power", METER, "--duration", 1, "--prometheus", tmp_path / "x.txt")
    assert said.returncode == 0 and "*.prom" in said.stderr


def test_the_file_of_another_watch_stays(tmp_path):
    path = tmp_path / "perfwatt.prom"
    with watching(path) as process:
        with open(tmp_path / "new", "w", encoding="ascii") as file:
            file.write("# HELP perfwatt_power_info by another\n")
        os.kill(process.pid, signal.SIGSTOP)
        os.replace(tmp_path / "new", path)
        os.kill(process.pid, signal.SIGTERM)
        os.kill(process.pid, signal.SIGCONT)
        process.wait(timeout=60)
    # It may have written once more before it saw the signal: then the file was its own again, and went.
    assert not path.exists() or "by another" in path.read_text()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(url):
    """The answer's text; "" while nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""


def query(port, expression):
    """{labels: value} of an instant query."""
    answer = fetch(f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(expression)}")
    results = json.loads(answer)["data"]["result"] if answer else []
    return [(one["metric"], float(one["value"][1])) for one in results]


def dashboard_queries():
    """Each query of the dashboard as Grafana sends it where all is chosen, over five minutes."""
    queries = [target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]]
    return [re.sub(r"\$(job|instance|scope)\b", ".*", query).replace("$__range", "5m") for query in queries]


def link_of_the_unit(moment, run, collected):
    """What the unit does once perfwatt runs, or has ended (ExecStartPost, ExecStopPost)."""
    command, = re.findall(rf"^{moment}=\+(.*)$", UNIT.read_text(), re.M)
    for name, value in (("RUNTIME_DIRECTORY", run), ("PERFWATT_TEXTFILES", collected)):
        command = command.replace(f"${{{name}}}", str(value))
    subprocess.run(command.split(), check=True, timeout=60)


@contextlib.contextmanager
def scraped(folder, collected):
    """A Prometheus with the rules, which scrapes a node_exporter of that folder each second: the ports of both."""
    port, exported = free_port(), free_port()
    (folder / "prometheus.yml").write_text(json.dumps({  # JSON is YAML
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "node", "static_configs": [{"targets": [f"127.0.0.1:{exported}"]}]}]}))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with running(monitor("prometheus-node-exporter"), "--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={collected}",
                 f"--web.listen-address=127.0.0.1:{exported}", **quiet), \
         running(monitor("prometheus"), f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}",
                 f"--web.listen-address=127.0.0.1:{port}", **quiet):
        yield port, exported


def stored(port, name):
    """{time: value} of all that it scraped of the one series."""
    answer = json.loads(fetch(f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(name + '[1h]')}"))
    series, = answer["data"]["result"]
    return {time: float(value) for time, value in series["values"]}


def energies(power):
    """[(seconds since the first reading, joules until then)] of the readings in power.csv."""
    rows = [(float(row["time_s"]), float(row["watts"])) for row in power]
    made, joules = [(0.0, 0.0)], 0.0
    for (before, watts), (now, more) in zip(rows, rows[1:]):
        joules += (now - before) * (watts + more) / 2
        made.append((now - rows[0][0], joules))
    return made


def test_it_is_scraped_end_to_end(tmp_path):
    """By a link, as the unit makes it; what Prometheus stored is the recording's energy, as far as the readings that the scrape could see."""
    run, collected, recording = tmp_path / "run", tmp_path / "collected", tmp_path / "r.perfwatt"
    run.mkdir()
    collected.mkdir()
    with scraped(tmp_path, collected) as (port, exported):
        with watching(run / "perfwatt.prom", "--record", recording, meter=VARYING):
            link_of_the_unit("ExecStartPost", run, collected)
            wait_for(lambda: query(port, "perfwatt_power_watts"))
            (labels, watts), = query(port, "perfwatt_power_watts")
            assert 200 <= watts <= 260 and labels["source"] == "exec" and labels["job"] == "node"
            wait_for(lambda: len(set(stored(port, "perfwatt_energy_joules_total").values())) >= 5)
            assert "node_textfile_scrape_error 0" in fetch(f"http://127.0.0.1:{exported}/metrics")
            wait_for(lambda: query(port, "job:perfwatt_power_watts:sum5m"))
            (_, mean), = query(port, "job:perfwatt_power_watts:sum5m")
            assert 200 < mean < 260
            for expression in dashboard_queries():
                assert query(port, expression), expression
            assert query(port, 'ALERTS{alertstate="firing"}') == []
        joules, watched = (stored(port, name) for name in ("perfwatt_energy_joules_total", "perfwatt_power_watched_seconds_total"))
        wait_for(lambda: query(port, "up") and not query(port, "perfwatt_power_watts"))  # stale
        link_of_the_unit("ExecStopPost", run, collected)
    assert os.listdir(run) == os.listdir(collected) == []
    tables = export(recording, tmp_path / "csv")
    made = energies(tables["power"])
    for time, value in joules.items():
        seconds, until_then = min(made, key=lambda one, at=watched[time]: abs(one[0] - at))
        assert seconds == pytest.approx(watched[time], abs=1e-6) and value == pytest.approx(until_then, rel=1e-9)
    whole, last = tables["energy"][0], max(joules)
    assert 0 <= float(whole["gross_j"]) - joules[last] <= 260 * (float(whole["seconds"]) - watched[last])
