# SPDX-License-Identifier: Apache-2.0
"""perfwatt.region and perfwatt.items. Nothing is loaded where the process does not run under `perfwatt run`."""
import os


class _Nothing:
    """A region where nothing is measured. Both ends are functions in C, which return what is false: a call of Python's own
    takes twice as long."""

    __slots__ = ()
    __enter__ = {}.clear
    __exit__ = "".format

    def __call__(self, function):
        if not callable(function) or isinstance(function, type):
            return _refuse(function)
        return function


_NOTHING = _Nothing()


def _refuse(what):
    raise TypeError(f'perfwatt.region("name") marks a block or decorates a function, not {what!r}')


def region(name):
    """`with region("predict"):` marks a block, `@region("predict")` every call of a function. What a coroutine or a generator is
    decorated with is open while that runs, and not while it is suspended."""
    return _NOTHING if name.__class__ is str else _refuse(name)


def items(count):  # pylint: disable=unused-argument
    """Adds units of work to the innermost region that the calling thread is in."""


if "PERFWATT_REGIONS" in os.environ:
    from perfwatt import library

    if library.load():
        from perfwatt.marking import items, region  # noqa: F811  pylint: disable=ungrouped-imports
