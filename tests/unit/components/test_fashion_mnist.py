"""The example's preparation step and its data, without TensorFlow and without containers."""

import gzip
import importlib.util
import struct
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "components" / "fashion_mnist"
WHOLE = Path("/usr/share/datasets/fashion-mnist")


@pytest.fixture
def prep(monkeypatch):
    """The module of the step, with decorators that leave the function as it is."""
    designer = ModuleType("mldesigner")
    for name, value in {
        "Input": lambda **_: None,
        "Output": lambda **_: None,
        "command_component": lambda **_: lambda function: function,
    }.items():
        setattr(designer, name, value)
    monkeypatch.setitem(sys.modules, "mldesigner", designer)
    return load(EXAMPLE / "prep" / "prep_component.py")


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def idx(*shape, body):
    return struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape) + bytes(body)


@pytest.fixture
def tiny(tmp_path):
    """Two training images of 2 x 2 pixels as gzip, one test image raw and with a dot in its name."""
    folder = tmp_path / "idx"
    folder.mkdir()
    images = idx(2, 2, 2, body=[0, 1, 2, 3, 252, 253, 254, 255])
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(2, body=[9, 0])))
    (folder / "t10k-images.idx3-ubyte").write_bytes(idx(1, 2, 2, body=[7, 7, 7, 7]))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(1, body=[5]))
    return folder


def test_images_become_rows_with_the_label_first(prep, tiny, tmp_path):
    prep.prepare_data_component(str(tiny), str(tmp_path), str(tmp_path))
    assert (tmp_path / "mnist_train.csv").read_text() == "9,0,1,2,3\n0,252,253,254,255\n"
    assert (tmp_path / "mnist_test.csv").read_text() == "5,7,7,7,7\n"


def test_missing_and_broken_files_are_named(prep, tiny, tmp_path):
    (tiny / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(3, body=[1, 2, 3])))
    with pytest.raises(SystemExit, match="2 images but 3 labels for train"):
        prep.convert(tiny, "train", tmp_path / "x.csv")
    (tiny / "t10k-labels-idx1-ubyte").write_bytes(b"a CSV file, perhaps")
    with pytest.raises(SystemExit, match="t10k-labels-idx1-ubyte is not an IDX file"):
        prep.convert(tiny, "t10k", tmp_path / "x.csv")
    (tiny / "t10k-images.idx3-ubyte").unlink()
    with pytest.raises(SystemExit, match="neither t10k-images-idx3-ubyte nor"):
        prep.convert(tiny, "t10k", tmp_path / "x.csv")


@pytest.mark.parametrize(("part", "count"), [("train", 6000), ("t10k", 1000)])
def test_the_subset_has_every_class_equally_often(prep, part, count):
    shape, pixels = prep.read_idx(EXAMPLE / "data" / f"{part}-images-idx3-ubyte.gz")
    assert shape == (count, 28, 28)
    assert len(pixels) == count * 28 * 28
    (labelled,), labels = prep.read_idx(EXAMPLE / "data" / f"{part}-labels-idx1-ubyte.gz")
    assert labelled == count
    assert Counter(labels) == dict.fromkeys(range(10), count // 10)


@pytest.mark.skipif(not WHOLE.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed")
def test_the_subset_is_what_its_script_makes(tmp_path):
    load(EXAMPLE / "make_data.py").main(WHOLE, tmp_path)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 4
    for path in made:
        assert gzip.decompress(path.read_bytes()) == gzip.decompress((EXAMPLE / "data" / path.name).read_bytes())
