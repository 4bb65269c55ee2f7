"""Layers: which packages of the locks are installed together, so that what changes rarely is neither installed nor kept
twice.

From the bottom: huge packages, then large ones, in layers that environments on the same base share as far as their sets
allow; small ones that all environments with the same large ones have; an environment's own; one layer per update of the
lock. So a new small package is a layer of its own on top, and what it is put on stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mlc.ir.heavy import is_heavy
from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.index_lines import index_lines
from mlc.ir.lock import Layer, Lock, LockedCondaPackage, LockedPackage
from mlc.ir.plan import Plan
from mlc.passes.lowering.sharing import chains
from mlc.records import dataclass

UPDATES = 16
"""Updates with layers of their own at most; if there were more, several of them share theirs."""
WORTH = 1_000_000
"""Bytes of small packages for which a shared layer is made."""
HUGE = 100_000_000
"""Bytes of a package's file from which on it lies below all others: it is not installed again because one of those
changes, in this environment or in another. What is merely large may be there twice for that."""
UNKNOWN = HUGE
"""What a large package is taken to weigh where its size is not known."""

Package = LockedPackage | LockedCondaPackage
Identity = tuple[str, ...]


@dataclass(slots=True)
class _Environment:
    """One image's packages by what they are, and its layers so far, from the bottom."""

    image: Image
    conda: dict[Identity, Package]
    pip: dict[Identity, Package]
    ground: frozenset[Identity]
    """Of conda: what installs the others."""
    large: set[Identity]
    layers: list[frozenset[Identity]]


def with_layers(plan: Plan) -> Plan:
    """Fill in ``layers`` of every recipe that has a lock; each of its packages is in exactly one of them."""
    groups: dict[tuple[object, ...], list[_Environment]] = {}
    for image in sorted(plan.images, key=lambda image: image.name):
        recipe = image.recipe
        if isinstance(recipe, UvInstall | MambaInstall) and recipe.lock is not None:
            below = type(recipe), recipe.base, recipe.lock.base_digest, recipe.python, recipe.installer_image
            indexes = index_lines(recipe)
            ground = _ground(recipe.lock)
            environment = _Environment(image, _indexed(recipe.lock.conda), _indexed(recipe.lock.pip), ground, set(), [])
            groups.setdefault((*below, indexes, ground), []).append(environment)
    made: dict[str, Image] = {}
    for group in groups.values():
        _pile_up(group)
        made |= {environment.image.name: _filled(environment) for environment in group}
    return replace(plan, images=tuple(made.get(image.name, image) for image in plan.images))


def _identity(package: Package) -> Identity:
    """What makes two packages the same: their files, however they came into the lock."""
    if isinstance(package, LockedCondaPackage):
        return "conda", package.name, package.version, package.build, package.sha256
    return "pip", package.name, package.version, package.source, *sorted(package.hashes)


def _ground(lock: Lock) -> frozenset[Identity]:
    """conda's Python, and the pip that was there with it, with all that they need: what others are installed by."""
    found = {"python"} | {item.name for item in lock.conda if item.name == "pip" and item.generation == 0}
    while more := {item.name for item in lock.conda if found.intersection(item.via)} - found:
        found |= more
    return frozenset(_identity(item) for item in lock.conda if item.name in found)


def _pile_up(group: list[_Environment]) -> None:
    """What conda installs, then pip, then the updates of both, each as a layer."""
    _first(group, [environment.conda for environment in group])
    alike: dict[tuple[frozenset[Identity], ...], list[_Environment]] = {}
    for environment in group:
        alike.setdefault(tuple(environment.layers), []).append(environment)
    # A pip that an update brings is there for that update's packages, and not for what lies below.
    ready = any(item[1] == "pip" for item in group[0].ground) or not group[0].conda
    for members in alike.values():
        _first(members, [_of_an_index(environment.pip, first=not ready) for environment in members])
    for environment in group:
        _later(environment)


