# SPDX-License-Identifier: Apache-2.0
"""Opens a recording as an SQLite database, without writing to it or beside it. It may come from a stranger."""
import contextlib
import fcntl
import os
import shutil
import sqlite3
import struct
import tempfile
import urllib.parse

from perfwatt.errors import Error

LAYOUT = 1  # docs/recording.md
UNRELEASED = (2, 3, 4)
APPLICATION = 0x70667774  # "pfwt", at byte 68; its perfwatt holds a lock on the byte of that number
HEAD = 100  # bytes of a database's header: https://www.sqlite.org/fileformat2.html
JOURNAL_HEAD = 32
SUPER_JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # ends a journal that names another file, which SQLite would delete
TRIES = 20
TABLES = ("recording", "experiment", "variants", "arguments", "facts", "captures", "events", "passes", "pass_events", "sources",
          "channels", "executions", "captured", "readings", "parts", "intervals", "sample_blocks", "samples", "server_bins", "windows", "notes", "states")


def first_bytes(path, size):
    with open(path, "rb") as file:
        return file.read(size)


def is_being_written(path):
    """Whether a perfwatt holds its lock on the file."""
    if not hasattr(fcntl, "F_OFD_GETLK"):
        return False
    with open(path, "rb") as file:
        lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, APPLICATION, 1, 0)
        try:
            return struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_OFD_GETLK, lock))[0] != fcntl.F_UNLCK
        except OSError:
            return False


def journal_of(path):
    """The journal that belongs to the database and holds something, or None."""
    for name in (path + "-wal", path + "-journal"):
        if os.path.isfile(name) and not os.path.islink(name) and os.path.getsize(name) > 0:
            return name
    return None


def check_head(path):
    """The database's header, of a regular file that is a recording of a layout that is read here."""
    if not os.path.isfile(path):
        raise Error("no such file" if not os.path.lexists(path) else "not a file", path)
    head = first_bytes(path, HEAD)
    if not head.startswith(b"SQLite format 3\0") or len(head) < HEAD:
        raise Error("not a recording", path)
    layout, application = struct.unpack(">i", head[60:64])[0], struct.unpack(">i", head[68:72])[0]
    if application != APPLICATION:
        raise Error("an SQLite database, but no perfwatt recording", path)
    if layout < 1:
        raise Error("damaged: it has no layout version", path)
    if layout in UNRELEASED:
        raise Error(f"of layout {layout}, which was never released and is not read", path, "record again")
    if layout > LAYOUT:
        raise Error(f"made by a newer perfwatt (layout {layout}); this package reads layout {LAYOUT}", path, "use a newer package")
    return head


def state_of(path):
    """As long as it stays the same, no transaction ended."""
    journal = journal_of(path)
    return first_bytes(path, HEAD), journal, first_bytes(journal, JOURNAL_HEAD) if journal else b""


def copy_once(path, copy):
    """Whether the copy is of one state."""
    before = state_of(path)
    shutil.copyfile(path, copy)
    for end in ("-wal", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(copy + end)
    if before[1]:
        shutil.copyfile(before[1], copy + before[1][len(path):])
    return state_of(path) == before


def copy_with_journal(path, folder):
    copy = os.path.join(folder, "copy.perfwatt")
    for _ in range(TRIES):
        with contextlib.suppress(FileNotFoundError):  # a journal that went away meanwhile
            if copy_once(path, copy):
                break
    else:
        raise Error("is being written too fast to be read", path, "try again")
    journal = journal_of(copy)
    if journal and journal.endswith("-journal"):
        with open(journal, "rb") as file:
            if file.read().endswith(SUPER_JOURNAL):
                raise Error("its journal refers to other files", path, "perfwatt writes no such journal; without it the file can be read")
    return copy


def connect(path, mode):
    name = urllib.parse.quote(os.path.abspath(path))
    database = sqlite3.connect(f"file:{name}?{mode}", uri=True, isolation_level=None)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    # https://www.sqlite.org/security.html
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON"):
        database.execute("PRAGMA " + pragma)
    return database


def check_tables(database, path):
    """Tables, and nothing that could do anything when it is read."""
    kinds = list(database.execute("SELECT type, name, sql FROM sqlite_schema"))
    names = {name for kind, name, _ in kinds if kind == "table"}
    strange = any(kind != "table" or not str(sql).startswith(f"CREATE TABLE {name}(") or "GENERATED" in str(sql).upper() or " AS " in str(sql).upper()
                  for kind, name, sql in kinds)
    if strange or not names.issuperset(TABLES):
        raise Error("damaged, or older than the first release: its tables are not those of a recording", path, "record again")


def open_database(path):
    """A connection that reads one state of the recording."""
    path = os.path.realpath(os.fspath(path))
    try:
        under_way = is_being_written(path) if os.path.isfile(path) else False  # asked first
        check_head(path)
        with tempfile.TemporaryDirectory(prefix="perfwatt-") as folder:
            if under_way or journal_of(path):
                database = connect(copy_with_journal(path, folder), "mode=rw")
            else:
                database = connect(path, "mode=ro&immutable=1")
            check_tables(database, path)
            database.execute("BEGIN")
            database.execute("SELECT count(*) FROM recording").fetchone()
        return database, under_way
    except sqlite3.DatabaseError as error:
        raise Error(f"damaged or cut short ({error})", path) from error
    except OSError as error:
        raise Error(f"cannot be read: {error.strerror}", path) from error
