"""Modules that are not installed here: which may be missing, and what they are until then."""

import pytest
from tests.support.scripts import notebook, script, study

from mlc.frontend.python.missing import StandIn
from mlc.frontend.python.missing_distributions import distributions, listed, required_name

STEP = """
import notthere_{name}
from notthere_{name}.keras import layers, Model
from mldesigner import Input, command_component

class Net(Model):
    rate = layers.Dense(3) + 1

@layers.register("x")
def helper():
    ...

@command_component(environment=dict(image="i", conda_file="conda.yaml"))
def step(data: Input(type="uri_folder")):
    notthere_{name}.run(data)
"""
USE = study("x = step(data=d)", head="from code.step import step\n").replace("code.", "steps.")


def load(tmp_path, conda: str, name: str = "one"):
    code = STEP.format(name=name).replace('"conda.yaml"', '__import__("pathlib").Path(__file__).parent / "conda.yaml"')
    return script(tmp_path, USE, steps__step_py=code, steps__conda_yaml=conda)


@pytest.mark.parametrize(
    "conda",
    [
        "dependencies: [python=3.9, {pip: [notthere-one==2.1]}]",
        "dependencies: [python=3.9, 'conda-forge::notthere_one>=2']",
        "dependencies: [python=3.9, {pip: ['Notthere_One[extra]~=1.0']}]",
        "dependencies: [python=3.9, {pip: ['https://example.com/what.whl']}]",
    ],
)
def test_what_the_environment_lists_may_be_missing(tmp_path, conda):
    loaded = load(tmp_path, conda)
    assert loaded.said == []
    assert loaded.nodes == ["x"]


def test_what_it_does_not_list_is_reported_at_the_import(tmp_path):
    loaded = load(tmp_path, "dependencies: [python=3.9, {pip: [pandas]}]")
    assert loaded.said == ["E206 2: The module 'notthere_one' is not installed here"]
    item = loaded.bag.items[0]
    assert "component 'step'" in item.why
    assert item.span.file.endswith("steps/step.py")
    assert "pip install notthere-one" in item.fix


def test_an_image_may_hold_anything(tmp_path):
    code = STEP.format(name="two").replace(', conda_file="conda.yaml"', "")
    assert script(tmp_path, USE, steps__step_py=code).said == []


def test_the_script_itself_has_no_environment(tmp_path):
    loaded = script(tmp_path, study("x = a(data=d)", head="import notthere_three\n"))
    assert loaded.said == ["E206 5: The module 'notthere_three' is not installed here"]


def test_a_misspelt_module_of_the_source(tmp_path):
    loaded = script(tmp_path, study("x = a(data=d)", head="import helprs\n"), helpers_py="")
    assert loaded.bag.items[0].fix.startswith("Did you mean 'helpers'?")


def test_an_import_that_is_prepared_to_fail_fails(tmp_path):
    head = """
import importlib.util
try:
    import notthere_four
except ImportError:
    notthere_four = None
assert notthere_four is None
assert importlib.util.find_spec("notthere_four") is None
"""
    assert script(tmp_path, study("x = a(data=d)", head=head)).said == []


def test_a_value_from_a_missing_module_is_no_value(tmp_path):
    code = STEP.format(name="one").replace('conda_file="conda.yaml"', 'conda_file={"dependencies": ["notthere_one"]}')
    code += "\nfrom notthere_one import DEFAULT\n"
    text = USE.replace("import step", "import step, DEFAULT").replace("data=d", "data=DEFAULT")
    loaded = script(tmp_path, text, steps__step_py=code)
    assert loaded.codes == ["E206"]
    assert "comes from notthere_one" in loaded.said[0]


def test_a_stand_in_answers_anything():
    thing = StandIn("lib.part")
    assert isinstance(thing.any.thing(1, x=2)[3], StandIn)
    assert [*thing] == []
    assert (int(thing), float(thing), len(thing), bool(thing), thing > 3) == (0, 0.0, 0, True, False)
    assert isinstance(thing + 1, StandIn)
    assert isinstance(3 * thing, StandIn)
    with thing as entered:
        assert entered is thing
    assert not isinstance(3, thing)

    @thing.decorator
    def function():
        return "kept"

    assert function() == "kept"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("scikit_learn==1.0", "scikit-learn"),
        ("conda-forge::NumPy=1.22", "numpy"),
        ("mlflow[extras]>=2; python_version<'3.9'", "mlflow"),
        ("pkg @ https://example.com/pkg.whl", "pkg"),
        ("git+https://example.com/x.git#egg=Some.Pkg", "some-pkg"),
        ("https://example.com/x-1.0.whl", None),
        ("--extra-index-url https://example.com", None),
    ],
)
def test_which_distribution_a_line_asks_for(line, name):
    assert required_name(line) == name


def test_imports_and_distributions():
    assert "scikit-learn" in distributions("sklearn.linear_model")
    assert distributions("my_package") == ("my-package",)
    assert {"numpy", "keras", "pillow"} <= listed(["tensorflow-cpu==2.16", "matplotlib"])


def test_what_a_pipeline_returns_comes_from_a_missing_module(tmp_path):
    head = "from notthere_five import index\n"
    loaded = script(tmp_path, study("a(data=d)\nreturn index(data=d).outputs", head=head))
    assert loaded.codes == ["E206", "E206"]
    assert loaded.said[1].endswith("What pipeline 'p' returns comes from notthere_five, which is not installed here")


LATE = "from azure.ai.ml import MLClient\nMLClient.from_config().create_or_update(job)\n"


def test_what_is_imported_after_the_submission_has_no_part_in_it(tmp_path):
    late = "import notthere_six as six\nprint(six.metrics(job.name) > 0.5)\n"
    loaded = script(tmp_path, study("x = a(data=d)") + LATE + late)
    assert loaded.codes == ["W205"]
    assert loaded.nodes == ["x"]
    again = script(tmp_path, study("x = a(data=d)") + LATE + late + "job = p(Input(path='..'))\n" + LATE)
    assert set(again.codes) == {"E205", "E206"}
    cells = notebook(tmp_path, study("x = a(data=d)"), late)
    assert (cells.codes, cells.nodes) == (["W205"], ["x"])
    assert notebook(tmp_path, late.partition("\n")[0], study("x = a(data=d)")).codes == ["E206"]
