# SPDX-License-Identifier: GPL-3.0-or-later
"""ResNet-18 with random weights in plain PyTorch, a script that knows nothing of who looks: torch_resnet.py THREADS SIZE CALLS [count]. Prints JSON: the median
and the least forward in ms, what the process took meanwhile (CPU time, page faults, seconds), with `count` how often each module was called."""
import collections
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn

THREADS, SIZE, CALLS = map(int, sys.argv[1:4])
torch.manual_seed(0)
torch.set_num_threads(THREADS)


class Block(nn.Module):
    def __init__(self, planes, out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(planes, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.downsample = nn.Sequential(nn.Conv2d(planes, out, 1, stride, bias=False), nn.BatchNorm2d(out)) if planes != out else None

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu(y + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.relu, self.maxpool = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        planes = 64
        for number, out in enumerate((64, 128, 256, 512), 1):
            setattr(self, f"layer{number}", nn.Sequential(Block(planes, out, 1 if number == 1 else 2), Block(out, out, 1)))
            planes = out
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


def counted(model):
    """The calls of each module from now on, counted within: in its forward()."""
    calls = collections.Counter()
    for name, module in model.named_modules():
        def forward(*args, name=name or "ResNet", inner=module.forward):
            calls[name] += 1
            return inner(*args)

        module.forward = forward
    return calls


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_s": time.process_time(), "page_faults": usage.ru_minflt + usage.ru_majflt, "elapsed_s": time.perf_counter()}


model, x, forwards = ResNet().eval(), torch.randn(1, 3, SIZE, SIZE), []
module_calls = counted(model) if sys.argv[4:] == ["count"] else {}
with torch.no_grad():
    before = used()
    for _ in range(CALLS):
        begin = time.perf_counter()
        model(x)
        forwards.append(time.perf_counter() - begin)
    after = used()
print(json.dumps({"median_ms": statistics.median(forwards) * 1e3, "least_ms": min(forwards) * 1e3, "sum_s": sum(forwards), "module_calls": module_calls,
                  "used": {name: after[name] - before[name] for name in after}}))
