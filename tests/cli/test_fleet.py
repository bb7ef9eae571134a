# SPDX-License-Identifier: GPL-3.0-or-later
"""What packaging/ has for fleets: the systemd units, Prometheus's rules and Grafana's dashboard. Their live test is in test_prometheus.py."""
import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import BUILD, PERFWATT, SOURCE
from test_prometheus import DASHBOARD, FLEET, RULES, UNIT, dashboard_queries, monitor, watching
from test_sensors import zones

USER_UNIT, DROP_INS = SOURCE / "packaging" / "systemd" / "user" / UNIT.name, SOURCE / "packaging" / "systemd"


def analyze(folder, unit, drop_in, *words):
    """systemd-analyze on a copy of the unit that starts the program under test."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("SKIPPED LOUDLY: no systemd-analyze (scripts/setup test)")
    text, changes = re.subn("^ExecStart=perfwatt ", f"ExecStart={PERFWATT} ", unit.read_text(), flags=re.M)
    assert changes == 1
    (folder / unit.name).write_text(text)
    if drop_in:
        (folder / f"{unit.name}.d").mkdir()
        shutil.copy(DROP_INS / drop_in, folder / f"{unit.name}.d")
    return subprocess.run(["systemd-analyze", *words, folder / unit.name], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "XDG_RUNTIME_DIR": str(folder), "SYSTEMD_UNIT_PATH": f"{folder}:"})


CASES = [(UNIT, None, 20), (UNIT, "local-bmc.conf", 25), (UNIT, "remote-bmc.conf", 18), (USER_UNIT, None, 70)]


@pytest.mark.parametrize("unit, drop_in, limit", CASES)
def test_units_are_sound_and_shut(tmp_path, unit, drop_in, limit):
    """The limit: ten times the exposure that systemd-analyze reckons; a service that says nothing has 96. A user's has no namespace of mounts."""
    user = ["--user"] if unit == USER_UNIT else []
    sound = analyze(tmp_path, unit, drop_in, "verify", "--man=no", "--recursive-errors=no", *user)
    assert (sound.returncode, sound.stdout, sound.stderr) == (0, "", "")
    shutil.rmtree(tmp_path / f"{unit.name}.d", ignore_errors=True)
    shut = analyze(tmp_path, unit, drop_in, "security", "--offline=yes", f"--threshold={limit}", *user)
    assert shut.returncode == 0, shut.stdout + shut.stderr


def test_a_unit_that_is_wrong_is_told(tmp_path):
    unit = tmp_path / "made" / UNIT.name
    unit.parent.mkdir()
    unit.write_text(UNIT.read_text().replace("ProtectSystem=strict", "ProtectSystem=stricter"))
    assert "protect system value" in analyze(tmp_path, unit, None, "verify", "--man=no", "--recursive-errors=no").stderr
    unit.write_text("[Service]\nExecStart=perfwatt power\n")
    assert analyze(tmp_path, unit, None, "security", "--offline=yes", "--threshold=20").returncode != 0


