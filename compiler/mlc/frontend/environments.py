"""Environments in all the forms of azureml.md A1.2: by name, by file, image, image and conda file, build context."""

import re
from pathlib import Path, PurePosixPath

from mlc.diagnostics import Bag, Span
from mlc.frontend.conda import load_conda_file, parse_conda
from mlc.frontend.snapshot import snapshot
from mlc.frontend.text import did_you_mean, is_file
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Kind, Located, Mapping, Scalar, Sequence, describe
from mlc.frontend.yaml.scope import is_remote, local_path
from mlc.frontend.yaml.shapes import Fields
from mlc.frontend.yaml.tables import ENVIRONMENT, check
from mlc.ir.asset import LATEST, AssetKind, AssetName, parse_reference
from mlc.ir.environment import (
    BuildEnvironment,
    CondaEnvironment,
    CondaFile,
    Environment,
    ImageEnvironment,
    NamedEnvironment,
)

_SAYS_WHICH = re.compile(r"@|:latest$|/labels/|/versions/", re.IGNORECASE)


def load_environment_file(path: Path, bag: Bag, span: Span | None = None) -> Environment | None:
    """The environment of a YAML file; ``span`` is the place that names it. None: the bag says why."""
    node = load_yaml(path, bag, span)
    if node is None:
        return None
    if not isinstance(node, Mapping):
        bag.add("E104", node.span, f"An environment file must be a mapping, not {describe(node)}", fix="Write 'image:'")
        return None
    return _parse_mapping(node, path.parent, bag)


def parse_environment(node: Located, base: Path, bag: Bag) -> Environment | None:
    """What ``environment:`` says; paths are relative to ``base``. None: the bag says why."""
    match node:
        case Mapping():
            return _parse_mapping(node, base, bag)
        case Scalar(kind=Kind.STRING):
            return _parse_text(node, base, bag)
        case Scalar() | Sequence():
            what = f"'environment' must be a name or a mapping, not {describe(node)}"
            bag.add("E104", node.span, what, fix="Write 'azureml:NAME@latest', or a mapping with 'image:'")
    return None


def parse_environment_name(text: str, span: Span) -> NamedEnvironment | None:
    """``azureml:NAME[:VERSION|@latest]``, or an address in a registry or workspace; None: it is neither."""
    found = parse_reference(text, AssetKind.ENVIRONMENT, span)
    if not isinstance(found, AssetName) or found.kind is not AssetKind.ENVIRONMENT:
        return None
    return NamedEnvironment(
        name=found.name,
        version=found.version or (LATEST if _SAYS_WHICH.search(text) else None),
        registry=found.registry,
        label=found.label,
        span=span,
    )


def _parse_text(node: Scalar, base: Path, bag: Bag) -> Environment | None:
    text = node.text.strip()
    if text.startswith("file:"):
        return load_environment_file(local_path(text, base), bag, node.span)
    named = parse_environment_name(text, node.span)
    if named is None:
        what = f"'{text}' is not an environment"
        fix = "Write 'azureml:NAME@latest', 'file:PATH' for an environment file, or a mapping with 'image:'"
        bag.add("E122", node.span, what, fix=fix)
    return named


def _parse_mapping(node: Mapping, base: Path, bag: Bag) -> Environment | None:
    fields = Fields(node, "the environment", bag)
    check(fields, ENVIRONMENT, "E111")
    _check_system(fields)
    name = fields.text("name")
    build = fields.table("build")
    if build is not None:
        for key in ("image", "conda_file"):
            if node.get(key) is not None:
                bag.add("W103", node.key_span(key), f"'{key}' has no effect beside 'build'", fix="Remove one of them")
        return _build(Fields(build, "'build' of the environment", bag), name, base)
    image = fields.scalar("image")
    text = None if image is None else image.text.strip()
    wrong = image is not None and (not text or any(char.isspace() for char in text))
    if image is not None and wrong:
        bag.add("E122", image.span, f"'{image.text}' is not the name of an image", fix="Write 'image: NAME:TAG'")
    asked = node.get("conda_file")
    conda = None if asked is None else _conda(asked, base, bag)
    if wrong:
        return None
    if asked is not None:
        return None if conda is None else CondaEnvironment(image=text, conda=conda, name=name, span=node.span)
    if text is None:
        if node.get("build") is None and node.get("image") is None:
            what = "The environment says neither an image nor how to build one"
            bag.add("E110", node.span, what, fix="Add 'image:', 'conda_file:' or 'build:'")
        return None
    return ImageEnvironment(image=text, name=name, span=node.span)


def _check_system(fields: Fields) -> None:
    node = fields.scalar("os_type")
    if node is None or node.text.lower() == "linux":
        return
    if node.text.lower() == "windows":
        why = "Bundles are made of Linux containers"
        fields.bag.add("E122", node.span, "A Windows environment cannot be built", why=why, fix="Use a Linux image")
    else:
        fix = did_you_mean(node.text, ["linux", "windows"])
        fields.bag.add("E113", node.span, f"'{node.text}' is not an operating system", fix=fix)


def _conda(node: Located, base: Path, bag: Bag) -> CondaFile | None:
    if isinstance(node, Scalar) and node.kind is Kind.STRING:
        if is_remote(node.text):
            what = f"The conda file '{node.text}' is not local"
            bag.add("E121", node.span, what, why="mlc fetches nothing", fix="Put the file beside the source")
            return None
        return load_conda_file(local_path(node.text, base), bag, node)
    return parse_conda(node, base, bag)


def _build(fields: Fields, name: str | None, base: Path) -> BuildEnvironment | None:
    fields.unknown(("path", "dockerfile_path"), "E111")
    path = fields.required("path")
    if path is None:
        return None
    if is_remote(path.text):
        what = f"The build context '{path.text}' is not local"
        fields.bag.add("E121", path.span, what, why="mlc fetches nothing", fix="Name a folder beside the source")
        return None
    folder = local_path(path.text, base)
    if is_file(folder):
        fields.bag.add("E104", path.span, f"The build context '{path.text}' is a file", fix="Name the folder it is in")
        return None
    code = snapshot(folder, fields.bag, path.span, called="Build context")
    if code is None:
        return None
    asked = fields.scalar("dockerfile_path") or Scalar("Dockerfile", span=path.span)
    dockerfile = str(PurePosixPath(asked.text.replace("\\", "/")))
    if dockerfile not in dict(code.files):
        what = f"The build context '{path.text}' has no file '{asked.text}'"
        names = [file for file, _ in code.files if "dockerfile" in file.lower()]
        fix = did_you_mean(dockerfile, names) if names else "Add it, or say 'dockerfile_path:'"
        fields.bag.add("E101", asked.span, what, fix=fix)
        return None
    file = str(folder / dockerfile)
    return BuildEnvironment(files=code.files, dockerfile=dockerfile, file=file, name=name, span=fields.mapping.span)
