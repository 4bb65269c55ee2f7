"""mlc.stock: what a YAML file describes, with everything that it needs, put into the catalog."""

import shutil
from pathlib import Path

import pytest

from mlc import stock
from mlc.catalog.store import Store, catalog_root
from mlc.config import Config
from mlc.diagnostics import Bag, MlcError
from mlc.driver import Options, check
from mlc.ir.asset import AssetKind
from mlc.stock import Wish


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "train" / "src" / "inner").mkdir(parents=True)
    (folder / "lib").mkdir()
    (folder / "lib" / "shared.py").write_text("shared")
    (folder / "train" / "src" / "train.py").write_text("train")
    (folder / "train" / "src" / "inner" / "left_out.bin").write_text("no")
    (folder / "train" / "src" / ".amlignore").write_text("*.bin\n")
    (folder / "train" / "conda.yml").write_text("name: c\ndependencies: [python=3.11, {pip: [-r pip.txt]}]\n")
    (folder / "train" / "pip.txt").write_text("numpy==2.0\n")
    (folder / "train" / "component.yml").write_text(
        "name: train\nversion: 2\ndescription: Trains\ncode: ./src\nadditional_includes: [../lib]\ncommand: ls\n"
        "environment: {image: 'python:3.11', conda_file: conda.yml}\n"
    )
    return folder


def add(path, kind=AssetKind.COMPONENT, **more):
    bag = Bag()
    done = stock.add_file(path, Wish(kind=kind, cwd=path.parent, **more), bag)
    return [(str(entry.kind), entry.name, entry.version, str(state)) for entry, state in done.added], bag


def codes(bag):
    return [item.code for item in bag.sorted()]


def commands(source):
    """The commands of the steps of a pipeline, and the files of its components."""
    bag = Bag()
    plan = check(source, Options(cwd=source.parent), bag)
    assert plan is not None, [item.text for item in bag.sorted()]
    return {name: file.read() for component in plan.components for name, file in component.files}, plan


def test_a_component_is_kept_with_all_files_that_it_needs(project, tmp_path):
    assert add(project / "train" / "component.yml") == ([("component", "train", "2", "added")], (Bag()))
    store = Store(catalog_root(Config()))
    content = store.folder(AssetKind.COMPONENT, "train", "2") / "content"
    files = {path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file()}
    assert files == {
        "lib/shared.py",
        "train/component.yml",
        "train/conda.yml",
        "train/pip.txt",
        "train/src/.amlignore",
        "train/src/train.py",
    }
    before, plan = commands(_pipeline(project / "train" / "p.yml", "./component.yml"))
    shutil.rmtree(project)
    after, again = commands(_pipeline(tmp_path / "elsewhere" / "p.yml", "azureml:train:2"))
    assert after == before == {".amlignore": b"*.bin\n", "lib/shared.py": b"shared", "train.py": b"train"}
    assert [image.name for image in again.images] == [image.name for image in plan.images]


def _pipeline(path: Path, component: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"type: pipeline\njobs: {{a: {{component: '{component}'}}}}\n")
    return path


def test_what_it_needs_by_name_is_added_before_it(project):
    (project / "env.yml").write_text("name: ours\nimage: python:3.11\n")
    (project / "score.yml").write_text("name: score\ncommand: ls\nenvironment: azureml:ours@latest\n")
    (project / "both.yml").write_text(
        "name: both\ntype: pipeline\njobs:\n  a: {component: azureml:score}\n  b: {component: train/component.yml}\n"
    )
    (project / ".git").mkdir()
    assert add(project / "both.yml")[0] == [
        ("environment", "ours", "1", "added"),
        ("component", "score", "1", "added"),
        ("component", "both", "1", "added"),
    ]
    assert [state for *_, state in add(project / "both.yml")[0]] == ["unchanged"] * 3


def test_a_component_that_is_not_here_keeps_its_pipeline_out(project):
    (project / "p.yml").write_text("name: p\ntype: pipeline\njobs:\n  a: {component: azureml:nowhere}\n")
    added, bag = add(project / "p.yml")
    assert (added, codes(bag)) == ([], ["E520"])


