"""Each field of each object of a YAML file, with nothing in it, a number, text, a list, ...: what loads, what does not.

``fields.tsv`` has what the reference takes: object, field, the values taken. It is made anew by the oracle's Python:
``.oracle/bin/python -m tests.conformance.fields > tests/conformance/fields.tsv`` in the checkout's root.
"""

import copy
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VALUES: dict[str, Any] = {
    "nothing": None,
    "number": 3,
    "boolean": True,
    "list": ["a"],
    "mapping": {"a": "b"},
    "text": "text",
    "no-text": "",
}
_DATA = {"type": "uri_folder", "path": "./data"}
_COMPONENT = {
    "type": "command",
    "name": "c",
    "inputs": {"d": {"type": "uri_folder", "optional": True}, "n": {"type": "integer", "default": 1}},
    "outputs": {"o": {"type": "uri_folder"}},
    "environment": {"image": "debian:12"},
    "command": "echo hi",
}
_NODE = {
    "type": "command",
    "component": "./c.yml",
    "inputs": {"d": _DATA, "n": 3},
    "outputs": {"o": {"mode": "upload"}},
}
_INLINE = {
    "command": "echo hi",
    "environment": {"image": "debian:12"},
    "inputs": {"d": _DATA},
    "outputs": {"o": {"type": "uri_folder"}},
}
_JOB = {
    "type": "pipeline",
    "inputs": {"p": _DATA, "q": 3},
    "outputs": {"r": {"type": "uri_folder"}},
    "settings": {"default_compute": "azureml:cpu"},
    "jobs": {"j": _NODE, "i": _INLINE},
}
_NESTED = {
    "type": "pipeline",
    "name": "n",
    "inputs": {"v": {"type": "integer", "default": 3}},
    "outputs": {"o": {"type": "uri_folder"}},
    "jobs": {"j": {"component": "./c.yml", "outputs": {"o": "${{parent.outputs.o}}"}}},
}
_COMMAND_JOB = {**_INLINE, "type": "command", "compute": "azureml:cpu"}
DOCUMENTS = {"job": _JOB, "component": _COMPONENT, "nested": _NESTED, "command job": _COMMAND_JOB}
_LABELS = "$schema type name display_name description tags properties experiment_name"
_RUN = "compute resources distribution limits environment_variables identity services queue_settings"
_DECLARED = "type optional default description min max enum mode path foo"
_GIVEN = "type path mode description optional default value foo"
_KEPT = "type path mode description name version foo"
OBJECTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "job": ("job", (), f"{_LABELS} inputs outputs jobs settings compute component identity services foo version"),
    "node": ("job", ("jobs", "j"), f"{_LABELS} {_RUN} inputs outputs comment is_deterministic version component foo"),
    "inline node": (
        "job",
        ("jobs", "i"),
        f"{_LABELS} {_RUN} inputs outputs environment code command additional_includes is_deterministic comment foo",
    ),
    "command job": ("command job", (), f"{_LABELS} {_RUN} inputs outputs environment code command version foo"),
    "component": (
        "component",
        (),
        "$schema type name version display_name description tags inputs outputs command code environment distribution"
        " resources is_deterministic additional_includes limits services identity compute foo",
    ),
    "nested": ("nested", (), "$schema type name version display_name description tags inputs outputs jobs foo"),
    "declared value": ("component", ("inputs", "n"), _DECLARED),
    "declared data": ("component", ("inputs", "d"), _DECLARED),
    "declared output": ("component", ("outputs", "o"), "type description mode path foo name"),
    "given data": ("job", ("inputs", "p"), _GIVEN),
    "data of a node": ("job", ("jobs", "j", "inputs", "d"), _GIVEN),
    "output of the job": ("job", ("outputs", "r"), _KEPT),
    "output of a node": ("job", ("jobs", "j", "outputs", "o"), _KEPT),
    "environment": (
        "job",
        ("jobs", "i", "environment"),
        "$schema name version image conda_file build tags description os_type inference_config type properties foo",
    ),
    "settings": (
        "job",
        ("settings",),
        "default_compute default_datastore continue_on_step_failure force_rerun foo",
    ),
    "resources": (
        "job",
        ("jobs", "j", "resources"),
        "instance_count instance_type shm_size docker_args properties foo",
    ),
    "limits": ("job", ("jobs", "j", "limits"), "timeout foo"),
    "tags": ("job", ("tags",), "a"),
    "properties": ("job", ("properties",), "a"),
    "inputs": ("job", ("inputs",), "q"),
    "inputs of a node": ("job", ("jobs", "j", "inputs"), "n d"),
    "outputs": ("job", ("outputs",), "r"),
    "outputs of a node": ("job", ("jobs", "j", "outputs"), "o"),
    "inputs of a component": ("component", ("inputs",), "n"),
    "jobs": ("job", ("jobs",), "j"),
}
"""Name of an object -> its document, the way to it, its fields."""

Case = tuple[str, str, str]
"""Object, field, value."""


def cases() -> Iterator[Case]:
    """All of them, in the order of the tables."""
    for name, (_, _, fields) in OBJECTS.items():
        for field in fields.split():
            for value in VALUES:
                yield name, field, value


def write(case: Case, folder: Path) -> Path:
    """Write the files of a case below ``folder``; the one to load is returned."""
    import yaml

    name, field, value = case
    document, way, _ = OBJECTS[name]
    said = {"component": _COMPONENT, document: copy.deepcopy(DOCUMENTS[document])}
    inner: Any = said[document]
    for key in way:
        inner = inner.setdefault(key, {})
    inner[field] = VALUES[value]
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "Dockerfile").write_text("FROM debian:12\n")
    names = {"component": "c.yml", "nested": "n.yml"}
    for key, content in said.items():
        (folder / names.get(key, "p.yml")).write_text(yaml.safe_dump(content, sort_keys=False))
    return folder / names.get(document, "p.yml")


def table(path: Path) -> dict[tuple[str, str], frozenset[str]]:
    """Object and field -> the values that are taken."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {(line[0], line[1]): frozenset(line[2].split()) for line in lines}


def takes(path: Path) -> bool:
    """Whether the reference takes the file. Runs in the oracle's Python."""
    sdk: Any = importlib.import_module("azure.ai.ml")
    load = sdk.load_component if path.name in ("c.yml", "n.yml") else sdk.load_job
    try:
        messages = load(path)._validate().error_messages
    except Exception:
        return False
    return all("Compute not set" in str(message) for message in messages.values())


def main(asked: list[str]) -> None:
    """Print the table, or only whether the cases named as ``object|field|value`` are taken."""
    import logging
    import tempfile

    logging.disable(logging.CRITICAL)
    taken: dict[tuple[str, str], list[str]] = {}
    with tempfile.TemporaryDirectory() as root:
        for number, case in enumerate(cases()):
            if asked and "|".join(case) not in asked:
                continue
            values = taken.setdefault(case[:2], [])
            if takes(write(case, Path(root, str(number)))):
                values.append(case[2])
    for (name, field), values in taken.items():
        sys.stdout.write(f"{name}\t{field}\t{' '.join(values)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
