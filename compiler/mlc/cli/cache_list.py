"""``mlc cache list``: everything that is kept, how big it is, how old, and who uses it."""

import time
from typing import TYPE_CHECKING

import click

from mlc.cli import amounts, compiling, console

if TYPE_CHECKING:
    from mlc.images.inventory import Inventory, KeptEnvironment
    from mlc.images.kept_images import KeptImage


@click.command("list", epilog=compiling.example("mlc cache list", "mlc cache list --json | jq '.images[].name'"))
@compiling.json_option
def command(as_json: bool) -> None:
    """List images of ours in the engine, environments of the process engine, and records in the cache folder.

    SIZE is that of all layers of an image; OWN is what goes when it goes: layers that no other image has. Totals count
    shared layers once. An engine that also keeps images packed (containerd) needs some more.
    """
    kept, why = taken()
    now = time.time()
    if as_json:
        console.out_json(as_dict(kept, now))
        return
    if kept.images is None:
        console.note(f"No engine was asked for images: {console.printable(why)}.")
    else:
        _images(kept, now)
    _environments(kept, now)
    _folders(kept)


def taken() -> "tuple[Inventory, str]":
    """What is kept; without an engine the reason why none answers, which does not stop anybody from looking."""
    from mlc.images.engine import NoEngine, find_engine
    from mlc.images.inventory import take

    match find_engine():
        case NoEngine() as none:
            return take(None), none.reason
        case engine:
            return take(engine), ""


def as_dict(kept: "Inventory", now: float) -> dict[str, object]:
    """The inventory for a program; sizes in bytes, ages in whole seconds."""
    images = kept.images
    return {
        "cache": str(kept.root),
        "images": None if images is None else [image_dict(kept, image, now) for image in images.ours],
        "images_size": None if images is None else images.size(images.ours),
        "images_freed_by_all": None if images is None else images.freed(images.ours),
        "environments": [environment_dict(kept, environment, now) for environment in kept.environments],
        "records": [
            {"name": folder.path.name, "meaning": folder.meaning, "size": folder.size, "files": folder.files}
            for folder in kept.folders
        ],
    }


def image_dict(kept: "Inventory", image: "KeptImage", now: float) -> dict[str, object]:
    """An image for a program."""
    assert kept.images is not None
    return {
        "name": image.name,
        "id": image.id,
        "references": list(image.references),
        "other_names": list(image.others),
        "pipeline": image.pipeline,
        "environment": image.environment,
        "key": image.key,
        "size": image.size,
        "own": kept.images.freed([image]),
        "age": max(0, int(now - image.made)),
        "unused_for": max(0, int(now - kept.used(image))),
        "containers": list(image.containers),
        "bundles": [str(bundle) for bundle in kept.bundles(image)],
    }


def environment_dict(kept: "Inventory", environment: "KeptEnvironment", now: float) -> dict[str, object]:
    """An environment of the process engine for a program."""
    return {
        "name": environment.name,
        "folder": str(environment.folder),
        "asks": environment.asks,
        "whole": environment.whole,
        "size": environment.size,
        "age": max(0, int(now - environment.made)),
        "unused_for": max(0, int(now - kept.used(environment))),
        "bundles": [str(bundle) for bundle in kept.bundles(environment)],
    }


def users(kept: "Inventory", item: "KeptImage | KeptEnvironment") -> str:
    """Who uses it, in a few words: containers, then bundles; '' for nobody."""
    containers = getattr(item, "containers", ())
    parts = [console.count(len(containers), "container")] if containers else []
    bundles = kept.bundles(item)
    parts += [console.count(len(bundles), "bundle")] if bundles else []
    return ", ".join(parts)


def _images(kept: "Inventory", now: float) -> None:
    images = kept.images
    assert images is not None
    if not images.ours:
        console.out("No images of mlc in the engine.")
        return
    rows = [
        (
            image.name,
            f"{image.pipeline}/{image.environment}",
            amounts.size(image.size),
            amounts.size(images.freed([image])),
            amounts.age(now - image.made),
            amounts.age(now - kept.used(image)),
            users(kept, image) or "-",
        )
        for image in images.ours
    ]
    _print([("IMAGE", "FOR", "SIZE", "OWN", "AGE", "UNUSED", "IN USE BY"), *rows])
    total, freed = amounts.size(images.size(images.ours)), amounts.size(images.freed(images.ours))
    console.out(f"{console.count(len(rows), 'image')}, {total}; removing all of them frees {freed}.")


def _environments(kept: "Inventory", now: float) -> None:
    if not kept.environments:
        return
    rows = [
        (
            one.name,
            one.asks if one.whole else "half made",
            amounts.size(one.size),
            amounts.age(now - one.made),
            amounts.age(now - kept.used(one)),
            users(kept, one) or "-",
        )
        for one in kept.environments
    ]
    console.out()
    _print([("ENVIRONMENT", "WITH", "SIZE", "AGE", "UNUSED", "IN USE BY"), *rows])


def _folders(kept: "Inventory") -> None:
    if not kept.folders:
        return
    rows = [
        (one.path.name, amounts.size(one.size), console.count(one.files, "file"), one.meaning) for one in kept.folders
    ]
    console.out(f"\n{console.printable(str(kept.root))}")
    _print([("RECORDS", "SIZE", "", ""), *rows])


def _print(rows: list[tuple[str, ...]]) -> None:
    for line in console.table(rows):
        console.out(console.printable(line))
