"""Data that a source itself makes while it is loaded: it may be gone afterwards, or its download may have failed.

A script writes a temporary file, submits a job that reads it, and removes it in ``finally``; a notebook's
``%%writefile`` is undone. Such data is kept when its job is submitted, and travels in the bundle.
"""

import os
import re
import time
from collections.abc import Callable
from dataclasses import field, replace
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.ir.pipeline import Data, InputBinding, Kept, Node, Pipeline, PipelineInput, PipelineNode
from mlc.records import dataclass

_LARGEST = 256 * 1024 * 1024
"""Bytes of data that are kept."""
_CLOCK = 50_000_000
"""Nanoseconds by which the times of files lag behind the clock, at most."""
_RANDOM = re.compile(r"(?:^|/)tmp[a-z0-9_]{8}(?![a-z0-9_])")
"""How Python names temporary files and folders."""


@dataclass(slots=True)
class MadeData:
    """``kept``: content of data by its absolute path."""

    since: int = field(default_factory=time.time_ns)
    kept: dict[str, Kept] = field(default_factory=dict)
    failed: list[Span] = field(default_factory=list)
    """Places of downloads that failed."""

    def remember(self, pipeline: Pipeline) -> None:
        """Keep what the source has made of the data of ``pipeline``."""
        _changed(pipeline, self._remember)

    def _remember(self, data: Data) -> Data:
        if data.local is None:
            return data
        try:
            made = os.stat(data.local).st_ctime_ns > self.since - _CLOCK  # noqa: PTH116 - for each of a thousand nodes
            if made and (content := _content(Path(data.local))) is not None:
                self.kept[data.local] = content
        except (OSError, ValueError):
            pass  # not there: a pass says so
        return data

    def settle(self, pipeline: Pipeline, bag: Bag) -> Pipeline:
        """``pipeline`` with the content of data that is gone; without complaints of data that a download lacks."""
        if not self.kept and not self.failed:
            return pipeline

        def settled(data: Data) -> Data:
            if data.local is None or (os.path.exists(data.local) and not _RANDOM.search(data.local)):  # noqa: PTH110
                return data
            known = self.kept.get(data.local)
            if known is not None and (known.files or not self.failed):
                return replace(data, kept=known)
            if not self.failed or os.path.exists(data.local):  # noqa: PTH110
                return data
            what = f"The data {data.uri!r} is not there, and a download before has failed"
            bag.add("W208", data.span, what, fix="Put it there before the pipeline runs")
            return replace(data, awaited=True)

        return _changed(pipeline, settled)


def _content(path: Path) -> Kept | None:
    """The files at ``path``; None if they are too large to be kept."""
    if path.is_file():
        name = path.name if _RANDOM.match(path.name) is None else f"data{path.suffix}"
        return Kept(file_name=name, files=(("", File(path.read_bytes())),)) if path.stat().st_size <= _LARGEST else None
    found = [Path(folder) / name for folder, _, names in os.walk(path) for name in names]
    files = {file.relative_to(path).as_posix(): file for file in found if file.is_file()}
    if sum(file.stat().st_size for file in files.values()) > _LARGEST:
        return None
    return Kept(files=tuple((name, File(files[name].read_bytes())) for name in sorted(files)))


def _changed(pipeline: Pipeline, change: Callable[[Data], Data]) -> Pipeline:
    """``pipeline`` with each of its data as ``change`` makes it; the same object where nothing changes."""
    inputs = tuple(_input(item, change) for item in pipeline.inputs)
    nodes = tuple(_node(node, change) for node in pipeline.nodes)
    if all(new is old for new, old in zip((*inputs, *nodes), (*pipeline.inputs, *pipeline.nodes), strict=True)):
        return pipeline
    return replace(pipeline, inputs=inputs, nodes=nodes)


def _input(item: PipelineInput, change: Callable[[Data], Data]) -> PipelineInput:
    value = change(item.value) if isinstance(item.value, Data) else item.value
    return item if value is item.value else replace(item, value=value)


def _node(node: Node, change: Callable[[Data], Data]) -> Node:
    if any(isinstance(item.value, Data) for item in node.inputs):
        bindings = tuple(_binding(item, change) for item in node.inputs)
        if any(new is not old for new, old in zip(bindings, node.inputs, strict=True)):
            node = replace(node, inputs=bindings)
    if isinstance(node, PipelineNode):
        inner = _changed(node.pipeline, change)
        return node if inner is node.pipeline else replace(node, pipeline=inner)
    return node


def _binding(item: InputBinding, change: Callable[[Data], Data]) -> InputBinding:
    value = change(item.value) if isinstance(item.value, Data) else item.value
    return item if value is item.value else replace(item, value=value)
