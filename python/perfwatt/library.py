# SPDX-License-Identifier: Apache-2.0
"""The library perfwatt-mark, called by the extension `_mark` where there is one, else by ctypes."""
import os
import sys

SONAME = "libperfwatt_mark.so.0"
HERE = os.path.dirname(os.path.abspath(__file__))


def _places():
    """Where it may be: what is named; what this process has loaded or the system finds, so that there is one copy; beside us."""
    named = os.environ.get("PERFWATT_MARK_LIBRARY")
    return [place for place in (named, SONAME, os.path.join(HERE, SONAME)) if place]


def _extension():
    """Beside us, else the one of the program's package, which is for every Python from 3.10 on."""
    try:
        from perfwatt import _mark  # pylint: disable=import-outside-toplevel

        return _mark
    except ImportError:
        from importlib import machinery, util  # pylint: disable=import-outside-toplevel

        path = os.path.join("/usr/lib", getattr(sys.implementation, "_multiarch", ""), "perfwatt", "_mark.abi3.so")
        if sys.version_info < (3, 10) or not os.path.exists(path):
            raise
        loader = machinery.ExtensionFileLoader("perfwatt._mark", path)
        module = util.module_from_spec(util.spec_from_file_location("perfwatt._mark", path, loader=loader))
        loader.exec_module(module)
        return module


class _Extension:
    """_mark.c: a function of each name."""

    def __init__(self):
        _mark = _extension()
        self.begin, self.end, self.items, self.named = _mark.begin, _mark.end, _mark.items, _mark.named
        self.region, self.attach = _mark.Region, _mark.attach


class _Ctypes:
    region = None

    def __init__(self):
        import ctypes  # pylint: disable=import-outside-toplevel

        self._ctypes = ctypes
        self.begin = self.end = self.items = self.named = None

    def attach(self, path):
        ctypes = self._ctypes
        library = ctypes.PyDLL(path)
        if not ctypes.c_int.in_dll(library, "perfwatt_marking_").value:
            return False

        def function(name, result, argument):
            found = library[name]
            found.restype, found.argtypes = result, (argument,)
            return found

        self.named = function("perfwatt_region_named_", ctypes.c_uint32, ctypes.c_char_p)
        self.begin = function("perfwatt_begin_", None, ctypes.c_uint32)
        self.end = function("perfwatt_end_", None, ctypes.c_uint32)
        self.items = function("perfwatt_items_", None, ctypes.c_double)
        return True


def _caller():
    try:
        return _Extension()
    except ImportError:
        return _Ctypes()


CALLS = None


def load():
    """Whether this process marks: the environment led the library to memory of perfwatt's."""
    global CALLS  # pylint: disable=global-statement
    try:
        calls = _caller()
    except ImportError:  # no ctypes either
        return False
    for place in _places():
        try:
            attached = calls.attach(place)
        except (OSError, ValueError, AttributeError):
            continue
        CALLS = calls if attached else None
        return attached
    return False


def text(name):
    """As C has it."""
    return name.replace("\0", "?").encode("utf-8", "replace")
