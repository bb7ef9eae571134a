# SPDX-License-Identifier: Apache-2.0
"""What a measured Python does at its start, in a namespace of its own: what perfwatt put into the environment is not seen by the program
and goes on to its children, and a collector waits for the module that it is of."""
import os
import sys

COLLECT, REGIONS, PATH = b"PERFWATT_COLLECT", b"PERFWATT_REGIONS", b"PYTHONPATH"
MODULES = {"torch": "torch_modules.py"}  # by the module that is waited for


def load(path):
    """Its names. No bytecode is written, nothing stands in sys.modules."""
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    names = {"__name__": "_perfwatt_" + os.path.basename(path)[:-3], "__file__": path}
    exec(code, names)  # pylint: disable=exec-used
    return names


def without_frame(error):
    """What is printed of it does not name us."""
    error.__traceback__ = error.__traceback__.tb_next


class Environment:
    """C's environment keeps what perfwatt put there, for the children; os.environ and what is made of it do not."""

    def __init__(self, front):
        self._front = os.fsencode(front)
        self._collect = os.environ._data.pop(COLLECT)
        given = os.environ._data.get(PATH, b"")
        if given.startswith(self._front):
            rest = given[len(self._front) + 1:]
            if rest or self._collect.endswith(b";"):  # it was there, and empty
                os.environ._data[PATH] = rest
            else:
                del os.environ._data[PATH]

    def path_with_front(self, path):
        return self._front + b":" + path if path else self._front

    def listed(self, pairs):
        """As _posixsubprocess has it: NAME=value, each bytes. None: C's environment is inherited."""
        if pairs is None or not any(pair.startswith(REGIONS + b"=") for pair in pairs):
            return pairs
        path = next((pair[len(PATH) + 1:] for pair in pairs if pair.startswith(PATH + b"=")), b"")
        return [pair for pair in pairs if not pair.startswith(PATH + b"=")] + [PATH + b"=" + self.path_with_front(path), COLLECT + b"=" + self._collect]

    def mapped(self, variables):
        try:
            variables = {os.fsencode(name): os.fsencode(value) for name, value in variables.items()}
        except Exception:  # pylint: disable=broad-except
            return variables  # what is called says what is wrong
        if REGIONS in variables:
            variables[PATH] = self.path_with_front(variables.get(PATH, b""))
            variables[COLLECT] = self._collect
        return variables

    def put(self, name, value):
        return (name, self.path_with_front(os.fsencode(value))) if os.fsencode(name) == PATH else (name, value)

    def unset(self, name):
        if os.fsencode(name) == PATH:
            os.putenv(name, b"")  # ours stays
            return (b"PERFWATT_NOTHING",)
        return (name,)


def change(module, name, change_of):
    """Calls of that function of a module have their arguments changed."""
    function = getattr(module, name, None)
    if function is None:
        return

    def call(*args, **kwargs):
        try:
            args = change_of(*args)
        except TypeError:  # too few: the function says so
            pass
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            without_frame(error)
            raise

    call.__name__, call.__qualname__, call.__doc__, call.__module__ = name, name, function.__doc__, function.__module__
    setattr(module, name, call)


def hand_on(environment):
    import _posixsubprocess  # pylint: disable=import-outside-toplevel

    change(_posixsubprocess, "fork_exec", lambda *args: (*args[:5], environment.listed(args[5]), *args[6:]) if len(args) > 5 else args)
    for name in ("posix_spawn", "posix_spawnp", "execve"):
        change(os, name, lambda path, words, variables, *rest: (path, words, environment.mapped(variables), *rest))
    change(os, "putenv", environment.put)
    change(os, "unsetenv", environment.unset)


class Finder:
    """First among the finders, until the module that is waited for has been imported."""

    def __init__(self, folder, waited):
        self._folder, self._waited = folder, waited

    def find_spec(self, name, path=None, target=None):
        if name not in self._waited:
            return None
        for finder in list(sys.meta_path):
            spec = finder.find_spec(name, path, target) if finder is not self and hasattr(finder, "find_spec") else None
            if spec is not None:
                self._arm(name, spec.loader)
                return spec
        return None

    def _arm(self, name, loader):
        run = getattr(loader, "exec_module", None)
        if run is None or not hasattr(loader, "__dict__"):
            return

        def exec_module(module):
            vars(loader).pop("exec_module", None)
            try:
                run(module)
            except BaseException as error:
                without_frame(error)
                raise
            self._attach(name, module)

        loader.exec_module = exec_module

    def _attach(self, name, module):
        if name not in self._waited:
            return
        self._waited.remove(name)
        if not self._waited and self in sys.meta_path:
            sys.meta_path.remove(self)
        try:
            library = load(os.path.join(self._folder, "library.py"))
            if library["load"]():
                load(os.path.join(self._folder, MODULES[name]))["attach"](module, library["CALLS"])
        except Exception:  # pylint: disable=broad-except
            pass  # the program goes on without regions


def begin(folder, front):
    if COLLECT not in os.environ._data:
        return
    environment = Environment(front)
    if REGIONS not in os.environ._data:
        return
    hand_on(environment)
    wanted = os.fsdecode(environment._collect).rstrip(";").split(",")
    waited = {name for name in wanted if name in MODULES and name not in sys.modules}
    if waited:
        sys.meta_path.insert(0, Finder(folder, waited))
