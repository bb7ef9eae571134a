# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium, driven by tests/browser/drive.mjs."""
import json
import os
import shutil
import subprocess

from conftest import SOURCE

DRIVER = SOURCE / "tests" / "browser"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE = shutil.which("node") or shutil.which("nodejs")


def why_none():
    """What is missing; "": nothing."""
    if not CHROMIUM:
        return "chromium is not installed (scripts/setup test)"
    if not NODE or not (DRIVER / "node_modules" / "playwright-core").exists():
        return "playwright-core is not installed (./test does it, with npm)"
    return ""


class Browser:
    def __init__(self):
        self.process = subprocess.Popen([NODE, DRIVER / "drive.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "PERFWATT_CHROMIUM": CHROMIUM})

    def ask(self, job):
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the driver has ended"
        answer = json.loads(line)
        assert "failed" not in answer, answer
        return answer

    def open(self, file, **how):
        """A page, which asked for nothing else and complained of nothing."""
        answer = self.ask({"open": str(file), **how})
        assert answer["requests"] == [] and answer["said"] == [], answer
        return answer

    def do(self, *actions):
        """What each of the actions gives."""
        answer = self.ask({"do": actions})
        assert answer["requests"] == [] and answer["said"] == [], answer
        return answer["results"]

    def eval(self, code):
        return self.do(["eval", code])[0]

    def texts(self, selector):
        return self.eval(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent)")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
