"""``environments/<env>/Dockerfile`` and the files beside it: one module-level function per recipe.

All of them end alike: the launcher, the folders where volumes are mounted, the code, labels. What changes rarely comes
first, so that an edit of the code costs one small layer. Nothing here needs more than BuildKit 0.8 (engine 20.10): no
``# syntax`` line (it is pulled from a registry), no here-documents, no ``COPY --link``.
"""

from typing import ClassVar, assert_never

from mlc.backends.docker.conda_file import conda_file
from mlc.backends.docker.conda_layers import MambaLayer, mamba_layers
from mlc.backends.docker.image_labels import image_labels
from mlc.backends.docker.layer_files import PipLayer, locked_requirements, needed, pip_layers
from mlc.backends.docker.requirements import heavy, requirements_file
from mlc.files import File, FileTree
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.ir.local import carried
from mlc.ir.plan import Plan
from mlc.render import Context, prepared, render
from mlc.render.launch import mounts

MANY = 30
"""Above this number of components, their folders are copied as one: an image cannot have more than 127 layers."""

NO_SUCH_PYTHON = (
    "mlc: no virtual environment with Python {0} could be made (see above). If the base image has no Python {0}, uv "
    "downloads one: let the build reach github.com, name a mirror (uv_python_mirror below [network] in mlc.toml), or "
    "choose a base image with Python {0}."
)
NO_PYTHON = (
    "mlc: the environment names no Python, and none of the base image could be used (see above). Name one in the conda "
    "file (python=3.11), or choose a base image with Python."
)
NO_CONDA = (
    "mlc: the conda environment could not be made (see above). Its packages, Python included, must exist in the "
    "channels of conda.yaml, and the build must be able to reach those."
)
NO_LOCKED_CONDA = (
    "mlc: the conda packages of the lock could not be installed (see above). Their files must be where the lock says, "
    "and the build must be able to reach them. If a channel has dropped one, `mlc lock --upgrade` chooses anew."
)


@prepared
class Final:
    """What every image ends with. ``code``: folders of the bundle with their places below ``/mlc``."""

    TEMPLATE: ClassVar[str] = "docker/Dockerfile.final.j2"
    code: tuple[tuple[str, str], ...]
    folders: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    key: str


@prepared
class ImageDockerfile:
    """An image that is used as it is."""

    TEMPLATE: ClassVar[str] = "docker/Dockerfile.image.j2"
    name: str
    base: str
    final: str


@prepared
class UvDockerfile:
    """A virtual environment; ``python`` is '' for the base image's own.

    It is filled by ``layers`` where there is a lock, else from a list, of which ``heavy`` is a first part.
    """

    TEMPLATE: ClassVar[str] = "docker/Dockerfile.uv.j2"
    name: str
    base: str
    uv_image: str
    python: str
    no_python: str
    layers: tuple[PipLayer, ...]
    heavy: bool
    requirements: bool
    folder: str
    local: tuple[str, ...]
    final: str


@prepared
class MambaDockerfile:
    """A conda environment; without ``layers`` it is made from ``conda.yaml``."""

    TEMPLATE: ClassVar[str] = "docker/Dockerfile.mamba.j2"
    name: str
    base: str
    micromamba_image: str
    layers: tuple[MambaLayer, ...]
    failed: str
    folder: str
    local: tuple[str, ...]
    final: str


@prepared
class UserDockerfile:
    """The author's text, changed so that it builds from the bundle's root, and ours behind it."""

    TEMPLATE: ClassVar[str] = "docker/Dockerfile.user.j2"
    text: str
    stage: str
    final: str


