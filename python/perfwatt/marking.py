# SPDX-License-Identifier: Apache-2.0
"""Regions of a process that is measured. One object stands for a name wherever it is used: it holds nothing of an occurrence."""
import functools
import sys

from perfwatt import library, suspension
from perfwatt.regions import _refuse

_BEGIN, _END, _NAMED, _ITEMS = library.CALLS.begin, library.CALLS.end, library.CALLS.named, library.CALLS.items
_MOST_KNOWN = 65536  # names whose objects are kept


def _decorate(self, function):
    """`function` with its calls in the region."""
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_decorate(self, function.__func__))
    if not callable(function) or isinstance(function, type):
        return _refuse(function)
    wrapper = suspension.wrapper_of(function, self.number)
    if wrapper:
        return wrapper
    number = self.number

    @functools.wraps(function)
    def call(*args, **kwargs):
        _BEGIN(number)
        try:
            return function(*args, **kwargs)
        finally:
            _END(number)

    return call


class _Region:
    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number

    def __enter__(self):
        if sys._getframe(1).f_code.co_flags & suspension.SUSPENDS:
            suspension.enter(self.number)
        else:
            _BEGIN(self.number)

    def __exit__(self, *unused):
        if sys._getframe(1).f_code.co_flags & suspension.SUSPENDS:
            suspension.leave(self.number)
        else:
            _END(self.number)

    __call__ = _decorate


if library.CALLS.region:
    library.CALLS.region.setup(suspension.enter, suspension.leave, _decorate)
    _Region = library.CALLS.region  # noqa: F811

_KNOWN = {}


def region(name):
    found = _KNOWN.get(name)
    return found if found is not None else _make(name)


def _make(name):
    if name.__class__ is not str:
        return _refuse(name)
    made = _Region(_NAMED(library.text(name)))
    if len(_KNOWN) < _MOST_KNOWN:
        _KNOWN[name] = made
    return made


def items(count):
    try:
        count = float(count)
    except (TypeError, ValueError, OverflowError):
        count = float("nan")  # which is counted as lost
    _ITEMS(count)

