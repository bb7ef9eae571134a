# SPDX-License-Identifier: GPL-3.0-or-later
"""perfwatt classify --model FILE.onnx: hostile files are one line and exit 2, and what is no number is no answer."""
import re
import resource
import subprocess
import sys

import pytest

from conftest import BUILD, SOURCE, one_line, perfwatt

numpy = pytest.importorskip("numpy", reason="SKIPPED LOUDLY: no python3-numpy (scripts/setup test)")
onnx = pytest.importorskip("onnx", reason="SKIPPED LOUDLY: no python3-onnx (scripts/setup test)")
sys.path.insert(0, str(SOURCE / "tests" / "models"))
from onnx_builder import Builder  # noqa: E402

CLASSES = 1000
MOST_MEMORY = 4 << 30  # of addresses; far less than the files claim


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    if not (BUILD / "draw-photos").exists():
        pytest.skip("SKIPPED LOUDLY: this build is without the classifier")
    folder = tmp_path_factory.mktemp("photos")
    subprocess.run([BUILD / "draw-photos", folder, "--hotdogs", "2", "--others", "1"], check=True, timeout=60,
                   stdout=subprocess.DEVNULL)
    return folder


def model():
    b = Builder("small", 13, (1, 3, 16, 16), batch="1")
    x = b.pool("MaxPool", b.conv("input", 4), 2, 2)
    return b.model(b.gemm(b.flatten(b.node("GlobalAveragePool", [x]), "flatten"), 4, CLASSES), CLASSES)


def attribute(node, name):
    return next(found for found in node.attribute if found.name == name)


def external(made, location):
    weights = made.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", location), ("length", str(1 << 60))):
        entry = weights.external_data.add()
        entry.key, entry.value = key, value


def vast(made):
    made.graph.initializer[0].dims[0] = 1 << 60


def cycle(made):
    made.graph.node[0].input[0] = made.graph.node[1].output[0]


def repeated(made):
    shape = onnx.helper.make_tensor("vast", onnx.TensorProto.INT64, [2], [1 << 30, 1 << 30])
    made.graph.initializer.append(shape)
    made.graph.node.insert(0, onnx.helper.make_node("ConstantOfShape", ["vast"], ["ones"], name="ones"))


def classify(file, photos, *more):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    return perfwatt("classify", "--model", file, "--preprocess", "tf", "--threads", "1", photos, *more, preexec_fn=limit)


def test_the_model_itself_is_usable(tmp_path, photos):
    onnx.save(model(), tmp_path / "m.onnx")
    result = classify(tmp_path / "m.onnx", photos)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("change, words", [
    (vast, "has the shape 1152921504606846976x3x3x3"),
    (cycle, "depends on its own result"),
    (repeated, "node 'ones' (ConstantOfShape): a constant of the shape 1073741824x1073741824"),
    (lambda made: external(made, "../../../../../../etc/passwd"), "in another file"),
    (lambda made: external(made, "/etc/passwd"), "in another file"),
    (lambda made: setattr(made.graph.initializer[0], "data_type", onnx.TensorProto.FLOAT16), "is of type float16; "),
    (lambda made: attribute(made.graph.node[0], "pads").ints.__setitem__(0, 1 << 31), "pads is not 4 numbers"),
    (lambda made: attribute(made.graph.node[1], "strides").ints.__setitem__(0, 0), "strides is not 2 numbers"),
    (lambda made: setattr(made.graph.node[0], "op_type", "Einsum"), "node 'conv0' (Einsum): this operator is not supported"),
    (lambda made: setattr(made.opset_import[0], "version", 24), "an opset from 7 to 23"),
], ids=["vast", "cycle", "repeated", "outside", "absolute", "half", "pads", "strides", "unknown", "opset"])
def test_hostile_files_are_one_line(tmp_path, photos, change, words):
    made = model()
    change(made)
    (tmp_path / "m.onnx").write_bytes(made.SerializeToString())
    line = one_line(classify(tmp_path / "m.onnx", photos), 2)
    assert "m.onnx" in line and words in line


def test_half_a_file_and_no_file_at_all(tmp_path, photos):
    whole = model().SerializeToString()
    for name, content in (("half", whole[:len(whole) // 2]), ("empty", b""), ("text", b"this is no model\n" * 100)):
        (tmp_path / f"{name}.onnx").write_bytes(content)
        assert f"{name}.onnx" in one_line(classify(tmp_path / f"{name}.onnx", photos), 2)
    (tmp_path / "zeros.onnx").symlink_to("/dev/zero")
    assert "zeros.onnx" in one_line(classify(tmp_path / "zeros.onnx", photos), 2)
    assert "none.onnx" in one_line(classify(tmp_path / "none.onnx", photos), 2)


def ending(tmp_path, classes, *last):
    """A network of that many scores that ends in these operators."""
    b = Builder("small", 13, (1, 3, 16, 16), batch="1")
    x = b.gemm(b.flatten(b.node("GlobalAveragePool", [b.conv("input", 4)]), "flatten"), 4, classes)
    for op in last:
        x = b.node(op, [x])
    onnx.save(b.model(x, classes), tmp_path / "m.onnx")
    return tmp_path / "m.onnx"


def first_answer(result):
    """The label and the score of the first photo."""
    assert result.returncode == 0, result.stderr
    label, score = re.search(r"\.jpg: (.*) ([0-9.]+)\n", result.stdout).groups()
    return label, float(score)


def test_scores_that_are_probabilities_stay_as_they_are(tmp_path, photos):
    label, logit = first_answer(classify(ending(tmp_path, 5), photos))
    assert label.startswith("class ") and logit >= 1 / 5
    same, share = first_answer(classify(ending(tmp_path, 5, "Softmax"), photos))
    assert same == label and share == pytest.approx(logit, abs=2e-6)
    same, own = first_answer(classify(ending(tmp_path, 5, "Sigmoid", "Identity"), photos))
    assert same == label and own >= share


def test_a_single_score(tmp_path, photos):
    label, score = first_answer(classify(ending(tmp_path, 1, "Sigmoid"), photos))
    assert label == "score" and 0 < score < 1
    assert "one score and tells no classes apart" in one_line(classify(tmp_path / "m.onnx", photos, "--expect", "score"), 2)
    assert "one score without bounds" in one_line(classify(ending(tmp_path, 1), photos), 2)


def test_a_batch_that_was_filled_up_is_said(tmp_path, photos):
    file = ending(tmp_path, 5)
    assert "no batch of 4 was full" in classify(file, photos, "--batch", 4).stderr
    assert "was full" not in classify(file, photos, "--batch", 2).stderr


@pytest.mark.parametrize("value", [numpy.nan, numpy.inf], ids=["nan", "infinity"])
def test_what_is_no_number_is_reported_and_not_classified(tmp_path, photos, value):
    made = model()
    bias = made.graph.initializer[-1]
    numbers = numpy.frombuffer(bias.raw_data, dtype=numpy.float32).copy()
    numbers[7] = value
    bias.raw_data = numbers.tobytes()
    onnx.save(made, tmp_path / "m.onnx")
    result = classify(tmp_path / "m.onnx", photos, "--csv", tmp_path / "x.csv")
    assert "not made of finite numbers" in one_line(result, 1)
    assert "ACC" not in result.stdout
