# SPDX-License-Identifier: Apache-2.0
"""The library perfwatt-mark, called by the extension `_mark` where there is one, else by ctypes."""
import os
import sys

SONAME, EXTENSION = "libperfwatt_mark.so.0", "_mark.abi3.so"
HERE = os.path.dirname(os.path.abspath(__file__))


def _places():
    """Where it may be, with the flags of dlopen: what is named; what this process has loaded, so that there is one copy; beside us and
    in the folder above, as the program's own package has it; where the system looks."""
    named = os.environ.get("PERFWATT_MARK_LIBRARY")
    if named:
        yield named, os.RTLD_NOW
    yield SONAME, os.RTLD_NOW | os.RTLD_NOLOAD
    for folder in (HERE, os.path.dirname(HERE)):
        yield os.path.join(folder, SONAME), os.RTLD_NOW
    yield SONAME, os.RTLD_NOW


def _extension():
    """Beside us, else in the program's package: one file for every Python from 3.10 on."""
    from importlib import machinery, util  # pylint: disable=import-outside-toplevel

    if sys.version_info < (3, 10):
        raise ImportError(EXTENSION)
    here = getattr(sys.implementation, "_multiarch", "")
    for folder in (HERE, os.path.join("/usr/lib", here, "perfwatt"), "/usr/lib/perfwatt"):
        path = os.path.join(folder, EXTENSION)
        if os.path.exists(path):
            loader = machinery.ExtensionFileLoader("_mark", path)
            module = util.module_from_spec(util.spec_from_file_location("_mark", path, loader=loader))
            loader.exec_module(module)
            return module
    raise ImportError(EXTENSION)


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

    def attach(self, path, flags):
        ctypes = self._ctypes
        library = ctypes.PyDLL(path, mode=flags)
        try:  # a program that is linked with the library has the variable in its own data
            marking = ctypes.c_int.in_dll(ctypes.PyDLL(None), "perfwatt_marking_")
        except ValueError:
            marking = ctypes.c_int.in_dll(library, "perfwatt_marking_")
        if not marking.value:
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
    for path, flags in _places():
        try:
            attached = calls.attach(path, flags)
        except (OSError, ValueError, AttributeError):
            continue
        CALLS = calls if attached else None
        return attached
    return False


def text(name):
    """As C has it."""
    return name.replace("\0", "?").encode("utf-8", "replace")
