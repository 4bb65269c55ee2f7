"""Environment -> recipe: what an image starts from, who installs what on it, and what stands in the way."""

import re

from mlc.config import Config, Installer
from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.hashing import digest
from mlc.ir.environment import (
    BuildEnvironment,
    CondaEnvironment,
    CondaFile,
    Environment,
    ImageEnvironment,
    NamedEnvironment,
    Requirement,
)
from mlc.ir.image import BuildDockerfile, MambaInstall, Recipe, UseImage, UvInstall
from mlc.passes.lowering.conda_to_pip import Translated, UntranslatableError, translate
from mlc.passes.lowering.python_version import base_with, normal_python
from mlc.records import dataclass

_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@+\-]{0,500}", re.ASCII)
_NONE = UseImage(base="scratch")
_DEFAULT_CHANNEL = ("conda-forge",)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A conda file, the image it is for, and its Python as mlc writes it."""

    conda: CondaFile
    base: str
    python: str | None


def recipe_for(environment: Environment, config: Config, bag: Bag) -> Recipe:
    """The recipe of ``environment``; problems go to ``bag``, and what is returned then is of no use."""
    match environment:
        case ImageEnvironment():
            _check_image(environment.image, environment.span, bag)
            return UseImage(base=environment.image)
        case CondaEnvironment():
            return _conda(environment, config, bag)
        case BuildEnvironment():
            return _build(environment, bag)
        case NamedEnvironment():
            return _NONE  # reported where it was looked for


def files_digest(files: tuple[tuple[str, File], ...]) -> str:
    """SHA-256 (hex) over paths, executable bits and bytes."""
    return digest([(path, file.executable, file.digest()) for path, file in sorted(files, key=lambda item: item[0])])


def _check_image(image: str, span: Span, bag: Bag) -> None:
    if image and not _IMAGE.fullmatch(image):  # an empty one was reported when it was read
        what = f"{image!r} cannot be the name of an image"
        bag.add("E402", span, what, fix="Write it like docker.io/library/python:3.11")


def _build(environment: BuildEnvironment, bag: Bag) -> BuildDockerfile:
    if environment.dockerfile not in {path for path, _ in environment.files}:
        what = f"The build context has no {environment.dockerfile!r}"
        bag.add("E403", environment.span, what, fix="Add it, or name another file in dockerfile_path")
    others = tuple(item for item in environment.files if item[0] != environment.dockerfile)
    return BuildDockerfile(files=environment.files, dockerfile=environment.dockerfile, digest=files_digest(others))


def _conda(environment: CondaEnvironment, config: Config, bag: Bag) -> Recipe:
    conda = environment.conda
    python = None
    if conda.python is not None:
        python = normal_python(conda.python)
        if python is None:
            what = f"{conda.python!r} is no version of Python"
            bag.add("E406", conda.span, what, fix="Write it like python=3.11, python=3.11.4 or python>=3.9")
    if environment.image is not None:
        _check_image(environment.image, environment.span, bag)
    base = environment.image or base_with(config.default_base, python)
    asked = _Asked(conda, base, python)
    if config.installer is Installer.MICROMAMBA or (config.installer is Installer.AUTO and conda.conda):
        return _mamba(asked, config.micromamba_image)
    return _uv(asked, config.uv_image, bag)


def _mamba(asked: _Asked, installer_image: str) -> MambaInstall:
    conda = [item.text for item in (*asked.conda.tools, *asked.conda.conda)]
    if asked.conda.pip and not any(re.match(r"pip\b", text) for text in conda):
        conda.append("pip")
    return MambaInstall(
        base=asked.base,
        python=asked.python,
        channels=asked.conda.channels or _DEFAULT_CHANNEL,
        conda=tuple(conda),
        pip=tuple(item.text for item in asked.conda.pip),
        installer_image=installer_image,
        local=_carried(asked.conda.pip),
    )


def _uv(asked: _Asked, installer_image: str, bag: Bag) -> Recipe:
    tools = [found.text for item in asked.conda.tools if (found := _translated(item, bag))]
    taken = [(item, found) for item in asked.conda.conda if (found := _translated(item, bag))]
    _say_what_changes([found for _, found in taken], asked.conda.span, bag)
    packages = [found.text for _, found in taken if found.text]
    requirements = (*tools, *packages, *(item.text for item in asked.conda.pip))
    if not requirements and asked.python is None:
        return UseImage(base=asked.base)
    return UvInstall(
        base=asked.base,
        python=asked.python,
        requirements=requirements,
        installer_image=installer_image,
        local=_carried(asked.conda.pip),
    )


def _carried(lines: tuple[Requirement, ...]) -> tuple[tuple[str, File], ...]:
    return tuple(sorted({path: file for line in lines for path, file in line.files}.items()))


def _translated(item: Requirement, bag: Bag) -> Translated | None:
    try:
        return translate(item.text)
    except UntranslatableError as problem:
        code = "E404" if problem.missing else "E405"
        what = f"The conda package {item.text!r} cannot be installed by uv"
        fix = "Take it out, bring it in the image, or set installer = 'micromamba' in [tool.mlc]"
        bag.add(code, item.span, what, why=str(problem), fix=fix)
        return None


def _say_what_changes(found: list[Translated], span: Span, bag: Bag) -> None:
    installed = [item for item in found if item.text]
    if installed:
        shown = ", ".join(f"{item.name} (as {item.text})" if item.renamed else item.name for item in installed)
        what = f"These conda packages are installed from PyPI: {shown}"
        fix = "Set installer = 'auto' to install them with micromamba"
        bag.add("W401", span, what, why="The configuration says installer = 'uv'", fix=fix)
    left_out = [item.name for item in found if not item.text]
    if left_out:
        what = f"These conda packages are left out: {', '.join(left_out)}"
        bag.add("W402", span, what, why="They choose among conda's builds; wheels of PyPI bring their own libraries")
