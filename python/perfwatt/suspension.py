# SPDX-License-Identifier: Apache-2.0
"""Regions of what is suspended. A region is open on a thread, where others run while its coroutine or generator waits. So a scope, a
list of the regions that were begun in one coroutine, is ended at its suspension, innermost first, and begun again at its next step."""
import functools
import sys
import types
from _thread import _local

from perfwatt import library

_BEGIN, _END = library.CALLS.begin, library.CALLS.end
GENERATOR, COROUTINE, ASYNC_GENERATOR = 0x20, 0x80 | 0x100, 0x200  # inspect's CO_...
SUSPENDS = GENERATOR | COROUTINE | ASYNC_GENERATOR


class _Here(_local):
    scope = None  # of this thread: the innermost one that runs


_HERE = _Here()


class _Step:
    """`with` around a step of a scope."""

    __slots__ = ("_scope", "_outer")

    def __init__(self, scope):
        self._scope = scope

    def __enter__(self):
        self._outer, _HERE.scope = _HERE.scope, self._scope
        for number in self._scope:
            _BEGIN(number)

    def __exit__(self, *unused):
        _suspend(self._scope)
        _HERE.scope = self._outer


def _suspend(scope):
    for number in reversed(scope):
        _END(number)


def enter(number):
    """`with` in a coroutine or generator."""
    scope = _HERE.scope
    if scope is None:
        scope = _scope_of_task()
    if scope is not None:
        scope.append(number)
    _BEGIN(number)


def leave(number):
    scope = _HERE.scope
    if scope is None and _left_suspended(number):
        return
    if scope:
        _remove_last(scope, number)
    _END(number)


def _remove_last(scope, number):
    for at in range(len(scope) - 1, -1, -1):
        if scope[at] == number:
            del scope[at]
            return True
    return False


class _Steps:
    """What an await or a `yield from` goes through."""

    __slots__ = ("_inner", "_scope")

    def __init__(self, inner, scope):
        self._inner, self._scope = inner, scope

    def __iter__(self):
        return self

    __await__ = __iter__

    def __next__(self):
        return self.send(None)

    def send(self, value):
        with _Step(self._scope):
            return self._inner.send(value)

    def throw(self, *error):
        with _Step(self._scope):
            return self._inner.throw(*error)

    def close(self):
        with _Step(self._scope):
            return self._inner.close()


def _coroutine(function, number):
    @functools.wraps(function)
    async def call(*args, **kwargs):
        return await _Steps(function(*args, **kwargs), [number])

    return call


def _generator(function, number):
    @functools.wraps(function)
    def call(*args, **kwargs):
        return (yield from _Steps(function(*args, **kwargs), [number]))

    return call


def _async_generator(function, number):
    @functools.wraps(function)
    async def call(*args, **kwargs):
        inner, scope = function(*args, **kwargs), [number]
        following = inner.__anext__()
        while True:
            try:
                value = await _Steps(following, scope)
            except StopAsyncIteration:
                return
            try:
                following = inner.asend((yield value))
            except GeneratorExit:
                await _Steps(inner.aclose(), scope)
                raise
            except BaseException as error:  # pylint: disable=broad-except
                following = inner.athrow(error)

    return call


def wrapper_of(function, number):
    """None: it is not suspended."""
    plain = function
    while isinstance(plain, (functools.partial, types.MethodType)):
        plain = plain.func if isinstance(plain, functools.partial) else plain.__func__
    flags = plain.__code__.co_flags if isinstance(plain, types.FunctionType) else 0
    if flags & ASYNC_GENERATOR:
        return _async_generator(function, number)
    if flags & COROUTINE:
        return _coroutine(function, number)
    return _generator(function, number) if flags & GENERATOR else None


# The tasks of asyncio, whose steps are seen from the first `with` in a coroutine on.
_SCOPES = {}  # by the task's id, while something is begun in it
_UNSEEN = []  # at most one: the id of the task in whose step that `with` was, which nobody sees end


def _scope_of_task():
    asyncio = sys.modules.get("asyncio")
    try:
        task = asyncio.current_task() if asyncio else None
    except RuntimeError:  # no event loop runs
        return None
    if task is None:
        return None
    if _see_steps(asyncio):
        _UNSEEN.append(id(task))
        asyncio.get_running_loop().call_soon(int)  # so that the next step comes at once, where _end_unseen() does it
    _HERE.scope = _SCOPES.setdefault(id(task), [])
    return _HERE.scope


def _left_suspended(number):
    """Whether it was begun in a task that was thrown away while it waited."""
    for task, scope in list(_SCOPES.items()):
        if _remove_last(scope, number):
            _forget(task, scope)
            return True
    return False


def _forget(task, scope):
    if not scope:
        _SCOPES.pop(task, None)


def _stop(task):
    """What the step of a task that had no scope before left open."""
    scope, _HERE.scope = _HERE.scope, None
    if scope is not None:
        _suspend(scope)
        _forget(task, scope)


def _see_steps(asyncio):
    """False: they are seen already."""
    run = asyncio.Handle._run
    if hasattr(run, "perfwatt"):
        return False

    @functools.wraps(run)
    def seen(self):
        if _UNSEEN:
            _stop(_UNSEEN.pop())
        task = id(getattr(self._callback, "__self__", None))
        scope = _SCOPES.get(task)
        if scope is None:
            try:
                return run(self)
            finally:
                _stop(task)
        try:
            with _Step(scope):
                return run(self)
        finally:
            _forget(task, scope)

    seen.perfwatt = True
    asyncio.Handle._run = seen
    return True
