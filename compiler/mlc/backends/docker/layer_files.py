"""What the layers of a locked environment are installed from: files that are named by what they say.

Equal layers of two environments are so the same file and the same instruction, which BuildKit carries out once. The
titles are comments of the Dockerfile only.
"""

from mlc.files import FileTree
from mlc.hashing import digest_bytes
from mlc.ir.image import MambaInstall, Recipe, UvInstall
from mlc.ir.index_lines import index_lines
from mlc.ir.local import LINKS, carried, place
from mlc.ir.lock import LockedPackage
from mlc.records import dataclass
from mlc.render import prepared


@prepared
class PipLayer:
    """One instruction; ``local``: paths of the packages' own files in the bundle, where they are not of an index."""

    title: str
    path: str
    options: str
    local: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The instructions from the bottom, and their files: text by path in the bundle."""

    pip: tuple[PipLayer, ...]
    files: dict[str, str]


def layer_path(text: str) -> str:
    """The path in the bundle of a layer's file."""
    return f"environments/layers/{digest_bytes(text.encode())[:12]}.txt"


def pip_layers(recipe: UvInstall | MambaInstall) -> Layers:
    """The layers of ``recipe`` that pip or uv installs."""
    packages = {package.name: package for package in (recipe.lock.pip if recipe.lock else ())}
    indexes = _indexes(recipe)
    made: list[PipLayer] = []
    files: dict[str, str] = {}
    for layer in recipe.layers:
        if layer.pip:
            found = [packages[name] for name in layer.pip]
            text = _text(indexes, found)
            files[layer_path(text)] = text
            checked = " --require-hashes" if all(package.hashes and not package.source for package in found) else ""
            local = tuple(sorted({*carried(indexes), *(package.source for package in found if _is_local(package))}))
            made.append(PipLayer(title=layer.title, path=layer_path(text), options=f"--no-deps{checked}", local=local))
    return Layers(pip=tuple(made), files=files)


def locked_requirements(recipe: UvInstall | MambaInstall) -> str:
    """All packages that pip or uv installs, as one file: for people, and for installing them elsewhere."""
    return _text(_indexes(recipe), recipe.lock.pip if recipe.lock else ())


def needed(recipe: Recipe) -> FileTree:
    """The author's files that the environment is made of; with a lock no others than those that it has taken."""
    if not isinstance(recipe, UvInstall | MambaInstall):
        return {}
    if recipe.lock is None:
        return dict(recipe.local)
    sources = tuple(f"{package.source}/" for package in recipe.lock.pip if _is_local(package))
    hashes = {value for package in recipe.lock.pip for value in package.hashes}
    return {
        path: file
        for path, file in recipe.local
        if f"{path}/".startswith(sources) or (f"/{LINKS}/" in path and f"sha256:{file.digest()}" in hashes)
    }


def _indexes(recipe: UvInstall | MambaInstall) -> tuple[str, ...]:
    """Where packages come from; of the author's folders those of which the lock has taken something."""
    there = tuple(needed(recipe))
    return tuple(
        line
        for line in index_lines(recipe)
        if all(any(path.startswith(f"{folder}/") for path in there) for folder in carried((line,)))
    )


def _text(indexes: tuple[str, ...], packages: "tuple[LockedPackage, ...] | list[LockedPackage]") -> str:
    return "".join(f"{line}\n" for line in (*indexes, *(_entry(package) for package in packages)))


def _entry(package: LockedPackage) -> str:
    if _is_local(package):
        return f"{package.name} @ file://{place(package.source)}"
    if package.source:
        return f"{package.name} @ {package.source}"
    return " \\\n    ".join([f"{package.name}=={package.version}", *(f"--hash={value}" for value in package.hashes)])


def _is_local(package: LockedPackage) -> bool:
    return bool(package.source) and "://" not in package.source
