# SPDX-License-Identifier: GPL-3.0-or-later
"""ResNet-18 in plain PyTorch, which knows nothing of who looks, and its calls: for bench/torch and the collector's tests."""
import collections

from torch import nn


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
