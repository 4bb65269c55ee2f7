"""mlc.frontend.conda and requirements: what conda files ask for."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend.conda import parse_conda, python_version
from mlc.frontend.requirements import misspelt
from mlc.frontend.yaml.compose import compose


def parse(text, base, bag=None):
    bag = Bag() if bag is None else bag
    node = compose(text, "conda.yaml", bag)
    assert node is not None
    return parse_conda(node, base, bag)


def codes(text, base):
    bag = Bag()
    parse(text, base, bag)
    return [(item.code, item.span.line) for item in bag.sorted()]


USUAL = """\
name: training
channels: [conda-forge, defaults]
dependencies:
  - python=3.8.5
  - pip=20.2
  - conda-forge::scikit-learn>=1.0
  - setuptools
  - pip:
    - pandas==1.5  # data frames
    - --extra-index-url https://example.org/simple
    - "torch[cuda] @ https://example.org/torch.whl"
"""


def test_the_usual_shape(tmp_path):
    found = parse(USUAL, tmp_path)
    assert found.name == "training"
    assert found.channels == ("conda-forge", "defaults")
    assert found.python == "3.8.5"
    assert [item.text for item in found.conda] == ["conda-forge::scikit-learn>=1.0"]
    assert [item.text for item in found.tools] == ["pip=20.2", "setuptools"]
    assert [item.text for item in found.pip] == [
        "pandas==1.5",
        "--extra-index-url https://example.org/simple",
        "torch[cuda] @ https://example.org/torch.whl",
    ]
    assert (found.pip[1].span.line, found.pip[1].span.column) == (10, 7)


def test_mlflow_s_shape_with_a_requirements_file(tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "requirements.txt").write_text("# first\nmlflow==2.9 \\\n  --hash=sha256:0\n\n-r more/extra.txt\n")
    (tmp_path / "more" / "extra.txt").write_text("pandas\n")
    text = "python: 3.10\nbuild_dependencies: [pip==23, setuptools]\ndependencies:\n- -r requirements.txt\n"
    found = parse(text, tmp_path)
    assert found.python == "3.10"
    assert not found.conda
    assert [item.text for item in found.pip] == ["pip==23", "setuptools", "mlflow==2.9   --hash=sha256:0", "pandas"]
    assert found.pip[2].span.file == str(tmp_path / "requirements.txt")
    assert found.pip[2].span.line == 2


@pytest.mark.parametrize(
    ("spec", "version"),
    [
        ("python", None),
        ("python=3.8", "3.8"),
        ("python==3.8.5", "3.8.5"),
        ("python = 3.8", "3.8"),
        ("python 3.8", "3.8"),
        ("python=3.8.*", "3.8"),
        ("python=3.10=h12debd9_1", "3.10"),
        ("conda-forge::python=3.9", "3.9"),
        ("python>=3.9", ">=3.9"),
        ("python >= 3.8, <3.11", ">=3.8,<3.11"),
        ("python~=3.9", "~=3.9"),
        ("python=*", None),
    ],
)
def test_versions_of_python(spec, version):
    assert python_version(spec) == version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a, b]", [("E104", 1)]),
        ("dependencies: python", [("E104", 1)]),
        ("dependencies: [3]", [("E104", 1)]),
        ("dependencies: [{pip: pandas}]", [("E104", 1)]),
        ("dependencies: [{npm: [left-pad]}]", [("E104", 1)]),
        ("dependencies: [{pip: [[a]]}]", [("E104", 1)]),
        ("dependencies: [python=3.8, python=3.9]", [("E123", 1)]),
        ("dependency: [python=3.8]", [("W102", 1)]),
        ("prefix: /opt/conda", [("W103", 1)]),
        ("dependencies: [{pip: [./wheel.whl]}]", [("E124", 1)]),
        ("dependencies: [{pip: [-e .]}]", [("E124", 1)]),
        ("dependencies: [{pip: [-c constraints.txt]}]", [("E101", 1)]),
        ("dependencies: [{pip: [-f ./wheels]}]", [("E124", 1)]),
        ("dependencies: [{pip: [--find-links=https://example.org/x, '-f ${LINKS}']}]", []),
        ('dependencies: [{pip: ["a\\nRUN rm -rf /"]}]', [("E124", 1)]),
        ("dependencies: [{pip: [3]}]", [("E104", 1)]),
        ("dependencies: [{pip: [numpy=1.2]}]", [("E124", 1)]),
        ('dependencies: ["numpy>="]', [("E124", 1)]),
        ("dependencies: [numpy=1.2=py39_0, numpy=, 'a::b>=1']", []),
        ("dependencies: [{pip: [-r nowhere.txt]}]", [("E101", 1)]),
        ("dependencies: [{pip: [git+https://example.org/x.git]}]", []),
        ("dependencies: [{pip: [-e git+https://example.org/x.git]}]", []),
    ],
)
def test_what_cannot_be_used_is_reported(tmp_path, text, expected):
    assert codes(text, tmp_path) == expected


def test_files_that_name_each_other_come_to_an_end(tmp_path):
    (tmp_path / "a.txt").write_text("-r a.txt\n")
    assert codes("dependencies: [{pip: [-r a.txt]}]", tmp_path) == [("E124", 1)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("numpy", None),
        ("numpy==1.26.4", None),
        ("numpy [extra, other] >= 1.0, < 2", None),
        ("numpy (>=1,<2)", None),
        ("numpy~=1.2; python_version < '3.9'", None),
        ("numpy===1.0+local", None),
        ("numpy==1.0 --hash=sha256:00", None),
        ("zope.interface!=5.*", None),
        ("numpy==", "It has no version behind the comparison"),
        ("numpy >= ", "It has no version behind the comparison"),
        ("numpy=1.2", "pip compares with '==', a single '=' is conda's"),
        ("numpy=>1.2", "It says '=>' for '>='"),
        ("'numpy'", "It does not begin with a package's name"),
        ("numpy 1.2", "'1.2' is not a choice of versions"),
        ("numpy>1<2", "'>1<2' is not a choice of versions"),
    ],
)
def test_what_pip_can_read(line, why):
    assert misspelt(line) == why
