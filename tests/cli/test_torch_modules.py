# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector `torch` with PyTorch itself (scripts/setup torch)."""
import json
import os
import subprocess
import textwrap

import pytest

from conftest import SOURCE
from test_regions import Marked

PYTHON = os.environ.get("PERFWATT_TORCH_PYTHON", "/usr/bin/python3")  # lab/torch: that of Debian 13
RESNET = textwrap.dedent(f"""
    import json, sys, time
    import torch
    sys.path.insert(0, {str(SOURCE / "bench")!r})
    import resnet18
    torch.manual_seed(0)
    model = resnet18.ResNet()
    counted = resnet18.counted(model)
""")
FORWARD = RESNET + textwrap.dedent("""
    model.eval()
    took, x = 0, torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        for _ in range(6):
            begin = time.perf_counter()
            answer = model(x)
            took += time.perf_counter() - begin
    json.dump({"counted": counted, "took": took}, open(sys.argv[1], "w"))
    print(answer.double().sum().item().hex())
""")
TRAINING = RESNET + textwrap.dedent("""
    torch.set_num_threads(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(torch.randn(2, 3, 64, 64)).square().mean()
        loss.backward()
        optimizer.step()
    json.dump(counted, open(sys.argv[1], "w"))
    print(loss.item().hex(), sum(one.double().sum().item() for one in model.parameters()).hex())
""")


@pytest.fixture(name="run")
def fixture_run(tmp_path):
    if subprocess.run([PYTHON, "-c", "import torch"], capture_output=True, timeout=120, check=False).returncode != 0:
        pytest.skip("SKIPPED LOUDLY: PyTorch is not installed (scripts/setup torch)")

    def run(text, regions="torch", status=0):
        (tmp_path / "script.py").write_text(textwrap.dedent(text))
        command = ("sh", "-c", 'exec "$@" >"$0" 2>&1', tmp_path / "out", PYTHON, tmp_path / "script.py", tmp_path / "said.json")
        marked = Marked(tmp_path, command, "--regions", regions, status=status)
        marked.printed = (tmp_path / "out").read_bytes()
        marked.said = json.loads((tmp_path / "said.json").read_text()) if (tmp_path / "said.json").exists() else None
        return marked

    return run


def last_segments(calls):
    counted = {}
    for path, number in calls.items():
        name = path.rsplit("/", 1)[-1]
        counted[name] = counted.get(name, 0) + number
    return counted


def test_every_module_call_of_a_resnet_is_counted_and_their_times_are_the_forwards(run):
    marked = run(FORWARD)
    assert last_segments(marked.calls()) == marked.said["counted"] and len(marked.said["counted"]) == 68 - 1 and marked.notes == []
    own = sum(float(row["own_seconds"]) for row in marked.rows)
    assert 0.97 < own / marked.said["took"] <= 1
    assert run(FORWARD, regions="marks").printed == marked.printed


def test_a_training_step_has_its_backward_and_the_same_numbers(run):
    marked = run(TRAINING)
    calls = marked.calls()
    forward = {path: number for path, number in calls.items() if not path.startswith("backward")}
    backward = {path.removeprefix("backward/"): number for path, number in calls.items() if path.startswith("backward/")}
    assert marked.notes == [] and last_segments(forward) == marked.said and calls["backward"] == 3
    modules = {path.rsplit("/", 1)[-1] for path in forward}
    assert set(backward) <= modules and {name for name in modules if "conv" in name or "bn" in name or "relu" in name} <= set(backward)
    assert all(backward[name] == marked.said[name] for name in modules if "conv" in name or "bn" in name or "relu" in name)
    assert backward["layer1.0"] == 3 and backward["ResNet"] == 3  # what they add, and the mean, themselves
    assert run(TRAINING, regions="marks").printed == marked.printed