def environment_files(plan: Plan, image: Image) -> FileTree:
    """All files of the environment but its key, by path in the bundle."""
    folder = f"environments/{image.name}"
    final = render(_final(plan, image)).strip("\n")
    recipe = image.recipe
    files: dict[str, str] = {}
    common: dict[str, str] = {}
    context: Context
    match recipe:
        case UseImage():
            context = ImageDockerfile(name=image.name, base=recipe.base, final=final)
        case UvInstall():
            files = _requirements(recipe)
            layers = pip_layers(recipe)
            common = layers.files
            context = _uv(image.name, recipe, layers.pip, files, final)
        case MambaInstall():
            files = {"conda.yaml": conda_file(image.name, recipe)}
            found = mamba_layers(recipe)
            common = found.files
            context = MambaDockerfile(
                name=image.name,
                base=based_on(recipe),
                micromamba_image=recipe.installer_image,
                layers=found.layers,
                failed=NO_LOCKED_CONDA if found.layers else NO_CONDA,
                folder=folder,
                local=carried(recipe.pip),
                final=final,
            )
        case BuildDockerfile():
            return _user_files(folder, recipe, final)
        case _:
            assert_never(recipe)
    files["Dockerfile"] = render(context)
    paths = {f"{folder}/{name}": text for name, text in files.items()} | common
    return {path: File(text.encode()) for path, text in paths.items()} | dict(needed(recipe))


def based_on(recipe: UvInstall | MambaInstall) -> str:
    """The base image with the digest that the lock recorded; the tag is for readers, builders go by the digest."""
    digest = recipe.lock.base_digest if recipe.lock is not None and "@" not in recipe.base else ""
    return f"{recipe.base}@{digest}" if digest else recipe.base


def mount_points(plan: Plan, image: Image) -> tuple[str, ...]:
    """The folders, sorted, that the image must have so that fresh volumes are writable for any user."""
    found = {"state", "mlflow"}
    for task in plan.tasks:
        if task.image == image.name:
            found.update("/".join(mount.target.split("/")[:2]) for mount in mounts(plan, task))
    return tuple(f"/mlc/{folder}" for folder in sorted(found))


def _final(plan: Plan, image: Image) -> Final:
    code = tuple((f"components/{name}", f"components/{name}") for name in image.components)
    return Final(
        code=code if len(code) <= MANY else (("components", "components"),),
        folders=mount_points(plan, image),
        labels=image_labels(plan, image),
        key=image.key,
    )


def _requirements(recipe: UvInstall) -> dict[str, str]:
    if recipe.lock is not None:
        return {"requirements.txt": locked_requirements(recipe)}
    files = {"requirements.txt": requirements_file(recipe.requirements)} if recipe.requirements else {}
    first = heavy(recipe.requirements)
    if first:
        files["requirements.heavy.txt"] = requirements_file(first)
    return files


def _uv(name: str, recipe: UvInstall, layers: tuple[PipLayer, ...], files: dict[str, str], final: str) -> UvDockerfile:
    return UvDockerfile(
        name=name,
        base=based_on(recipe),
        uv_image=recipe.installer_image,
        python=recipe.python or "",
        no_python=NO_SUCH_PYTHON.format(recipe.python) if recipe.python else NO_PYTHON,
        layers=layers,
        heavy="requirements.heavy.txt" in files,
        requirements="requirements.txt" in files and recipe.lock is None,
        folder=f"environments/{name}",
        local=carried(recipe.requirements),
        final=final,
    )


def _user_files(folder: str, recipe: BuildDockerfile, final: str) -> FileTree:
    """The context as it was, below ``context/``; beside it the Dockerfile and the ignore file made from theirs."""
    # Here, because few environments have a Dockerfile of their own, and its patterns take 2 ms.
    from mlc.backends.docker.user_dockerfile import CONTEXT, continued_as_in, dockerignore, last_stage, moved_into

    context = dict(recipe.files)
    files = {f"{folder}/{CONTEXT}/{path}": file for path, file in recipe.files}
    text = _text(context[recipe.dockerfile])
    named, stage = last_stage(moved_into(f"{folder}/{CONTEXT}", text))
    ours = continued_as_in(text, final)
    dockerfile = render(UserDockerfile(text=named.rstrip("\n"), stage=stage, final=ours))
    files[f"{folder}/Dockerfile"] = File(dockerfile.encode())
    ignored = context.get(f"{recipe.dockerfile}.dockerignore") or context.get(".dockerignore")
    if ignored:
        rules = dockerignore(f"{folder}/{CONTEXT}", _text(ignored))
        files[f"{folder}/Dockerfile.dockerignore"] = File(rules.encode())
    return files


def _text(file: File) -> str:
    return file.read().decode("utf-8", errors="replace").removeprefix("\ufeff")
