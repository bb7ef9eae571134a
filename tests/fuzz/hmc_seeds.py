# SPDX-License-Identifier: GPL-3.0-or-later
"""hmc_seeds.py FOLDER: what the HMC of tests/cli/hmc_server.py answers, in the order in which it is asked."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from hmc_server import P, PARTITION, S, SYSTEM, Handler, HmcServer, steps  # noqa: E402

START = 1_669_133_850  # that the fuzzer's clock begins at


class Fake(HmcServer):
    def __init__(self):  # no network
        self.power, self.length, self.late, self.ahead, self.begin = steps, 30, 1.0, 0.0, 0.0
        self.ours = lambda _: 2.5
        self.status = lambda end: 2 if end % 150 == 0 else 0
        self.preferences = {"EnergyMonitoringCapable": True, "AggregationEnabled": True, "EnergyMonitorEnabled": True}

    def now(self):
        return START


class Answers(Handler):
    def __init__(self):  # no connection
        self.server, self.path, self.said = Fake(), "/", []

    def answer(self, status, body=b""):
        self.said.append(body if isinstance(body, bytes) else body.encode())


def feed_and_metrics(kind, count):
    answers = Answers()
    answers.feed(kind, count)
    last = START // 30
    return answers.said[0], json.dumps(answers.metrics(kind, last - count + 1, last)).encode()


folder = pathlib.Path(sys.argv[1])
token = b"<LogonResponse><X-API-Session>token=</X-API-Session></LogonResponse>"
systems = json.dumps([{"UUID": S, "SystemName": SYSTEM, "MTMS": "9105-22A*1234567"}]).encode()
partitions = json.dumps([{"UUID": P, "PartitionName": PARTITION}]).encode()
for name, first, lists in (("partition", b"\x01", [systems, Answers().preferences().encode(), partitions]),
                           ("server", b"\x02", [systems, Answers().preferences().encode()])):
    kinds = ["EnergyMetrics", "ManagedSystem"] + (["LogicalPartition"] if first == b"\x01" else [])
    readings = [part for _ in range(3) for kind in kinds for part in feed_and_metrics(kind, 5)]
    pages = [token, *lists, *feed_and_metrics("EnergyMetrics", 1), *readings]
    (folder / name).write_bytes(first + b"\x1e".join(b"\x00\x1e"[:1] + b"\x05" + page for page in pages))
