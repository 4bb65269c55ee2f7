"""What the reference SDK and mlc make of the same script, in a form in which they are equal."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.conformance.normal_form import normal_form

from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load

_ITS_OWN = "AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED"
"""A variable that the reference sets on computed expressions, for itself."""


class Reference:
    """The reference SDK in a process of its own: scripts go in, normal forms come out."""

    def __init__(self, python: Path, environment: dict[str, str]) -> None:
        command = [str(python), str(Path(__file__).parent / "dump_reference.py")]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment, text=True
        )

    def __call__(self, script: Path) -> dict[str, Any]:
        """The normal form of the script's ``job``; ``{"error": ...}`` where the SDK refuses it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{script}\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return comparable(found) if "error" not in found else found

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def ours(script: Path) -> dict[str, Any]:
    """The normal form that mlc gives; ``{"error": ...}`` where it refuses the script."""
    bag = Bag()
    pipeline = load(script, Request(), bag)
    if pipeline is None or bag.has_errors:
        return {"error": render(bag.sorted(), bag.sources, script.parent)}
    return comparable(normal_form(pipeline))


def comparable(top: dict[str, Any]) -> dict[str, Any]:
    """A top-level form without what the two say in different places or words."""
    top["outputs"] = {name: _output(said) for name, said in top["outputs"].items()}
    top["description"] = " ".join(top["description"].split())
    return _level(top)


def _level(level: dict[str, Any]) -> dict[str, Any]:
    """Bindings sorted; of outputs that leave the pipeline where to, of others what was set (more than a type)."""
    for node in level["nodes"]:
        node["inputs"] = dict(sorted(node["inputs"].items()))
        outputs = {name: _output(said) for name, said in sorted(node["outputs"].items())}
        node["outputs"] = {name: said for name, said in outputs.items() if said.keys() - {"type"}}
        node.get("environment_variables", {}).pop(_ITS_OWN, None)
        if "pipeline" in node:
            _level(node["pipeline"])
    return level


def name_alike(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """In nested YAML the reference forgets what components are called."""
    for mine, yours in zip(ours.get("nodes", ()), theirs.get("nodes", ()), strict=False):
        if yours["component"] == "azureml_anonymous":
            yours["component"] = mine["component"]
        if "pipeline" in mine and "pipeline" in yours:
            name_alike(mine["pipeline"], yours["pipeline"])


def _output(said: dict[str, str]) -> dict[str, str]:
    if "value" in said:
        return {"value": said["value"]}
    return {key: value if key != "mode" else _mode(value) for key, value in said.items()}


def _mode(word: str) -> str:
    return {"readwritemount": "rw_mount", "readonlymount": "ro_mount"}.get(word.lower(), word.lower())