def _first(group: list[_Environment], packages: Sequence[dict[Identity, Package]]) -> None:
    """The layers of what was there from the beginning, and of large packages that are shared since."""
    counts: dict[Identity, int] = {}
    sizes: dict[Identity, int] = {}
    for found in packages:
        for identity, package in found.items():
            counts[identity] = counts.get(identity, 0) + 1
            sizes[identity] = max(sizes.get(identity, 0), package.size)
    heavy = {item for item in counts if item in group[0].ground or is_heavy(item[1], sizes[item])}
    weights = {item: sizes[item] or UNKNOWN for item in heavy}
    large, small = [], []
    for found in packages:
        first = {item for item, package in found.items() if package.generation == 0}
        large.append(frozenset(item for item in found if item in heavy and (item in first or counts[item] > 1)))
        small.append(frozenset(first - heavy))
    piles = _piles(large, weights, group[0].ground)
    common = _common(piles, small)
    for environment, pile, own, shared in zip(group, piles, small, common, strict=True):
        environment.large |= heavy
        worth = sum(sizes[item] or WORTH for item in shared) >= WORTH
        parts = [*pile, shared, own - shared] if worth else [*pile, own]
        environment.layers.extend(part for part in parts if part)


def _piles(
    large: list[frozenset[Identity]], weights: Mapping[Identity, int], ground: frozenset[Identity]
) -> list[list[frozenset[Identity]]]:
    """The layers of large packages: below, huge ones, which thus depend on no others than themselves."""
    huge = [frozenset(item for item in own if item in ground or weights[item] >= HUGE) for own in large]
    below = chains(huge, weights)
    alike: dict[tuple[frozenset[Identity], ...], list[int]] = {}
    for index, pile in enumerate(below):
        alike.setdefault(tuple(pile), []).append(index)
    for indexes in alike.values():
        above = chains([large[index] - huge[index] for index in indexes], weights)
        for index, pile in zip(indexes, above, strict=True):
            below[index] += pile
    return below


def _common(piles: list[list[frozenset[Identity]]], small: list[frozenset[Identity]]) -> list[frozenset[Identity]]:
    """For each environment the small packages that all with the same large ones have; none if it is the only one."""
    found: dict[tuple[frozenset[Identity], ...], list[frozenset[Identity]]] = {}
    for pile, own in zip(piles, small, strict=True):
        found.setdefault(tuple(pile), []).append(own)
    shared = {key: frozenset.intersection(*sets) if len(sets) > 1 else frozenset() for key, sets in found.items()}
    return [shared[tuple(pile)] for pile in piles]


def _indexed(packages: Iterable[Package]) -> dict[Identity, Package]:
    return {_identity(package): package for package in packages}


def _of_an_index(packages: dict[Identity, Package], *, first: bool) -> dict[Identity, Package]:
    """Those with hashes; ``first``: without those that updates brought."""
    return {
        item: found
        for item, found in packages.items()
        if isinstance(found, LockedPackage) and not found.source and not (first and found.generation)
    }


def _later(environment: _Environment) -> None:
    """On top: what comes from repositories and addresses, then update by update, then what lies in local folders."""
    everything = environment.conda | environment.pip
    for part in environment.layers:
        for identity in part:
            del everything[identity]
    last = max((package.generation for package in everything.values()), default=0)
    width = 1
    while last > UPDATES * width:
        width *= 2
    parts: dict[tuple[int, int, bool], set[Identity]] = {}
    for identity, package in everything.items():
        order = *_order(package, width), identity not in environment.large
        parts.setdefault(order, set()).add(identity)
    environment.layers.extend(frozenset(parts[order]) for order in sorted(parts))


def _order(package: Package, width: int) -> tuple[int, int]:
    """Which update, and its conda packages before those with hashes before those without."""
    update = -(-package.generation // width)
    match package:
        case LockedCondaPackage():
            return update, 0
        case LockedPackage(source=""):
            return update, 1
        case LockedPackage():
            return (update, 2) if "://" in package.source else (UPDATES + 1, 3)


def _filled(environment: _Environment) -> Image:
    image, packages = environment.image, environment.conda | environment.pip
    sizes = {item: package.size for item, package in packages.items()}
    layers = tuple(_layer(part, sizes) for part in environment.layers)
    assert isinstance(image.recipe, UvInstall | MambaInstall)
    return replace(image, recipe=replace(image.recipe, layers=layers))


def _layer(part: frozenset[Identity], sizes: dict[Identity, int]) -> Layer:
    names = tuple(sorted(item[1] for item in part))
    conda = next(iter(part))[0] == "conda"
    largest = [item[1] for item in sorted(part, key=lambda item: (-sizes[item], item[1]))]
    return Layer(title=_title(largest), pip=() if conda else names, conda=names if conda else ())


def _title(names: list[str]) -> str:
    """``torch``; ``torch and numpy``; ``torch, numpy and 2 more``."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]}, {names[1]} and {f'{len(names) - 2} more' if len(names) > 3 else names[2]}"
