# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/check-includes refuses what it says it refuses, and finds nothing to refuse in this tree."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
CHECK = ROOT / "scripts/check-includes"
ROWS = "base||\nos|base|\nreport|base|os\n"


def check(root, rows):
    (root / "rooms.txt").write_text(rows)
    done = subprocess.run([CHECK, root / "rooms.txt", root], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr + done.stdout


@pytest.fixture(name="house")
def small_house(tmp_path):
    """Three rooms: os and report on base; report's tests use os."""
    files = {
        "base/text.h": "#include <string>\n",
        "os/file.h": '#include "base/text.h"\n',
        "os/file.cc": '#include "os/file.h"\n',
        "report/page.h": '#include "base/text.h"\n',
        "report/page.cc": '#include "report/page.h"\n',
        "report/page_test.cc": '#include "report/page.h"\n#include "os/file.h"\n',
    }
    for name, text in files.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "ARCHITECTURE.md").write_text("Two pages.\n")
    return tmp_path


def test_allowed_includes_pass(house):
    assert check(house, ROWS) == (0, "3 rooms, 6 files, 7 includes: 0 refused\n")


@pytest.mark.parametrize("name, line, words", [
    ("report/page.cc", '#include "os/file.h"',
     "src/report/page.cc includes os/file.h, but the row of report does not let it include room os (it names: base)"),
    ("base/text.h", '#include "report/page.h"', "the row of base does not let it include room report (it names: nothing)"),
    ("os/file.cc", "#include <sqlite3.h>", "the row of os does not let it include PkgConfig::sqlite3's headers"),
    ("report/page.h", "#ifdef NEVER\n#endif\n#include <os/file.h>\n#include \"os/file.h\"", "src/report/page.h includes os/file.h"),
])
def test_a_forbidden_include_is_refused_with_room_and_reason(house, name, line, words):
    path = house / "src" / name
    path.write_text(f"#pragma once\n{line}\n{path.read_text()}")
    status, said = check(house, ROWS)
    assert status == 1
    assert words in said


def test_a_comment_is_no_include(house):
    path = house / "src/report/page.cc"
    path.write_text(path.read_text() + '// #include "os/file.h"\n/*\n#include "os/file.h"\n*/\n')
    status, said = check(house, ROWS)
    assert status == 0, said


def test_a_circle_of_files_is_refused(house):
    (house / "src/report/summary.h").write_text('#pragma once\n#include "report/page.h"\n')
    path = house / "src/report/page.cc"
    path.write_text(path.read_text() + '#include "report/summary.h"\n')
    status, said = check(house, ROWS)
    assert status == 1
    assert "a circle of files: report/page -> report/summary -> report/page" in said


def test_a_circle_of_rooms_is_refused(house):
    status, said = check(house, ROWS.replace("base||", "base|os|"))
    assert status == 1
    assert "a circle of rooms: base -> os -> base" in said


def test_a_room_needs_a_row_and_a_row_a_room(house):
    status, said = check(house, "base||\nos|base|\nattic||\n")
    assert status == 1
    assert "src/report is a room without a row" in said
    assert "the row of attic in CMakeLists.txt has no room" in said


def test_a_room_of_more_than_twenty_files_needs_a_reason(house):
    for number in range(20):
        (house / f"src/report/part{number}.h").write_text("#pragma once\n")
    status, said = check(house, ROWS)
    assert status == 1
    assert "src/report has 21 files, more than 20" in said
    (house / "ARCHITECTURE.md").write_text("`report/` has 21 files, because a test says so.\n")
    assert check(house, ROWS)[0] == 0


def test_this_tree_holds():
    rooms = pathlib.Path(os.environ.get("PERFWATT_BUILD_DIR", ROOT / "build")) / "rooms.txt"
    done = subprocess.run([CHECK, rooms, ROOT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_architecture_names_what_there_is():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    names = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.\w+)?)`", text))
    assert len(names) > 30
    for name in names:
        places = [ROOT / "src" / name, ROOT / "src/inference" / name, ROOT / name]
        assert any(place.exists() or place.with_suffix(".h").exists() or place.with_suffix(".cc").exists() for place in places), name
