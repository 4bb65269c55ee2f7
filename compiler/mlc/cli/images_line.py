"""The line that says what became of the images of a build."""

from typing import TYPE_CHECKING

from mlc.cli.amounts import size
from mlc.cli.progress import duration

if TYPE_CHECKING:
    from mlc.images import BuildResult


def images_line(results: "tuple[BuildResult, ...]") -> str:
    """``images: train built in 42 s, 1.9 GB (2 of 3 layers reused); 2 reused (prep, score)``."""
    parts = [_built(result) for result in results if result.built]
    groups = (
        ("pulled", [result.image for result in results if result.pulled]),
        ("reused", [result.image for result in results if not result.built and not result.pulled]),
        ("pushed", [result.image for result in results if result.pushed]),
    )
    parts += [f"{len(names)} {word} ({', '.join(names)})" for word, names in groups if names]
    return f"images: {'; '.join(parts)}"


def _built(result: "BuildResult") -> str:
    made = result.made
    much = f", {size(made.size)}" if made.size else ""
    layers = made.reused + made.fresh
    saved = f" ({'all' if not made.fresh else f'{made.reused} of {layers}'} layers reused)" if made.reused else ""
    return f"{result.image} built in {duration(result.seconds)}{much}{saved}"
