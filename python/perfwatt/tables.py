# SPDX-License-Identifier: Apache-2.0
"""The tables of a recording as they were recorded, row by row, with the columns and values of `perfwatt export`."""
import bisect
import copy
import itertools

from perfwatt.blocks import all_samples

POWER_ALONE = "(power alone)"  # the command of a recording in which none ran
AROUND = {2: "setup", 3: "prepare", 4: "conclude", 5: "cleanup"}  # of windows that are not idle
SAMPLE_STATUS = ("ok", "inactive", "busy", "timeout", "session-lost", "error", "reset", "no-value")


def text(value):
    """SQLite keeps what is not UTF-8 as a blob."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def seconds(nanoseconds):
    return None if nanoseconds is None else nanoseconds / 1e9


class Raw:
    """What the tables have in common."""

    def __init__(self, database):
        self.database = database
        self.events = self.dicts("events")
        self.sources = self.dicts("sources")
        self.channels = self.dicts("channels")
        self.captures = [row["name"] for row in self.dicts("captures")]
        self.executions = [row for row in self.dicts("executions") if row["test"] > 0 and not row["left_out"]]
        self.experiment = self.dicts("experiment")[0]
        self.head = self.dicts("recording")[0]
        self.labels = [text(label) for label, in self.select("label FROM variants ORDER BY id")] if self.select("1 FROM variant_values").fetchone() else []
        typed = "WHERE variant IS NULL" if self.labels else ""
        self.command = [text(value) for value, in self.select(f"value FROM arguments {typed} ORDER BY rowid")]

    def select(self, what):
        return self.database.execute("SELECT " + what)

    def dicts(self, table):
        rows = self.select(f"* FROM {table} ORDER BY rowid")
        names = [column[0] for column in rows.description]
        return [dict(zip(names, map(text, row))) for row in rows]

    def of_variant(self, index):
        """The same with the executions of one variant."""
        view = copy.copy(self)
        view.executions = [row for row in self.executions if row["variant"] == index]
        return view

    def source(self, index):
        source = self.sources[index]
        return source["name"] + (" (simulated)" if source["simulated"] else "")

    def label(self, index):
        event = self.events[index]
        return f"{event['name']}:{event['modifier']}" if event["modifier"] else event["name"]


def counted(value):
    """SQLite has no unsigned integers."""
    return value + (1 << 64) if value < 0 else value


def amount(event, value, enabled, running, status):
    """A count in the event's unit: exact where ok, rounded where scaled, None otherwise."""
    if status not in ("ok", "scaled"):
        return None
    if status == "ok" and event["scale"] == 1:
        return value
    scaled = float(value) if status == "ok" else float(value) * float(enabled) / float(running)
    return int(f"{scaled:.0f}") if event["scale"] == 1 else scaled * event["scale"]


def executions(raw):
    of_command = raw.command != [POWER_ALONE]
    captured = {(execution, capture): text(value) for execution, capture, value in raw.select("execution, capture, value FROM captured")}
    for row in raw.executions:
        used = (row["user_s"], row["system_s"], row["max_rss_kb"]) if of_command else (None, None, None)
        yield (row["test"], row["pass"], seconds(row["begin_ns"]), seconds(row["end_ns"]), seconds(row["end_ns"] - row["begin_ns"]), *used,
               row["exit_status"], row["items"], *(captured.get((row["id"], i)) for i in range(len(raw.captures))),
               *(raw.labels[row["variant"]:row["variant"] + 1]))


def execution_columns(raw):
    columns = ("test", "pass", "begin_s", "end_s", "elapsed_s", "user_s", "sys_s", "max_rss_kb", "exit_status", "items", *raw.captures)
    return with_variant(raw, columns)


def with_variant(raw, columns):
    return (*columns, "variant") if raw.labels else columns


def of_variants(rows, *columns):
    """A table of the rows of each variant in turn, which end with its label; of a recording without variants of all rows as they are."""
    def all_rows(raw):
        if not raw.labels:
            yield from rows(raw)
        for index, label in enumerate(raw.labels):
            yield from ((*row, label) for row in rows(raw.of_variant(index)))
    return all_rows, lambda raw: with_variant(raw, columns)


def by_execution(raw, table, columns):
    """{execution: its rows, each a tuple of `columns`}"""
    rows = raw.select(f"execution, {columns} FROM {table} ORDER BY execution, rowid")
    return {execution: [row[1:] for row in group] for execution, group in itertools.groupby(rows, lambda row: row[0])}


def counter_row(raw, execution, reading):
    index, value, enabled, running, status, reason = reading
    event = raw.events[index]
    return (execution["test"], execution["pass"], event["name"], event["hardware_event"], event["scope"], event["unit"],
            amount(event, counted(value), enabled, running, status), enabled, running, running / enabled if enabled > 0 else None, status,
            text(reason) or event["reason"])


def counters(raw):
    readings = by_execution(raw, "readings", "event, value, enabled_ns, running_ns, status, reason")
    for test, of_test in itertools.groupby(sorted(raw.executions, key=lambda row: row["test"]), lambda row: row["test"]):
        for execution in of_test:
            for reading in readings.get(execution["id"], ()):
                yield counter_row(raw, execution, reading)
        for event in raw.events:
            if event["status"] != "ok":
                yield (test, None, event["name"], event["hardware_event"], event["scope"], event["unit"], None, None, None, None, event["status"],
                       event["reason"])


