# SPDX-License-Identifier: GPL-3.0-or-later
"""torchvision's classifiers with random weights, written by PyTorch's own exporter, with PyTorch's answers."""
import warnings

import torch
import torchvision
from torch import nn
from torch.nn import functional

CLASSES = 10


class Odd(nn.Module):
    """What the exporter writes as arithmetic on shapes: F.pad, view(size(0), -1), a mean over dimensions."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 16, 3), nn.Conv2d(16, 16, 3, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.last, self.mixed = nn.Linear(16 * 7 * 7, CLASSES), nn.Linear(16, CLASSES)

    def forward(self, x):
        x = torch.sigmoid(self.first(functional.pad(x, (1, 2, 0, 1))))
        x = functional.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False)
        x = torch.clamp(self.norm(self.second(x)), -1.0, 0.5)
        return self.last(x.view(x.size(0), -1)) * 0.5 + self.mixed(x.mean([2, 3]))


def small_classifier(model, inputs):
    model.avgpool = nn.Identity()
    model.classifier = nn.Sequential(nn.Dropout(), nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, CLASSES))
    return model


def modules():
    """(name, module, height and width, opsets)"""
    models = torchvision.models
    yield "resnet18", models.resnet18(num_classes=CLASSES, width_per_group=64), 64, (7, 9, 11, 13, 17)
    yield "resnet50", models.resnet50(num_classes=CLASSES), 64, (11,)
    yield "mobilenet_v2", models.mobilenet_v2(num_classes=CLASSES), 64, (9, 13)
    yield "squeezenet1_0", models.squeezenet1_0(num_classes=CLASSES), 79, (11, 17)
    yield "squeezenet1_1", models.squeezenet1_1(num_classes=CLASSES), 79, (10,)
    yield "vgg11_bn", small_classifier(models.vgg11_bn(), 512 * 2 * 2), 64, (9,)
    yield "alexnet", small_classifier(models.alexnet(), 256 * 2 * 2), 95, (7, 13)
    yield "densenet121", models.densenet121(num_classes=CLASSES), 64, (11,)
    yield "odd", Odd(), 29, (10, 11, 13, 17)


def randomize(module):
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.running_mean, 0, 0.1)
            nn.init.uniform_(part.running_var, 0.5, 1.5)
            nn.init.normal_(part.weight, 1, 0.1)
            nn.init.normal_(part.bias, 0, 0.1)


def export_all(folder):
    """(name, opset, file, input, PyTorch's answer). Odd opsets get an open batch and keep their batch normalisation."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    for name, module, size, opsets in modules():
        randomize(module.eval())
        x = torch.randn(1, 3, size, size)
        with torch.no_grad():
            answer = module(x).numpy()
        for opset in opsets:
            file = folder / f"torch-{name}-{opset}.onnx"
            keep = opset % 4 == 1
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                torch.onnx.export(module, x, str(file), opset_version=opset, input_names=["input"], output_names=["scores"],
                                  dynamic_axes={"input": {0: "N"}} if opset != 11 else None,
                                  training=torch.onnx.TrainingMode.PRESERVE if keep else torch.onnx.TrainingMode.EVAL)
            yield name, opset, file, x.numpy(), answer
