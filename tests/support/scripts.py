"""Scripts and notebooks as users write them, loaded from a folder of the test's own."""

import json
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlc.catalog import Catalog, Places, Readers
from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.frontend.data_assets import load_data_asset
from mlc.ir.pipeline import CommandNode, Data, Joined, Literal, Node, NodeOutputRef, PipelineInputRef, Value

PARTS = """
from azure.ai.ml import Input, Output, command

a = command(
    name="step_a",
    command="echo ${{inputs.data}} ${{inputs.n}} $[[${{inputs.s}}]] ${{outputs.out}}",
    environment="azureml:env:1",
    inputs={
        "data": Input(type="uri_folder"),
        "n": Input(type="integer", default=1),
        "lr": Input(type="number", default=0.5),
        "s": Input(type="string", optional=True),
    },
    outputs={"out": Output(type="uri_folder")},
)
two = command(
    name="two_out",
    command="echo ${{inputs.data}} ${{outputs.one}} ${{outputs.two}}",
    environment="azureml:env:1",
    inputs={"data": Input(type="uri_folder")},
    outputs={"one": Output(type="uri_folder"), "two": Output(type="uri_file")},
)
"""
"""A module ``parts`` with two components."""

HEAD = """
from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, two
"""


def study(body: str, *, head: str = "", signature: str = "d", call: str = "Input(path='.')") -> str:
    """A script with one pipeline function ``p``: its body from line 8 on, where ``head`` and ``call`` are not given."""
    lines = textwrap.indent(body.strip("\n"), "    ")
    return f"{HEAD}{head}\n@pipeline()\ndef p({signature}):\n{lines}\n\njob = p({call})\n"


@dataclass
class Loaded:
    """What a source gave: its pipeline, and what was said about it as ``CODE line: what``."""

    pipeline: Any
    bag: Bag
    folder: Path
    names: Catalog
    """What finds names for it."""
    said: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.said = [f"{item.code} {item.span.line}: {item.what}" for item in self.bag.sorted()]

    @property
    def codes(self) -> list[str]:
        """Codes only."""
        return [item.code for item in self.bag.sorted()]

    @property
    def nodes(self) -> list[str]:
        """Names of the nodes, in order."""
        assert self.pipeline is not None, self.said
        return [node.name for node in self.pipeline.nodes]

    def node(self, name: str) -> Node:
        """The node of that name."""
        assert self.pipeline is not None, self.said
        found: Node | None = self.pipeline.node(name)
        assert found is not None, self.nodes
        return found

    def command(self, name: str) -> CommandNode:
        """The command node of that name."""
        found = self.node(name)
        assert isinstance(found, CommandNode)
        return found

    def bound(self, name: str) -> dict[str, str]:
        """What the inputs of a node get, as text."""
        return {binding.name: shown(binding.value) for binding in self.node(name).inputs}


def script(folder: Path, text: str, *arguments: str, pipeline: str | None = None, **files: str) -> Loaded:
    """Write ``text`` as ``job.py`` beside ``parts.py`` and others (``name_py`` is ``name.py``), and load it."""
    _write(folder, {"parts_py": PARTS, **files})
    source = folder / "job.py"
    source.write_text(textwrap.dedent(text), encoding="utf-8")
    return _load(source, Request(arguments=arguments, pipeline=pipeline))


def notebook(folder: Path, *cells: str, **files: str) -> Loaded:
    """Write a notebook of code cells as ``job.ipynb``, and load it."""
    _write(folder, {"parts_py": PARTS, **files})
    content = [{"cell_type": "code", "source": textwrap.dedent(cell), "outputs": []} for cell in cells]
    source = folder / "job.ipynb"
    source.write_text(json.dumps({"cells": content, "metadata": {}, "nbformat": 4}), encoding="utf-8")
    return _load(source, Request())


def _load(source: Path, request: Request) -> Loaded:
    bag = Bag()
    readers = Readers(environment=lambda file: None, data=lambda file: load_data_asset(file, bag))
    names = Catalog(Places(start=source.parent), readers, bag)
    found = load(source, replace(request, names=names), bag)
    names.report()
    return Loaded(found, bag, source.parent, names)


def shown(value: Value) -> str:
    """A value in the words of Azure ML."""
    match value:
        case Literal():
            return value.text
        case Data():
            return f"data {value.uri}"
        case PipelineInputRef():
            return f"input {value.name}"
        case NodeOutputRef():
            return f"{value.node}.{value.output}"
        case Joined():
            return " + ".join(map(shown, value.parts))
    return repr(value)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        path = folder / f"{stem.replace('__', '/')}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
