"""The reference SDK's own test files: mlc says yes and no where the SDK does, but for differences with a reason.

The corpus is not part of this repository; it is looked for beside the checkout.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlc.diagnostics import Bag, render
from mlc.frontend import Request, load
from mlc.frontend.environments import load_environment_file
from mlc.frontend.yaml.components import load_component_file
from mlc.ir.pipeline import Pipeline, PipelineNode, UnsupportedNode

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")

NEEDS_AZURE = {"E121"}
"""Components and code that only a workspace or a registry has: the SDK loads the reference, mlc has to refuse it."""

SETTLED_BY_PASSES = re.compile(r"Value '(parallel_for|if_else|do_while)' passed is not in set")
"""Kinds of jobs that a pass refuses by name; the front end keeps them."""

OTHERWISE = {
    # The SDK loads these, mlc does not.
    "no environment": {
        "pipeline_jobs/pipeline_job_with_command_job_with_input_bindings.yml",
        "pipeline_jobs/helloworld_pipeline_job_with_identity.yml",
    },
    # The SDK does not load these, mlc does.
    "a field of Azure's private features is only a warning": {"components/component_ipp.yml"},
    "an unknown setting of a distribution is only a warning": {"command_job/dist_job_bad.yml"},
    "it is a component, and the SDK was asked for a job": {"components/helloworld_component_optional_input.yml"},
    "groups of inputs are not checked": {"components/invalid/invalid_nested_pipeline_component_with_group.yml"},
}
REASONS = {path: reason for reason, paths in OTHERWISE.items() for path in paths}


@dataclass(frozen=True)
class Row:
    """One line of verdicts.tsv."""

    path: str
    kind: str
    load: str
    validate: str
    message: str


def rows() -> list[Row]:
    if not CORPUS.is_dir():
        return []
    lines = (CORPUS / "verdicts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [Row(*(line.split("\t") + [""] * 4)[:5]) for line in lines]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A copy in which the folders of code and the build contexts that the files name exist."""
    root = tmp_path_factory.mktemp("corpus") / "test-configs"
    shutil.copytree(CORPUS / "test-configs", root)
    for file in [*root.rglob("*.yml"), *root.rglob("*.yaml")]:
        text = file.read_text(encoding="utf-8", errors="replace")
        for kind, name in re.findall(r"(?m)^\s*-?\s*(code|path)\s*:\s*[\"']?(\.{1,2}[^\s\"'#]*)", text):
            folder = Path(os.path.normpath(file.parent / name))
            if root not in folder.parents or folder.exists():
                continue
            if not folder.suffix:
                folder.mkdir(parents=True)
            elif kind == "code":
                folder.parent.mkdir(parents=True, exist_ok=True)
                folder.touch()
        for name in re.findall(r"(?m)^\s*build:\s*\n\s*path:\s*[\"']?([^\s\"'#]+)", text):
            folder = Path(os.path.normpath(file.parent / name))
            if folder.is_dir():
                (folder / "Dockerfile").touch()
                (folder / "DockerfileNonDefault").touch()
    return root


def read(row: Row, files: Path) -> tuple[object, Bag]:
    bag = Bag()
    path = files / row.path
    if row.kind == "environment":
        return load_environment_file(path, bag), bag
    if row.kind.endswith("_component"):
        return load_component_file(path, bag, anonymous=False), bag
    return load(path, Request(), bag), bag


def unsupported(pipeline: object) -> bool:
    """Whether there is a node, at any level, that a pass refuses."""
    nodes = pipeline.nodes if isinstance(pipeline, Pipeline) else ()
    return any(
        isinstance(node, UnsupportedNode) or (isinstance(node, PipelineNode) and unsupported(node.pipeline))
        for node in nodes
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.path)
def test_the_verdict(row, files):
    found, bag = read(row, files)
    said = render(bag.sorted(), {}, files)
    codes = {item.code for item in bag.items if item.code.startswith("E")}
    if row.load == "skip":
        assert codes, "mlc takes a file for a pipeline that is none"
    elif row.path in REASONS:
        assert bool(codes) == (row.load == "ok"), f"no longer a difference: {REASONS[row.path]}"
    elif row.load == "err":
        assert codes or SETTLED_BY_PASSES.search(row.message) or unsupported(found), row.message
    elif row.validate != "invalid":
        missing = {item for item in bag.items if item.code == "E120" and "does not exist" in item.what}
        assert not codes - NEEDS_AZURE - {item.code for item in missing}, said
