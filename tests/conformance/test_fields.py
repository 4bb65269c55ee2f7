"""What stands in a field of a YAML file loads in mlc if it loads in the reference, but for what has a reason here."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.conformance.comparing import Reference
from tests.conformance.conftest import PYTHON, ROOT
from tests.conformance.fields import Case, cases, table, write

from mlc.diagnostics import Bag
from mlc.driver import Options, check
from mlc.frontend.yaml.components import load_component_file

TABLE = Path(__file__).parent / "fields.tsv"
EACH = 29
"""Every so many cases are asked of the reference anew."""

STRICTER = {
    "a command and a compute are something": {
        *(("inline node", "command", "no-text"), ("command job", "command", "no-text")),
        *(("component", "command", "no-text"), ("node", "compute", "no-text")),
        *(("inline node", "compute", "no-text"), ("command job", "compute", "no-text")),
    },
    "a label is text, also where the reference does not look": {
        *(("node", field, value) for field in ("display_name", "description") for value in ("list", "mapping")),
        *(("component", "version", "list"), ("component", "version", "mapping"), ("node", "tags", "no-text")),
        *(("environment", "name", "list"), ("environment", "name", "mapping")),
    },
    "true or false, also where the reference does not look": {
        ("node", "is_deterministic", value) for value in ("number", "list", "mapping", "text", "no-text")
    },
    "the graph is checked at once (A8)": {
        *(("node", "inputs", "mapping"), ("inline node", "outputs", "mapping")),
        *(("inputs of a node", "n", value) for value in ("boolean", "text", "no-text")),
    },
    "a true that would become 1.0 is no default of a number": {("declared value", "default", "boolean")},
    "data and files are looked for at once": {
        *(("given data", "path", "text"), ("data of a node", "path", "text"), ("inputs of a node", "d", "text")),
        ("environment", "conda_file", "no-text"),
    },
    "an image, a size and an asset have names that exist": {
        *(("environment", "image", "no-text"), ("resources", "shm_size", "text")),
        *(("resources", "shm_size", "no-text"), ("output of the job", "name", "no-text")),
        *(("output of a node", "name", "no-text"), ("output of the job", "version", "no-text")),
        ("output of a node", "version", "no-text"),
    },
}
"""The reference takes these, mlc does not."""

KINDER = {
    "what only Azure needs is not looked into": {
        *((name, "services", "mapping") for name in ("job", "node", "inline node", "command job")),
        *((name, "queue_settings", "mapping") for name in ("node", "inline node", "command job")),
        *(("environment", "inference_config", "mapping"), ("settings", "default_datastore", "no-text")),
    },
    "a name that is not used may be anything": {
        *(("node", "name", value) for value in ("number", "boolean", "list", "mapping")),
        *(("component", "name", "boolean"), ("nested", "name", "boolean")),
    },
    "arguments for Docker may look like a number": {
        *(("resources", "docker_args", "number"), ("resources", "docker_args", "boolean")),
    },
    "nothing below 'jobs:' is a pipeline without jobs, which is refused where it is used": {
        ("nested", "jobs", "nothing")
    },
}
"""mlc takes these, the reference does not."""


def _takes(path: Path) -> bool:
    bag = Bag()
    if path.name in ("c.yml", "n.yml"):
        load_component_file(path, bag, anonymous=False)
    else:
        check(path, Options(cwd=path.parent), bag)
    return not bag.has_errors


def test_fields(tmp_path: Path):
    taken = table(TABLE)
    stricter: set[Case] = set()
    kinder: set[Case] = set()
    for number, case in enumerate(cases()):
        ours = _takes(write(case, tmp_path / str(number)))
        if ours is not (case[2] in taken[case[:2]]):
            (kinder if ours else stricter).add(case)
    assert stricter == set().union(*STRICTER.values())
    assert kinder == set().union(*KINDER.values())


@pytest.mark.oracle
def test_the_table_is_the_reference_s(reference: Reference):
    asked = list(cases())[::EACH]
    command = [str(PYTHON), "-m", "tests.conformance.fields", *("|".join(case) for case in asked)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, env=dict(os.environ))
    taken = table(TABLE)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    said = {(name, field): set(values.split()) for name, field, values in lines}
    assert said == {
        (name, field): {value for n, f, value in asked if (n, f) == (name, field)} & taken[name, field]
        for name, field, _ in asked
    }