def test_an_environment_that_is_not_here_is_said(project):
    (project / "a.yml").write_text("name: a\ncommand: ls\nenvironment: azureml:nowhere:3\n")
    done = stock.add_file(project / "a.yml", Wish(kind=AssetKind.COMPONENT, cwd=project), Bag())
    assert ([entry.name for entry, _ in done.added], done.unknown) == (["a"], ("azureml:nowhere:3",))


def test_names_are_looked_up_from_the_working_folder_too(project):
    (project / "env.yml").write_text("name: ours\nimage: python:3.11\n")
    (project / "lib" / "a.yml").write_text("name: a\ncommand: ls\nenvironment: azureml:ours\n")
    done = stock.add_file(project / "lib" / "a.yml", Wish(kind=AssetKind.COMPONENT, cwd=project), Bag())
    assert [entry.name for entry, _ in done.added] == ["ours", "a"]


def test_an_image_by_name_is_added_too(project):
    (project / "base.yml").write_text("name: base\nimage: python:3.11\n")
    (project / "env.yml").write_text("name: ours\nimage: azureml:base@latest\n")
    (project / "a.yml").write_text("name: a\ncommand: ls\nenvironment: azureml:ours\n")
    assert [name for _, name, *_ in add(project / "a.yml")[0]] == ["base", "ours", "a"]


def test_curated_and_kept_environments_are_not_added_again(project):
    (project / "a.yml").write_text("name: a\ncommand: ls\nenvironment: azureml:AzureML-sklearn-1.5@latest\n")
    assert add(project / "a.yml")[0] == [("component", "a", "1", "added")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: a\ncommand: ls\ncode: {project}/lib\nenvironment: {{image: i}}\n", "does not stand alone"),
        ("name: a\ncommand: ls\ncode: ./empty\nenvironment: {{image: i}}\n", "does not stand alone"),
        ("- a\n- b\n", "describes nothing"),
    ],
)
def test_what_cannot_be_kept(project, text, words):
    (project / "empty").mkdir()
    (project / "a.yml").write_text(text.format(project=project))
    added, bag = add(project / "a.yml")
    assert (added, codes(bag)) == ([], ["E522"])
    assert words in bag.items[0].what
    assert not catalog_root(Config()).exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("command: ls\nenvironment: {image: i}\n", "E110"),
        ("name: A-b\ncommand: ls\nenvironment: {image: i}\n", "E114"),
        ("name: a\ncommand: ls\ncode: ./nowhere\nenvironment: {image: i}\n", "E101"),
        ("name: [\n", "E102"),
    ],
)
def test_mistakes_in_the_yaml_keep_it_out(project, text, code):
    (project / "a.yml").write_text(text)
    added, bag = add(project / "a.yml")
    assert (added, codes(bag)) == ([], [code])


def test_a_script_is_no_yaml(project):
    (project / "lib" / "shared.py").rename(project / "lib" / "shared.txt")
    assert codes(add(project / "lib" / "shared.txt")[1]) == ["E522"]


def test_data_is_kept_as_its_place(project, tmp_path):
    (project / "data.yml").write_text("name: titanic\nversion: 3\ntype: uri_folder\npath: ./lib\n")
    assert add(project / "data.yml", AssetKind.DATA)[0] == [("data", "titanic", "3", "added")]
    wish = Wish(kind=AssetKind.DATA, cwd=project)
    ((entry, _),) = stock.add_location("web", None, "https://example.com/a.csv", wish)
    assert (entry.version, entry.title) == ("1", "https://example.com/a.csv")
    source = tmp_path / "elsewhere" / "p.yml"
    source.parent.mkdir()
    source.write_text(
        "type: pipeline\ninputs: {d: {type: uri_folder, path: 'azureml:titanic:3'}}\njobs:\n"
        "  a: {command: 'ls ${{inputs.d}}', environment: {image: i}, inputs: {d: '${{parent.inputs.d}}'}}\n"
    )
    _, plan = commands(source)
    assert [item.value for item in plan.inputs] == ["../../../project/lib"]


def test_data_that_is_not_there_is_not_kept(project):
    with pytest.raises(MlcError) as stop:
        stock.add_location("gone", None, "./gone", Wish(kind=AssetKind.DATA, cwd=project))
    assert stop.value.diagnostic.code == "E522"


