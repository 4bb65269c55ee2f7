"""Layers of a locked conda environment: explicit files for micromamba, and requirements for its own pip."""

from mlc.backends.docker.layer_files import layer_path, pip_layers
from mlc.ir.image import MambaInstall
from mlc.ir.lock import LockedCondaPackage
from mlc.records import dataclass
from mlc.render import prepared


@prepared
class MambaLayer:
    """One instruction. ``verb`` is micromamba's, '' where pip installs; ``options`` and ``local`` are for pip."""

    title: str
    path: str
    verb: str
    options: str = ""
    local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MambaLayers:
    """The instructions from the bottom, and their files: text by path in the bundle."""

    layers: tuple[MambaLayer, ...]
    files: dict[str, str]


def mamba_layers(recipe: MambaInstall) -> MambaLayers:
    """The layers of ``recipe``; none without a lock."""
    by_pip = pip_layers(recipe)
    waiting = iter(by_pip.pip)
    packages = {package.name: package for package in (recipe.lock.conda if recipe.lock else ())}
    made: list[MambaLayer] = []
    files = dict(by_pip.files)
    for layer in recipe.layers:
        if layer.conda:
            text = explicit_file(tuple(packages[name] for name in layer.conda))
            files[layer_path(text)] = text
            verb = "install" if any(item.verb for item in made) else "create"
            made.append(MambaLayer(title=layer.title, path=layer_path(text), verb=verb))
        else:
            part = next(waiting)
            made.append(MambaLayer(title=part.title, path=part.path, verb="", options=part.options, local=part.local))
    return MambaLayers(layers=tuple(made), files=files)


def explicit_file(packages: tuple[LockedCondaPackage, ...]) -> str:
    """What conda and micromamba (1.5, and from 2.1 on) install as it stands, whatever channels hold by now.

    They keep to the file's order, so what a package needs comes before it: Python compiles what follows.
    """
    lines = (
        f"{package.url}#sha256:{package.sha256}" if package.sha256 else package.url for package in _ordered(packages)
    )
    return "".join(f"{line}\n" for line in ("@EXPLICIT", *lines))


def _ordered(packages: tuple[LockedCondaPackage, ...]) -> list[LockedCondaPackage]:
    """By name, except that what is needed comes first; of a circle (they exist) whichever is first by name."""
    waiting = {package.name: package for package in sorted(packages, key=lambda package: package.name)}
    needs: dict[str, set[str]] = {name: set() for name in waiting}
    for package in packages:
        for name in package.via:
            if name in needs and name != package.name:
                needs[name].add(package.name)
    found: list[LockedCondaPackage] = []
    while waiting:
        free = next((name for name in waiting if not needs[name] & waiting.keys()), next(iter(waiting)))
        found.append(waiting.pop(free))
    return found
