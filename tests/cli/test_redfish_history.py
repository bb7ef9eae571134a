# SPDX-License-Identifier: GPL-3.0-or-later
"""The averages that an eBMC keeps of its power supplies, against a power that is known."""
import concurrent.futures
import time

from conftest import export, one_paragraph, perfwatt
from redfish_server import PASSWORD, history

ENV = {"PERFWATT_BMC_PASSWORD": PASSWORD}
BIN, IDLE_WATTS, LOAD_WATTS = 30, 400, 1000
AHEAD = -3600  # s, of the BMC's clock
HISTORY = "input (30 s history)"


class Supplies:
    """Two power supplies of an eBMC whose averages hold the power of a machine that is known: LOAD_WATTS while the command runs that
    writes the files OUT.begin and OUT.end, else IDLE_WATTS."""

    def __init__(self, server, out, missing=lambda supply, number: False):
        self.out = out
        self.origin = time.time() - 600  # bins end at multiples of BIN after it
        server.ahead = AHEAD
        for supply in (0, 1):
            server.replaced[f"/powersupply{supply}/Metrics"] = lambda supply=supply: history(self.items(supply, missing))

    def edge(self, name):
        path = self.out.parent / f"{self.out.name}.{name}"
        return float(path.read_text()) if path.exists() and path.read_text().endswith("\n") else float("inf")

    def joules(self, since, until):
        load = max(0, min(until, self.edge("end")) - max(since, self.edge("begin")))
        return IDLE_WATTS * (until - since) + (LOAD_WATTS - IDLE_WATTS) * load

    def items(self, supply, missing):
        ends = [(number, self.origin + BIN * number) for number in range(1, int((time.time() - 0.5 - self.origin) / BIN) + 1)]
        return [(end + 0.5 + AHEAD, int(self.joules(end - BIN, end) / BIN / 2)) for number, end in ends
                if not missing(supply, number)]


def run_with_history(server, certificate, out, seconds, **query):
    """(what perfwatt said, its rows of energy for the history, its samples)"""
    command = f"date +%s.%N >{out}.begin; sleep {seconds}; date +%s.%N >{out}.end"
    result = perfwatt("run", "-n", 1, "--warmup", 0, "--idle", 3, "--power", server.url(cacert=certificate[0], **query), "-o", out,
                      "--", "sh", "-c", command, env=ENV, timeout=400)
    assert result.returncode == 0, result.stderr
    csv = export(out, out.parent / (out.name + ".csv"))
    return (one_paragraph(result.stdout), [row for row in csv["energy"] if row["channel"] == HISTORY],
            [row for row in csv["power"] if row["channel"] == HISTORY])


def test_the_history_of_power_supplies_is_a_channel_whose_energy_is_true(serve_redfish, certificate, tmp_path):
    servers = [serve_redfish("ebmc", float(IDLE_WATTS)) for _ in range(2)]
    outs = [tmp_path / f"{name}.perfwatt" for name in ("whole", "broken")]
    whole = Supplies(servers[0], outs[0])
    # The second supply lacks a bin in the middle of the run: number 20 ends now.
    Supplies(servers[1], outs[1], lambda supply, number: supply == 1 and number == 22)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = [pool.submit(run_with_history, server, certificate, out, 90, psu=1) for server, out in zip(servers, outs)]
        results = [one.result() for one in runs]

    said, energy, samples = results[0]
    assert [row["status"] for row in energy] == ["measured"], energy
    true = whole.joules(whole.edge("begin"), whole.edge("end"))
    assert abs(float(energy[0]["gross_j"]) - true) <= float(energy[0]["uncertainty_j"]) < 0.25 * true, (energy, true)
    assert {row["status"] for row in samples} == {"ok"}
    joules = [float(row["joules"]) for row in samples]
    assert joules == sorted(joules) and len(set(joules)) == len(joules) >= 5, "each bin once"
    assert HISTORY + ": it is up to" in said, "the bins behind the end were waited for"
    rows = export(outs[0], tmp_path / "again")["power"]
    assert {"powersupply0 (30 s history)", "powersupply1 (30 s history)", "system"} <= {row["channel"] for row in rows}

    said, energy, samples = results[1]
    assert energy[0]["gross_j"] == "" and "reset" in energy[0]["reason"], energy
    assert {"ok", "no-value", "reset"} == {row["status"] for row in samples}
    assert all(row["joules"] == "" for row in samples if row["status"] == "no-value")
    assert "not every power supply tells its average" in said
