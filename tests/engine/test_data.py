"""Remote data on a real engine: a web server that breaks off and a storage server, read by steps; delivered outputs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import in_ci
from tests.engine.conftest import Compile
from tests.support.azurite import Azurite, NoAzuriteError, running
from tests.support.bundles import Bundle, mlc, steps_run, steps_skipped, write_files
from tests.support.engine import Engine
from tests.support.network import OUTER
from tests.support.web import Answer, Web, etag

pytestmark = pytest.mark.engine

IRIS = b"a,b\n1,2\n" * 4000
PIPELINE = """\
type: pipeline
display_name: far away
inputs:
  iris: {type: uri_file, path: "WEB/iris%20all.csv"}
outputs:
  result: {type: uri_folder, path: "azureml://datastores/here/paths/results"}
jobs:
  count: {type: command, component: ./count.yml, inputs: {table: "${{parent.inputs.iris}}"}}
  read:
    type: command
    component: ./read.yml
    inputs: {table: "${{parent.inputs.iris}}", tree: {type: uri_folder, path: "STORE/data/in"}}
    outputs: {out: "${{parent.outputs.result}}"}
"""
COUNT = """\
name: count
command: wc -c ${{inputs.table}} && cat ${{inputs.table}} | wc -l
inputs: {table: {type: uri_file}}
environment: {image: "docker.io/library/python:3.11-slim-bookworm"}
"""
READ = """\
name: read
command: >-
  basename ${{inputs.table}} > ${{outputs.out}}/name.txt &&
  cd ${{inputs.tree}} && find . -type f | sort > ${{outputs.out}}/tree.txt
inputs: {table: {type: uri_file}, tree: {type: uri_folder}}
outputs: {out: {type: uri_folder}}
environment: {image: "docker.io/library/python:3.11-slim-bookworm"}
"""

OPTIONAL = """\
from azure.ai.ml import Input, dsl, load_component

say = load_component("say.yml")

@dsl.pipeline(name="may_be_empty")
def may_be_empty(far: Input(type="uri_file", optional=True)):
    said = say(table=far)

job = may_be_empty(far=Input(type="uri_file", path="WEB/other.csv"))
"""
SAY = """\
name: say
command: echo said $[[and read $(cat ${{inputs.table}})]]
inputs: {table: {type: uri_file, optional: true}}
environment: {image: "docker.io/library/python:3.11-slim-bookworm"}
"""


@pytest.fixture
def web() -> Iterator[Web]:
    with Web("0.0.0.0") as server:
        tag = etag(IRIS)
        server.serve("/iris%20all.csv", Answer(IRIS, etag=tag, breaks=9000), Answer(IRIS, etag=tag))
        server.serve("/other.csv", Answer(b"x\n"))
        yield server


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Azurite]:
    try:
        with running(tmp_path, "0.0.0.0") as server:
            server.container("data", {"in/a.csv": b"1", "in/sub/b c.csv": b"2", "in2/no.csv": b"3"})
            yield server
    except NoAzuriteError as reason:
        if in_ci():
            raise
        pytest.skip(str(reason))


def host(engine: Engine) -> str:
    """This machine, as containers see it."""
    if engine.name == "new":
        return OUTER
    found = engine.docker("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}")
    return str(json.loads(found.stdout)[0]["Gateway"])


def project(root: Path, web: str, storage: str) -> Path:
    pipeline = PIPELINE.replace("WEB", web).replace("STORE", storage)
    config = '[datastores.here]\npath = "./store"\n'
    write_files(root, {"pipeline.yml": pipeline, "count.yml": COUNT, "read.yml": READ, "mlc.toml": config})
    return root / "pipeline.yml"


def delivered(root: Path) -> dict[str, str]:
    store = root / "store" / "results"
    return {path.name: path.read_text() for path in store.iterdir()}


def test_steps_read_what_was_fetched_and_deliver(
    compiled: Compile, engine: Engine, web: Web, storage: Azurite, tmp_path: Path
) -> None:
    here, root = host(engine), tmp_path / "project"
    source = project(root, f"http://{here}:{web.port}", replace(storage, host=here).url)
    bundle = compiled(source)
    first = bundle.up()
    assert first.returncode == 0, first.stdout
    assert set(steps_run(first.stdout)) == {"fetch_iris", "fetch_in", "count", "read", "deliver_result"}
    assert delivered(root) == {"name.txt": "iris all.csv\n", "tree.txt": "./a.csv\n./sub/b c.csv\n"}
    asked = web.asked("/iris%20all.csv")
    assert [item.get("range") for item in asked] == [None, "bytes=9000-"]

    again = bundle.up()
    assert (again.returncode, steps_run(again.stdout)) == (0, []), again.stdout
    assert steps_skipped(again.stdout) == {"fetch_iris", "fetch_in", "count", "read", "deliver_result"}

    look_for_changes(bundle, web)
    other = bundle.up(INPUT_IRIS=f"http://{here}:{web.port}/other.csv")
    assert other.returncode == 0, other.stdout
    assert set(steps_run(other.stdout)) == {"fetch_iris", "count", "read", "deliver_result"}
    assert delivered(root)["name.txt"] == "other.csv\n"

    gone = bundle.up(INPUT_IRIS=f"http://{here}:{web.port}/gone.csv")
    assert gone.returncode != 0
    assert "error: There is nothing at" in gone.stdout


def look_for_changes(bundle: Bundle, web: Web) -> None:
    """Fetched again by force: nothing is sent, and nobody who reads the data runs."""
    forced = bundle.compose("run", "--rm", "-e", "MLC_FORCE=1", "fetch_iris")
    assert "has not changed" in forced.stdout, forced.stdout
    assert web.asked("/iris%20all.csv")[-1]["if-none-match"] == etag(IRIS)
    assert steps_run(bundle.up().stdout) == []


def test_an_optional_input_may_be_emptied(compiled: Compile, engine: Engine, web: Web, tmp_path: Path) -> None:
    here = f"http://{host(engine)}:{web.port}"
    bundle = compiled(write_files(tmp_path, {"job.py": OPTIONAL.replace("WEB", here), "say.yml": SAY}) / "job.py")
    full = bundle.up()
    assert full.returncode == 0, full.stdout
    assert "said and read x\n" in full.stdout
    empty = bundle.up(INPUT_FAR="")
    assert empty.returncode == 0, empty.stdout
    assert steps_run(empty.stdout) == ["fetch_far", "said"]
    assert "said\n" in empty.stdout


def test_the_same_as_processes(web: Web, storage: Azurite, tmp_path: Path) -> None:
    root = tmp_path / "project"
    source = project(root, web.url, storage.url)
    for _ in range(2):
        ran = mlc("run", source.name, "--engine", "process", cwd=root)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert delivered(root) == {"name.txt": "iris all.csv\n", "tree.txt": "./a.csv\n./sub/b c.csv\n"}
    assert len(web.asked("/iris%20all.csv")) == 2
