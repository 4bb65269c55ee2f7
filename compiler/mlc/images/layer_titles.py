"""What a layer of an image is, in words: from the command that made it, and from the plan where that is known."""

import json
import re
from pathlib import Path
from typing import Any

from mlc.images.inventory import Inventory
from mlc.images.kept_images import KeptImage, KeptLayer
from mlc.records import dataclass

_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"uv (?:--\S+ )*venv"), "Python"),
    (re.compile(r"^COPY .*\bruntime /mlc/runtime"), "mlc's launcher"),
    (re.compile(r"^WORKDIR /mlc$"), "the folder /mlc"),
    (re.compile(r"mkdir -p -m 0777"), "folders of inputs and outputs"),
    (re.compile(r"^COPY .*\bcomponents /mlc/components"), "code of the steps"),
)
_CODE = re.compile(r"^COPY .*/mlc/components/(\S+)")
_INSTALL = re.compile(r"\bpip install\b|micromamba\S* (?:create|install)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledLayer:
    """``packages`` are names, where the plan of a bundle tells them; ``shared``: how many other images have it."""

    title: str
    size: int
    shared: int
    packages: tuple[str, ...] = ()


def titled(kept: Inventory, image: KeptImage) -> tuple[TitledLayer, ...]:
    """The layers of ``image``, the lowest first."""
    planned = _planned(kept, image)
    installs = [layer for layer in image.layers if _INSTALL.search(layer.command)]
    names = dict(zip((layer.chain for layer in installs), planned, strict=False)) if planned else {}
    held = kept.images.held if kept.images is not None else {}
    found = []
    for number, layer in enumerate(image.layers):
        title, packages = names.get(layer.chain) or (_words(layer, image if number == 0 else None), ())
        shared = max(0, held.get(layer.chain, 1) - 1)
        found.append(TitledLayer(title=title, size=layer.size, shared=shared, packages=packages))
    return tuple(found)


def key_inputs(kept: Inventory, image: KeptImage) -> dict[str, str]:
    """What the key of its environment is made of, from a bundle that asks for it; nothing if there is none."""
    for bundle in kept.bundles(image):
        found = _read(bundle / "environments" / image.environment / "key.json")
        inputs = found.get("inputs", found)
        if isinstance(inputs, dict):
            return {str(name): str(value) for name, value in inputs.items()}
    return {}


def _words(layer: KeptLayer, lowest: KeptImage | None) -> str:
    for pattern, words in _WORDS:
        if pattern.search(layer.command):
            return words
    if code := _CODE.match(layer.command):
        return f"code of {code[1]}"
    if _INSTALL.search(layer.command):
        return "packages"
    base = dict(lowest.labels).get("org.opencontainers.image.base.name") if lowest is not None else None
    if base:
        return f"base image {base}"
    plain = re.sub(r"^(?:RUN )?(?:\|\d+ (?:\S+=\S* )*)?(?:/bin/sh -c )?(?:#\(nop\)\s*)?", "", layer.command)
    return " ".join(plain.split())[:70] or "base image"


def _planned(kept: Inventory, image: KeptImage) -> list[tuple[str, tuple[str, ...]]]:
    """Titles and packages of the layers that the plan of a bundle installs."""
    for bundle in kept.bundles(image):
        for planned in _read(bundle / "plan.json").get("images") or ():
            layers = planned["recipe"].get("layers") if planned.get("key") == image.key else None
            if layers:
                return [
                    (str(layer.get("title", "")), (*layer.get("conda", ()), *layer.get("pip", ()))) for layer in layers
                ]
    return []


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
