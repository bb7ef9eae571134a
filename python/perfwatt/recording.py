# SPDX-License-Identifier: Apache-2.0
"""A recording and its tables."""
import sqlite3

from perfwatt import program
from perfwatt.database import open_database
from perfwatt.errors import Error
from perfwatt.tables import TABLES as RECORDED
from perfwatt.tables import Raw


class Recording:
    """A table is a list of rows, each a dict: recording.executions, or recording["executions"]. None is unknown, never zero. Times (..._s)
    are seconds from the start of the recording."""

    tables = (*RECORDED, *program.TABLES)

    def __init__(self, path):
        self.path = str(path)
        self._database, under_way = open_database(path)
        self._read = {}
        try:
            self._raw = Raw(self._database)
        except (sqlite3.DatabaseError, LookupError, TypeError) as error:
            self.close()
            raise Error(f"damaged: {error}", self.path) from error
        head = self._raw.head
        self.label, self.command, self.version = self._raw.experiment["label"], self._raw.command, head["version"]
        self.start_unix_s = head["start_unix_s"]
        self.ending = head["ending"] or ("under way" if under_way else "killed")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self._database.close()

    def rows(self, name):
        """(columns, an iterator over the rows as tuples), which does not hold the table in memory where perfwatt need not compute it."""
        if name in program.TABLES:
            return program.computed(self.path, name)
        if name not in RECORDED:
            raise Error(f"no such table '{name}'", self.path, "there are " + ", ".join(self.tables))
        rows, columns = RECORDED[name]
        return (columns(self._raw) if callable(columns) else columns), self._checked(rows)

    def _checked(self, rows):
        try:
            yield from rows(self._raw)
        except (sqlite3.DatabaseError, LookupError, TypeError, ZeroDivisionError) as error:
            raise Error(f"damaged: {error}", self.path) from error

    def __getitem__(self, name):
        if name not in self._read:
            columns, rows = self.rows(name)
            self._read[name] = [dict(zip(columns, row)) for row in rows]
        return self._read[name]

    def __getattr__(self, name):
        if name in type(self).tables:
            return self[name]
        raise AttributeError(name)

    def __dir__(self):
        return [*super().__dir__(), *self.tables]

    def __repr__(self):
        return f"<perfwatt.Recording {self.path!r}>"

    def frame(self, name):
        """The table as a pandas DataFrame."""
        try:
            import pandas  # pylint: disable=import-outside-toplevel
        except ImportError as error:
            raise Error("frames need pandas", name, "install pandas, or take the table as a list of rows") from error
        columns, rows = self.rows(name)
        return pandas.DataFrame.from_records(list(rows), columns=list(columns))


def open(path):  # pylint: disable=redefined-builtin
    """The recording at `path`, which is only read. Where it is still being written: as it stands now."""
    return Recording(path)