def test_shared_modules_exceptions_and_graphs_that_meet(run):
    marked = run("""
        import torch
        from torch import nn
        shared = nn.Linear(4, 4)
        twice = nn.Sequential(shared, nn.ReLU(inplace=True), shared)
        class Fails(nn.Module):
            def forward(self, x): raise ValueError("no")
        class Both(nn.Module):
            def __init__(self):
                super().__init__()
                self.left, self.right, self.fails = nn.Linear(4, 4), nn.Linear(4, 4), Fails()
            def forward(self, x, more):
                try: self.fails(x)
                except ValueError: pass
                return {"sum": self.left(x) + self.right(more["x"]), "list": [self.left(x)]}
        x = torch.randn(2, 4)
        made = twice(x)
        answer = Both()(made, {"x": made * 2})
        (answer["sum"].sum() + answer["list"][0].sum()).backward()
        class Wrong(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x): return x * 1
            @staticmethod
            def backward(ctx, g): raise KeyError("backward")
        class Holds(nn.Module):
            def __init__(self):
                super().__init__()
                self.before, self.after = nn.Linear(4, 4), nn.Linear(4, 4)
            def forward(self, x): return self.after(Wrong.apply(self.before(x)))
        for _ in range(2):
            try: Holds()(x).sum().backward()
            except KeyError: pass
        nn.Linear(4, 4)(x)
        with torch.no_grad(): twice(x)
        gradient, = torch.autograd.grad(twice(x).sum(), shared.weight)
    """)
    calls = marked.calls()
    assert marked.notes == [] and calls["Sequential/0"] == 6 and calls["Sequential/1"] == 3 and "Sequential/2" not in calls
    assert calls["Both/fails"] == 1 and calls["Both/left"] == 2 and calls["Linear"] == 1 and calls["backward"] == 4
    assert calls["backward/left"] >= 2 and calls["backward/right"] >= 1 and calls["backward/after"] >= 2 and "backward/before" not in calls
    assert not [path for path in calls if path.count("/") > 1]


LOADER = """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Dataset
    class Data(Dataset):
        def __init__(self): self.net = nn.Linear(2, 2)
        def __len__(self): return 8
        def __getitem__(self, i):
            with torch.no_grad(): return self.net(torch.full((2,), float(i)))
    if __name__ == "__main__":
        total = 0
        for batch in DataLoader(Data(), batch_size=2, num_workers=2, multiprocessing_context="{context}"):
            total += len(batch)
        print(total)
"""


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_workers_of_a_data_loader_are_seen(run, context):
    """What multiprocessing says of semaphores at its end on a busy machine (its resource_tracker) is no matter."""
    marked = run(LOADER.format(context=context))
    assert marked.printed.startswith(b"8\n") and marked.calls() == {"Linear": 8} and len({row["process"] for row in marked.rows}) == 2


def test_what_torchscript_runs_is_one_region_and_tracing_works(run):
    text = """
        import warnings
        import torch
        from torch import nn
        torch.manual_seed(0)
        net, x = nn.Sequential(nn.Linear(3, 3), nn.ReLU()), torch.ones(1, 3)
        traced, scripted = torch.jit.trace(net, x), torch.jit.script(net)
        with torch.no_grad():
            print(traced(x), scripted(x), torch.fx.symbolic_trace(net)(x))
        import copy, io
        copy.deepcopy(net)(x)
        buffer = io.BytesIO()
        torch.save(net, buffer)
        buffer.seek(0)
        print(torch.load(buffer)(x), sorted(vars(net)))
        net(x, x)
    """
    assert run(text, status=4).printed == run(text, "marks", status=4).printed != b""


COMPILED = """
    import torch
    from torch import nn
    torch.manual_seed(0)
    class Part(nn.Module):
        def __init__(self, breaks):
            super().__init__()
            self.breaks, self.linear, self.relu = breaks, nn.Linear(4, 4), nn.ReLU()
        def forward(self, x):
            x = self.linear(x)
            if self.breaks: torch._dynamo.graph_break()
            return self.relu(x)
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two, self.three = Part(False), Part(True), nn.Linear(4, 2)
        def forward(self, x): return self.three(self.two(self.one(x)))
    net, x = Net(), torch.ones(3, 4)
    compiled = torch.compile(net, backend="eager")
    with torch.no_grad():
        for _ in range(3): print(compiled(x))
    compiled(x).sum().backward()
    print(net.one.linear.weight.grad)
    from torch._dynamo.utils import counters
    print(dict(counters["stats"]), dict(counters["graph_break"]))
"""


def test_what_is_compiled_is_one_region_with_what_breaks_its_graph_and_its_graphs_are_the_same(run):
    if subprocess.run([PYTHON, "-c", "import torch; torch.compile"], capture_output=True, timeout=120, check=False).returncode != 0:
        pytest.skip("SKIPPED LOUDLY: torch.compile is of PyTorch 2 (lab/torch)")
    marked = run(COMPILED)
    calls = {path: number for path, number in marked.calls().items() if not path.startswith("backward")}
    assert calls == {"OptimizedModule": 4, "OptimizedModule/_orig_mod": 4, "OptimizedModule/_orig_mod/_orig_mod.two": 4}
    plain = run(COMPILED, "marks")
    assert marked.printed == plain.printed and b"unique_graphs" in plain.printed