@pytest.mark.parametrize(("name", "target"), [("a\x07", "."), ("\udcff", "."), ("a", "https://h/\udcff")])
def test_names_and_places_that_are_no_text(project, name, target):
    with pytest.raises(MlcError) as stop:
        stock.add_location(name, None, target, Wish(kind=AssetKind.DATA, cwd=project))
    assert stop.value.diagnostic.code == "E522"


def test_a_catalog_that_cannot_be_written(project, tmp_path):
    (tmp_path / "file").write_text("")
    wish = Wish(kind=AssetKind.COMPONENT, cwd=project, config=Config(catalog=tmp_path / "file" / "catalog"))
    with pytest.raises(MlcError) as stop:
        stock.add_file(project / "train" / "component.yml", wish, Bag())
    assert stop.value.diagnostic.code == "E524"


STEPS = """
from pathlib import Path
from mldesigner import command_component, Input, Output

@command_component(version="3", environment=dict(image="python:3.11", conda_file=Path(__file__).parent / "c.yml"))
def prepare(src: Input(type="uri_folder"), out: Output(type="uri_folder"), n: int = 3, on: bool = True, word="007"):
    '''Prepare it.'''
    raise AssertionError("is not run")

@command_component(environment="azureml:mine@latest")
def train(a: int, word: Input(type="string", optional=True) = None) -> int:
    return a

if __name__ == "__main__":
    raise AssertionError("is imported, not run")
"""


@pytest.fixture
def steps(tmp_path):
    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "c.yml").write_text("channels: [c]\ndependencies: [python=3.11, pip, {pip: [numpy]}]\n")
    (folder / "mine.yml").write_text("name: mine\nimage: debian:12\n")
    (folder / "steps.py").write_text(STEPS)
    return folder


def test_functions_of_a_python_file_are_kept_as_components(steps, tmp_path):
    done, bag = add(steps / "steps.py")
    assert bag.items == []
    assert done == [
        ("component", "prepare", "3", "added"),
        ("component", "train", "1", "added"),
        ("environment", "mine", "1", "added"),
    ]
    (steps / "uses.py").write_text(
        "from azure.ai.ml import Input\nfrom azure.ai.ml.dsl import pipeline\nfrom steps import prepare, train\n"
        "@pipeline()\ndef p(d):\n    first = prepare(src=d, n=4)\n    second = train(a=5)\n"
        "job = p(Input(type='uri_folder', path='.'))\n"
    )
    (tmp_path / "job.yml").write_text(
        "type: pipeline\ninputs: {d: {type: uri_folder, path: ./steps}}\njobs:\n"
        "  first: {component: 'azureml:prepare:3', inputs: {src: '${{parent.inputs.d}}', n: 4}}\n"
        "  second: {component: 'azureml:train@latest', inputs: {a: 5}}\n"
    )
    _, imported = commands(steps / "uses.py")
    shutil.rmtree(steps)
    steps.mkdir()
    files, plan = commands(tmp_path / "job.yml")
    assert files["steps.py"] == STEPS.encode()
    for mine, theirs in zip(plan.tasks, imported.tasks, strict=True):
        assert (mine.name, mine.command, mine.is_python_function) == (theirs.name, theirs.command, True)
        assert [(item.name, item.type) for item in mine.outputs] == [(item.name, item.type) for item in theirs.outputs]
    assert [image.recipe for image in plan.images] == [image.recipe for image in imported.images]


def test_one_function_of_a_file(steps):
    assert add(steps / "steps.py:prepare")[0] == [("component", "prepare", "3", "added")]
    for name, fix in (("steps.py:prepar", "Did you mean 'prepare'?"), ("none.py", "Decorate one with")):
        (steps / "none.py").write_text("x = 1\n")
        done, bag = add(steps / name)
        assert (done, codes(bag)) == ([], ["E522"])
        assert bag.items[0].fix.startswith(fix)


def test_a_python_file_that_fails(steps):
    (steps / "steps.py").write_text("1 / 0\n")
    assert codes(add(steps / "steps.py")[1]) == ["E201"]
    assert codes(add(steps / "absent.py:f")[1]) == ["E101"]
