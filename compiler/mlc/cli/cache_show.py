"""``mlc cache show``: one image, layer by layer."""

import time
from typing import TYPE_CHECKING

import click

from mlc.cli import amounts, compiling, console

if TYPE_CHECKING:
    from mlc.images.inventory import Inventory
    from mlc.images.kept_images import KeptImage
    from mlc.images.layer_titles import TitledLayer

MANY = 12
"""Packages that are named of a layer; of more, only how many there are."""


@click.command("show", epilog=compiling.example("mlc cache show fashion_mnist/train", "mlc cache show 5cff49bda6c6"))
@click.argument("name", metavar="NAME")
@compiling.json_option
def command(name: str, as_json: bool) -> None:
    """Show an image of ours: its layers, what its key is made of, which bundles and containers use it.

    NAME is what `mlc cache list` prints, PIPELINE/ENVIRONMENT or one of the two (the newest image then), or the
    beginning of an image's ID or of its tag.
    """
    from mlc.cli.cache_list import image_dict, taken
    from mlc.images.layer_titles import key_inputs, titled

    kept, why = taken()
    image = _found(kept, why, name)
    layers, inputs, now = titled(kept, image), key_inputs(kept, image), time.time()
    parts = [bundle / "environments" / image.environment / "sbom.cdx.json" for bundle in kept.bundles(image)]
    sbom = next((str(path) for path in parts if path.is_file()), None)
    if not as_json:
        _tell(kept, image, layers)
        _tell_rest(kept, image, inputs, sbom)
        return
    console.out_json(
        image_dict(kept, image, now)
        | {
            "labels": dict(image.labels),
            "layers": [
                {"title": one.title, "size": one.size, "shared_with": one.shared, "packages": list(one.packages)}
                for one in layers
            ],
            "key_inputs": inputs,
            "sbom": sbom,
        }
    )


def _found(kept: "Inventory", why: str, name: str) -> "KeptImage":
    from mlc.diagnostics import Span, fail

    if kept.images is None:
        raise fail("E650", Span(""), "No Docker engine answers", why=why, fix="Images are in the engine: start it")
    for image in kept.images.ours:
        tags = {reference.rpartition(":")[2] for reference in image.references}
        exact = {*image.references, *image.others, f"{image.pipeline}/{image.environment}"}
        if name in exact or name in (image.pipeline, image.environment):
            return image
        if len(name) >= 4 and (image.id.removeprefix("sha256:").startswith(name) or _begins(tags, name)):
            return image
    from difflib import get_close_matches

    known = sorted({f"{image.pipeline}/{image.environment}" for image in kept.images.ours})
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    fix = f"Did you mean {near[0]!r}?" if near else "`mlc cache list` shows what there is"
    raise fail("E642", Span(""), f"No image of mlc is called {name!r}", fix=fix)


def _begins(tags: set[str], name: str) -> bool:
    return any(tag.startswith(name) for tag in tags)


def _tell(kept: "Inventory", image: "KeptImage", layers: "tuple[TitledLayer, ...]") -> None:
    assert kept.images is not None
    now, own = time.time(), kept.images.freed([image])
    console.out(console.printable(f"{image.name}\nimage {image.id.removeprefix('sha256:')[:12]}, key {image.key}"))
    console.out(console.printable(f"environment {image.environment} of the pipeline {image.pipeline}"))
    used = amounts.age(now - kept.used(image))
    console.out(f"{amounts.size(image.size)}, {amounts.size(own)} of it shared with no other image")
    console.out(f"built {_ago(amounts.age(now - image.made))}, used {_ago(used)}\n")
    rows = [(f"  {amounts.size(one.size)}", one.title, f"in {one.shared} more" if one.shared else "") for one in layers]
    packages = [one.packages for one in layers]
    for row, names in zip(console.table([("LAYER", "", ""), *rows]), [(), *packages], strict=True):
        console.out(console.printable(row))
        if names:
            more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
            console.out(console.printable(f"            {', '.join(names[:MANY])}{more}"))


def _tell_rest(kept: "Inventory", image: "KeptImage", inputs: dict[str, str], sbom: str | None) -> None:
    users = [("container", name) for name in image.containers]
    users += [("bundle", str(bundle)) for bundle in kept.bundles(image)]
    labels = [(name, value) for name, value in image.labels if name.startswith(("org.opencontainers.", "io.mlc."))]
    sections = (
        ("KEY", [(name, " ".join(value.split())) for name, value in inputs.items()]),
        ("USED BY", users or [("nobody that is known here", "")]),
        ("LABELS", labels),
        ("SBOM", [(sbom, "")] if sbom else []),
    )
    for title, rows in sections:
        if rows:
            console.out(f"\n{title}")
            for line in console.table([(name, _cut(value)) for name, value in rows]):
                console.out(console.printable(f"  {line}"))


def _cut(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."


def _ago(age: str) -> str:
    return "just now" if age == "now" else f"{age} ago"