def test_promtool_accepts_the_rules():
    checked = subprocess.run([monitor("promtool"), "check", "rules", RULES], capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


CHANNEL = 'instance="a",job="node",source="dcmi",channel="system",scope="whole machine"'
SERIES = {  # a minute each: 200 W until the third hour, then the source is down; its file stays
    f"perfwatt_energy_joules_total{{{CHANNEL}}}": "0+12000x180 2160000x60",
    f"perfwatt_power_watched_seconds_total{{{CHANNEL}}}": "0+60x180 10800x60",
    f"perfwatt_power_readings_total{{{CHANNEL}}}": "0+60x240",
    f"perfwatt_power_failed_readings_total{{{CHANNEL}}}": "0x180 0+60x60",
    f"perfwatt_power_last_reading_timestamp_seconds{{{CHANNEL}}}": "0+60x240",
    'perfwatt_power_source_up{instance="a",job="node",source="dcmi"}': "1x180 0x60",
    'perfwatt_power_info{instance="a",job="node"}': "1x240",
    'perfwatt_power_info{instance="b",job="node"}': "1x60",
    'perfwatt_power_source_up{instance="c",job="node",source="rapl"}': "1x240",
    'perfwatt_power_last_reading_timestamp_seconds{instance="c",job="node",source="rapl",channel="package-0"}': "0+60x60 3600x180",
}
ALERTS = {  # (minute, alert): the instances that have it
    (50, "PerfwattSourceDown"): [], (50, "PerfwattGone"): [], (50, "PerfwattStale"): [], (50, "PerfwattGaps"): [], (50, "PerfwattReadingsFail"): [],
    (80, "PerfwattGone"): ["b"], (80, "PerfwattStale"): ["c"], (80, "PerfwattSourceDown"): [], (230, "PerfwattSourceDown"): ["a"],
    (230, "PerfwattGaps"): ["a"], (230, "PerfwattReadingsFail"): ["a"], (230, "PerfwattStale"): ["c"],
}


def test_rules_compute_and_alert(tmp_path):
    """promtool plays a machine whose source fails, one that goes, and one whose file stays: labels alone are compared."""
    shutil.copy(RULES, tmp_path)
    queries = [{"expr": "job:perfwatt_power_watts:sum5m", "eval_time": "1h", "exp_samples": [{"labels": 'job:perfwatt_power_watts:sum5m{job="node"}', "value": 200}]},
               {"expr": "channel:perfwatt_power_watched:ratio5m", "eval_time": "1h",
                "exp_samples": [{"labels": f"channel:perfwatt_power_watched:ratio5m{{{CHANNEL}}}", "value": 1}]},
               {"expr": "job:perfwatt_power_watts:sum5m", "eval_time": "230m", "exp_samples": []}]
    for (minute, alert), instances in ALERTS.items():
        name = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
        queries.append({"expr": f"count by (instance) ({name})", "eval_time": f"{minute}m",
                        "exp_samples": [{"labels": f'{{instance="{one}"}}', "value": 1} for one in instances]})
    (tmp_path / "test.yml").write_text(json.dumps({"rule_files": [RULES.name], "evaluation_interval": "1m", "tests": [{
        "interval": "1m", "input_series": [{"series": series, "values": values} for series, values in SERIES.items()], "promql_expr_test": queries}]}))
    checked = subprocess.run([monitor("promtool"), "test", "rules", tmp_path / "test.yml"], capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dashboard_is_whole():
    board = json.loads(DASHBOARD.read_text())
    assert board["uid"] and board["title"] and board["schemaVersion"] >= 30 and "id" not in board
    panels, cells = board["panels"], set()
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["type"] in ("stat", "timeseries", "table") and panel["title"] and panel["targets"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        taken = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not taken & cells, panel["title"]
        cells |= taken
    variables = {one["name"] for one in board["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", DASHBOARD.read_text())) - {"__range", "__all"}
    assert used == variables
    assert {target["datasource"]["uid"] for panel in panels for target in (panel, *panel["targets"])} == {"${datasource}"}


def test_rules_and_dashboard_name_what_perfwatt_tells(tmp_path):
    path = tmp_path / "perfwatt.prom"
    with watching(path):
        told = set(re.findall(r"^# TYPE (\w+)", path.read_text(), re.M))
    made = set(re.findall(r"record: (\S+)", RULES.read_text()))
    rules = re.findall(r"^\s+expr: (.*)$", RULES.read_text(), re.M)
    assert len(rules) == RULES.read_text().count("expr:")
    for expression in [*rules, *dashboard_queries()]:
        named = set(re.findall(r"[\w:]*perfwatt_[\w:]+", expression))
        assert named and named <= told | made, expression


def test_every_query_of_the_dashboard_is_promql(tmp_path):
    rules = [{"record": f"query_{number}", "expr": query} for number, query in enumerate(dashboard_queries())]
    (tmp_path / "queries.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    checked = subprocess.run([monitor("promtool"), "check", "rules", "--lint=none", tmp_path / "queries.yml"], capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0 and len(rules) >= 10, checked.stdout + checked.stderr


def test_counters_that_are_roots_alone_need_no_root(open_path):
    """The unit's one capability."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("SKIPPED LOUDLY: needs root and setpriv")
    capability = re.search(r"^AmbientCapabilities=CAP_(\w+)$", UNIT.read_text(), re.M).group(1).lower()
    counter, = zones(open_path, 1)
    counter.write_text("1000000\n")
    counter.chmod(0o400)

    def watched(given):
        return subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", f"--inh-caps=-all{given}", f"--ambient-caps=-all{given}",
                               f"--bounding-set=-all{given}", PERFWATT, "power", "--power", f"rapl:{open_path}", "--duration", "1", "--format", "csv"],
                              capture_output=True, text=True, timeout=60, check=False)

    without, having = watched(""), watched(f",+{capability}")
    assert without.returncode == 3 and "Permission denied" in without.stderr
    assert having.returncode == 0 and ",package-0," in having.stdout, having.stderr


def test_they_are_installed_where_systemd_and_people_look(tmp_path):
    subprocess.run(["cmake", "--install", BUILD, "--component", "perfwatt", "--prefix", tmp_path], check=True, capture_output=True, timeout=120)
    for kind, unit in (("system", UNIT), ("user", USER_UNIT)):
        assert (tmp_path / "lib" / "systemd" / kind / unit.name).read_bytes() == unit.read_bytes()
    documents = tmp_path / "share" / "doc" / "perfwatt"
    assert (documents / "fleet.md").exists()
    examples = {path.name for path in (documents / "examples").iterdir()}
    assert examples >= {path.name for path in (*FLEET.iterdir(), *DROP_INS.glob("*.conf"))}
    assert {name for name in re.findall(r"`(?:\w+/)*([\w-]+\.(?:conf|yml|json|service))`", (documents / "fleet.md").read_text())} <= examples | {UNIT.name}