def parts(raw):
    rows = by_execution(raw, "parts", "part, event, value, enabled_ns, running_ns, status")
    for execution in raw.executions:
        for part, index, value, enabled, running, status in rows.get(execution["id"], ()):
            event = raw.events[index]
            yield (execution["test"], execution["pass"], text(part), raw.label(index), event["unit"],
                   amount(event, counted(value), enabled, running, status), enabled, running, status)


def difference(before, after):
    """What was counted between two readings (value, enabled, running, status), the latter with its status."""
    value, enabled, running, status = after
    if status not in ("ok", "scaled"):
        return after
    value, enabled, running = max(0, value - before[0]), enabled - before[1], running - before[2]
    if enabled > 0:
        status = "not-counted" if running <= 0 else "ok" if running == enabled else "scaled"
    return value, enabled, running, status


def intervals(raw):
    rows = by_execution(raw, "intervals", "time_ns, event, value, enabled_ns, running_ns, status")
    for execution in raw.executions:
        before = {}
        for time, index, value, *rest in rows.get(execution["id"], ()):
            now = (counted(value), *rest)
            value, enabled, running, status = difference(before[index], now) if index in before else now
            before[index] = now
            event = raw.events[index]
            yield (execution["test"], execution["pass"], seconds(time), raw.label(index), event["unit"],
                   amount(event, value, enabled, running, status), enabled, running, status)


def power(raw):
    names = [(raw.source(channel["source"]), channel["name"], channel["kind"] == "instantaneous") for channel in raw.channels]
    spans = around(raw)
    begins = [begin for begin, _, _ in spans]
    for time, index, read, value, status in all_samples(raw):
        source, name, watts = names[index]
        row = seconds(time), seconds(read), source, name, value if watts else None, None if watts else value, SAMPLE_STATUS[status]
        yield (*row, around_at(spans, begins, time)) if spans else row


def around(raw):
    """(begin_ns, end_ns, what ran) of the commands around the tests, in the order of time."""
    rows = raw.select("before, begin_ns, end_ns FROM windows ORDER BY rowid")
    return [(begin, end, AROUND[kind]) for kind, begin, end in rows if kind in AROUND]


def around_at(spans, begins, time):
    index = bisect.bisect_right(begins, time) - 1
    return spans[index][2] if index >= 0 and time < spans[index][1] else None


def power_columns(raw):
    columns = ("time_s", "read_s", "source", "channel", "watts", "joules", "status")
    return (*columns, "during") if around(raw) else columns


def states(raw):
    before = by_execution(raw, "states", "after, key, value")
    for execution in raw.executions:
        rows = before.get(execution["id"], ())
        for after, when in ((0, "before"), (1, "after")):
            for row in rows:
                if row[0] == after:
                    yield execution["test"], execution["pass"], when, text(row[1]), text(row[2])


def server(raw):
    rows = raw.select("source, begin_ns, end_ns, watts, ours, partitions, virtual_io, firmware, total FROM server_bins ORDER BY begin_ns, rowid")
    for source, begin, end, *rest in rows:
        yield (raw.source(source), seconds(begin), seconds(end), *rest)


def windows(raw):
    for before, begin, end in raw.select("before, begin_ns, end_ns FROM windows ORDER BY rowid"):
        if before not in AROUND:
            yield bool(before), seconds(begin), seconds(end)


def interludes(raw):
    for kind, begin, end in raw.select("before, begin_ns, end_ns FROM windows ORDER BY rowid"):
        if kind in AROUND:
            yield AROUND[kind], seconds(begin), seconds(end)


def notes(raw):
    for kind, time, what in raw.select("kind, time_ns, text FROM notes ORDER BY rowid"):
        yield text(kind), seconds(time), text(what)


def facts(section):
    def rows(raw):
        found = raw.database.execute("SELECT key, value FROM facts WHERE section = ? ORDER BY rowid", (section,))
        yield from ((text(key), text(value)) for key, value in found)
    return rows


def machine(raw):
    yield from facts("machine")(raw)
    for key in ("counters_start_stop_ns", "counters_read_ns"):
        if raw.head[key] is not None:
            yield key, str(raw.head[key])


COUNTS = ("event", "unit", "value", "enabled_ns", "running_ns", "status")
# Table: (its rows, their columns or what gives them).
TABLES = {
    "executions": (executions, execution_columns),
    "counters": of_variants(counters, "test", "pass", "event", "hardware_event", "scope", "unit", "value", "enabled_ns", "running_ns", "coverage",
                            "status", "reason"),
    "parts": of_variants(parts, "test", "pass", "part", *COUNTS),
    "intervals": of_variants(intervals, "test", "pass", "time_s", *COUNTS),
    "power": (power, power_columns),
    "states": of_variants(states, "test", "pass", "when", "key", "value"),
    "server": (server, ("source", "begin_s", "end_s", "watts", "ours", "partitions", "virtual_io", "firmware", "total")),
    "windows": (windows, ("before", "begin_s", "end_s")),
    "interludes": (interludes, ("command_of", "begin_s", "end_s")),
    "notes": (notes, ("kind", "time_s", "text")),
    "machine": (machine, ("key", "value")),
    "environment": (facts("environment"), ("key", "value")),
}
