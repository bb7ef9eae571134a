# SPDX-License-Identifier: Apache-2.0
"""The collector `torch`: every call of a module is a region, named as in named_modules() of the outermost one that is being called.
Module.__call__ stands behind ours; no hooks of modules are used, which change how PyTorch runs them. In `backward` each node of the
graph is in a region of the module that made it."""
import functools
import weakref
from _thread import _local

PREFIX = "\x01torch\x01"  # what tells the recorder who marked this
MOST_WALKS = 16  # of named_modules() of a root, for modules that came later


class Here(_local):
    """Of a thread."""

    names = None  # those of the outermost module that is being called
    module = None  # the innermost one
    unclaimed = None  # nodes behind the calls within it
    nodes = ()  # numbers of what runs in backward


class Names:
    """The regions of a root's modules, by their ids."""

    def __init__(self, root, number_of):
        self.numbers = {}
        self._number_of, self._walks, self._root = number_of, MOST_WALKS, weakref.ref(root)
        self._names, self._refs = {}, {}
        self._keep(root, type(root).__name__)
        self._walk(root)

    def add(self, module, parent):
        """One that was not there when the root was first called."""
        for name, child in parent._modules.items() if parent is not None else ():
            if child is module and id(parent) in self._names:
                above = self._names[id(parent)]
                self._keep(module, name if parent is self._root() else above + "." + name)
                return self.numbers[id(module)]
        if self._walks > 0:
            self._walks -= 1
            self._walk(self._root())
        if id(module) not in self.numbers:
            self._keep(module, type(module).__name__)
        return self.numbers[id(module)]

    def _walk(self, root):
        for name, module in root.named_modules() if root is not None else ():
            if id(module) not in self.numbers:
                self._keep(module, name)

    def _keep(self, module, name):
        key = id(module)

        def forget(_):
            for table in (self.numbers, self._names, self._refs):
                table.pop(key, None)

        self.numbers[key], self._names[key], self._refs[key] = self._number_of(name), name, weakref.ref(module, forget)


def tensors_in(value, tensor, deep=3):
    if isinstance(value, tensor):
        yield value
    elif deep and isinstance(value, (list, tuple)):
        for one in value:
            yield from tensors_in(one, tensor, deep - 1)
    elif deep and isinstance(value, dict):
        for one in value.values():
            yield from tensors_in(one, tensor, deep - 1)


class Backward:
    """Nodes of the graph are hooked once their module has run: those between its outputs and its inputs that no module within made."""

    def __init__(self, torch, calls, here):
        self._here, self._begin, self._end = here, calls.begin, calls.end
        self._tensor, self._zeros = torch.Tensor, torch.zeros
        self._hooks = {}  # by the region's number

    def inputs(self, args, kwargs):
        return [one.grad_fn for one in (*tensors_in(args, self._tensor), *tensors_in(kwargs, self._tensor)) if one.grad_fn is not None]

    def claim(self, number, result, inputs, unclaimed):
        waiting = [one.grad_fn for one in tensors_in(result, self._tensor)] + unclaimed
        while waiting:
            node = waiting.pop()
            if node is None or any(node is one for one in inputs) or type(node).__name__ == "AccumulateGrad":
                continue
            if "perfwatt" not in node.metadata:
                node.metadata["perfwatt"] = True
                self._hook(node, number)
                waiting.extend(one for one, _ in node.next_functions)

    def _hook(self, node, number):
        hooks = self._hooks.get(number)
        if hooks is None:
            hooks = self._hooks[number] = self._make(number)
        before, after, carrier = hooks
        if hasattr(node, "register_prehook"):  # from PyTorch 2.0 on
            node.register_prehook(before)
        else:
            node._register_hook_dict(carrier)
        node.register_hook(after)

    def _make(self, number):
        here, begin, end = self._here, self._begin, self._end

        def before(_):
            if here.nodes == ():
                here.nodes = []
            here.nodes.append(number)
            begin(number)

        def after(*_):
            if here.nodes and here.nodes[-1] == number:
                here.nodes.pop()
                end(number)

        carrier = self._zeros(0)  # whose hooks a node takes
        carrier._backward_hooks = {0: before}
        return before, after, carrier

    def around(self, function, number):
        """torch.autograd.backward and grad."""
        here, begin, end = self._here, self._begin, self._end

        @functools.wraps(function)
        def call(*args, **kwargs):
            deep = len(here.nodes)
            begin(number)
            try:
                return function(*args, **kwargs)
            except BaseException as error:
                error.__traceback__ = error.__traceback__.tb_next
                raise
            finally:
                while len(here.nodes) > deep:  # a node that failed
                    end(here.nodes.pop())
                end(number)

        return call


def around_module(torch, calls, here, number_of, backward):
    module_call, begin, end = torch.nn.Module.__call__, calls.begin, calls.end
    with_gradients = torch.is_grad_enabled
    compiling = getattr(getattr(torch, "compiler", None), "is_compiling", None) or (lambda: False)
    roots = {}

    def names_of(root):
        key = id(root)
        names = roots.get(key)
        if names is None:
            names = Names(root, number_of)
            roots[key] = names, weakref.ref(root, lambda _: roots.pop(key, None))
            return names
        return names[0]

    def inputs_of(args, kwargs):
        try:
            return backward.inputs(args, kwargs)
        except Exception:  # pylint: disable=broad-except
            return None

    def claim(number, result, inputs, unclaimed):
        try:
            backward.claim(number, result, inputs, unclaimed)
        except Exception:  # pylint: disable=broad-except
            pass  # of these nodes there is no region

    @functools.wraps(module_call)
    def __call__(self, *args, **kwargs):
        if compiling():
            return module_call(self, *args, **kwargs)
        outer, unclaimed, names = here.module, here.unclaimed, here.names
        if names is None:
            names = here.names = names_of(self)
            outer = None
        number = names.numbers.get(id(self))
        if number is None:
            number = names.add(self, outer)
        here.module = self
        begin(number)
        try:
            if not with_gradients():
                return module_call(self, *args, **kwargs)
            inputs, here.unclaimed = inputs_of(args, kwargs), []
            result = module_call(self, *args, **kwargs)
            if inputs is not None:
                claim(number, result, inputs, here.unclaimed)
                if unclaimed is not None:
                    unclaimed.extend(inputs)
            return result
        except BaseException as error:
            error.__traceback__ = error.__traceback__.tb_next
            raise
        finally:
            end(number)
            here.module, here.unclaimed = outer, unclaimed
            if outer is None:
                here.names = None

    return __call__


def leave_to_dynamo(torch, function):
    """torch.compile takes no frame of PyTorch's own Module.__call__, but those that it calls; nor one of ours."""
    frames = getattr(getattr(getattr(torch, "_C", None), "_dynamo", None), "eval_frame", None)
    skip = getattr(frames, "skip_code", None)
    if skip is not None:
        skip(function.__code__)


def attach(torch, calls):
    here = Here()

    def number_of(name):
        return calls.named((PREFIX + name).replace("\0", "?").encode("utf-8", "replace"))

    backward = Backward(torch, calls, here)
    around = around_module(torch, calls, here, number_of, backward)
    leave_to_dynamo(torch, around)
    torch.nn.Module.__call__ = around
    for name in ("backward", "grad"):
        setattr(torch.autograd, name, backward.around(getattr(torch.autograd, name), number_of("backward")))
