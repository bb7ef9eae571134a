# SPDX-License-Identifier: GPL-3.0-or-later
"""redfish_seeds.py FOLDER: what the services of tests/cli/redfish_server.py answer, in the order in which they are asked."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from redfish_server import CHASSIS, GENERATIONS, ROOT, link  # noqa: E402

folder = pathlib.Path(sys.argv[1])
for generation, pages_of in GENERATIONS.items():
    pages = pages_of(232.0)
    root = {"Chassis": link(ROOT + "/Chassis")}
    asked = [root, {}, pages[ROOT + "/Chassis"]] + [pages[path] for path in sorted(pages) if path != ROOT + "/Chassis"]
    last = pages.get(CHASSIS + "/EnvironmentMetrics") or pages.get(CHASSIS + "/Power") or {}
    for name, first in (("session", b"\x04"), ("basic", b"\x08")):
        answers = [b"\x00" + json.dumps(page).encode() for page in asked + [last] * 6]
        answers[1] = first + b"/redfish/v1/SessionService/Sessions/1"
        (folder / f"{generation}-{name}").write_bytes(b"\x01" + b"\x1e".join(answers))
