"""Data that a source makes itself and takes away again, and downloads that fail."""

import pytest
from tests.support.scripts import HEAD, notebook, script

from mlc.diagnostics import Bag
from mlc.driver import Options, check
from mlc.frontend.python.downloads import is_download_failure
from mlc.ir.pipeline import Data

SUBMIT = "from azure.ai.ml import MLClient\nclient = MLClient.from_config()\n"
PIPELINE = "@pipeline()\ndef p(d):\n    x = a(data=d)\n"
UNREACHABLE = "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/data.zip')\n"


def data_of(loaded):
    (item,) = loaded.pipeline.inputs
    assert isinstance(item.value, Data)
    return item.value


def kept(loaded):
    found = data_of(loaded).kept
    assert found is not None
    return found.file_name, {name: file.read() for name, file in found.files}


def test_a_temporary_file_that_is_removed_in_finally(tmp_path):
    text = f"""{HEAD}{SUBMIT}{PIPELINE}
import os
with open("rows.csv", "w") as stream:
    stream.write("1,2")
try:
    client.create_or_update(p(Input(type="uri_file", path="rows.csv")))
finally:
    os.remove("rows.csv")
"""
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert kept(loaded) == ("rows.csv", {"": b"1,2"})
    assert not (tmp_path / "rows.csv").exists()


def test_temporary_names_do_not_reach_the_bundle(tmp_path):
    text = f"""{HEAD}{SUBMIT}{PIPELINE}
import tempfile
made = tempfile.NamedTemporaryFile("w", suffix=".csv")
made.write("1,2")
made.flush()
client.create_or_update(p(Input(type="uri_file", path=made.name)))
"""
    assert kept(script(tmp_path, text)) == ("data.csv", {"": b"1,2"})


def test_a_temporary_folder_that_lives_as_long_as_the_script(tmp_path):
    text = f"""{HEAD}{SUBMIT}{PIPELINE}
import pathlib, tempfile
folder = tempfile.mkdtemp()
(pathlib.Path(folder) / "sub").mkdir()
(pathlib.Path(folder) / "sub" / "a.txt").write_text("A")
client.create_or_update(p(Input(type="uri_folder", path=folder)))
"""
    assert kept(script(tmp_path, text)) == (None, {"sub/a.txt": b"A"})


def test_kept_data_travels_in_the_bundle(tmp_path):
    text = f"""{HEAD}{SUBMIT}
from azure.ai.ml import command
from azure.ai.ml.entities import Environment
inputs = {{"d": Input(type="uri_file")}}
c = command(name="c", command="cat ${{{{inputs.d}}}}", environment=Environment(image="i"), inputs=inputs)
@pipeline()
def p(d):
    x = c(d=d)
import os, pathlib
pathlib.Path("rows.csv").write_text("1,2")
client.create_or_update(p(Input(type="uri_file", path="rows.csv")))
os.remove("rows.csv")
"""
    script(tmp_path, text)
    bag = Bag()
    plan = check(tmp_path / "job.py", Options(cwd=tmp_path), bag)
    assert plan is not None, bag.items
    (given,) = plan.inputs
    assert (given.value, given.file_name) == ("data/d/rows.csv", "rows.csv")
    assert [(name, file.read()) for name, file in given.vendored] == [("", b"1,2")]


def test_data_that_stays_is_not_copied(tmp_path):
    text = (
        f"{HEAD}{SUBMIT}{PIPELINE}\nopen('rows.csv', 'w').close()\nclient.create_or_update(p(Input(path='rows.csv')))\n"
    )
    assert data_of(script(tmp_path, text)).kept is None


def test_data_that_a_cell_writes(tmp_path):
    cells = (HEAD, "%%writefile rows.csv\n1,2", f"{PIPELINE}job = p(Input(type='uri_file', path='rows.csv'))")
    assert kept(notebook(tmp_path, *cells)) == ("rows.csv", {"": b"1,2\n"})


def test_a_notebook_goes_on_behind_a_download_that_fails(tmp_path):
    download = f"""
from pathlib import Path
folder = Path("mnist")
folder.mkdir()
{UNREACHABLE}
open(folder / "missing.gz")
d = Input(path=folder.as_posix())
"""
    loaded = notebook(
        tmp_path, HEAD, download, "open('mnist/other.txt')\nn = 3", f"{PIPELINE}assert n == 3\njob = p(d)"
    )
    assert loaded.nodes == ["x"]
    assert data_of(loaded).awaited
    assert set(loaded.codes) == {"W208"}
    assert [text.partition(": ")[2][:40] for text in loaded.said] == [
        "This cell needs the network, and fails: ",
        "The data 'mnist' is not there, and a dow",
        "This cell needs a file, and fails: FileN",
    ]
    assert not (tmp_path / "mnist").exists()


def test_what_cannot_go_on_says_which_download_failed(tmp_path):
    loaded = notebook(tmp_path, f"{UNREACHABLE}", "frame = rows + 1")
    assert loaded.codes == ["W208", "E201"]
    assert loaded.bag.items[1].why == "The download in cell 1 has failed before"


def test_a_script_says_that_it_needs_the_network(tmp_path):
    loaded = script(tmp_path, UNREACHABLE)
    assert loaded.codes == ["E201"]
    assert loaded.bag.items[0].why == "The network is not reached"


def test_a_missing_file_without_a_download_is_a_mistake(tmp_path):
    assert notebook(tmp_path, HEAD, "open('missing.txt')").codes == ["E201"]


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (type("MaxRetryError", (Exception,), {})(), True),
        (type("ConnectTimeout", (type("ConnectionError", (OSError,), {}),), {})(), True),
        (FileNotFoundError(), False),
        (ValueError("ConnectionError"), False),
    ],
)
def test_which_exceptions_are_of_the_network(problem, expected):
    assert is_download_failure(problem) is expected


def test_what_was_raised_because_of_the_network():
    def fail() -> None:
        import urllib.request

        try:
            urllib.request.urlopen("http://127.0.0.1:9/")
        except OSError as problem:
            raise RuntimeError("no data") from problem

    with pytest.raises(RuntimeError) as caught:
        fail()
    assert is_download_failure(caught.value)


def test_what_the_author_raises_is_not_of_the_network(tmp_path):
    loaded = script(tmp_path, "raise TimeoutError('the job is late')\n")
    assert (loaded.codes, loaded.bag.items[0].why) == (["E201"], "")
