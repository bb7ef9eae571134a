# SPDX-License-Identifier: Apache-2.0
"""Where `perfwatt run --regions` asks for collectors of Python, each Python of the command (from 2.7 on) begins with this, found by
PYTHONPATH. It takes itself away again, and goes on with the sitecustomize that there would be without it."""
import sys


def _begin():
    import os  # pylint: disable=import-outside-toplevel

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path_importer_cache.pop(here, None)
    if sys.version_info < (3, 9):
        return
    folder = os.path.dirname(here)
    path = os.path.join(folder, "begin.py")
    with open(path, "rb") as file:  # so that no bytecode is written beside it
        code = compile(file.read(), path, "exec", dont_inherit=True)
    names = {"__name__": "_perfwatt_begin", "__file__": path}
    exec(code, names)  # pylint: disable=exec-used
    names["begin"](folder, here)


try:
    _begin()
except Exception:  # pylint: disable=broad-except
    pass  # the program goes on without regions
sys.modules.pop("sitecustomize", None)
import sitecustomize  # noqa: E402,F401  pylint: disable=import-self,wrong-import-position
