# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of PyTorch as the collector `torch` touches: a package that is written into a folder."""
INIT = '''
from torch import autograd, nn


class Tensor:
    grad_fn = None


def is_grad_enabled():
    return False


def zeros(*unused):
    return Tensor()
'''

NN = '''
class Module:
    def __init__(self):
        object.__setattr__(self, "_modules", {})

    def __setattr__(self, name, value):
        if isinstance(value, Module):
            self._modules[name] = value
        object.__setattr__(self, name, value)

    def named_modules(self, memo=None, prefix=""):
        memo = set() if memo is None else memo
        if self not in memo:
            memo.add(self)
            yield prefix, self
            for name, module in self._modules.items():
                yield from module.named_modules(memo, prefix + ("." if prefix else "") + name)

    def _call_impl(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    __call__ = _call_impl
'''

AUTOGRAD = '''
def backward(*unused):
    pass


def grad(*unused):
    pass
'''


def write(folder):
    package = folder / "torch"
    package.mkdir(parents=True)
    for name, text in (("__init__", INIT), ("nn", NN), ("autograd", AUTOGRAD)):
        (package / f"{name}.py").write_text(text)
    return folder
