"""``docker-bake.json``: the same images under the same names for CI, with a registry and caches by variable.

``REGISTRY`` is put before each name (``ghcr.io/me/``), ``TAG`` adds a tag, ``REVISION`` becomes a label. ``CACHE_FROM``
and ``CACHE_TO`` are cache options of buildx in which ``{target}`` stands for the target's name.
"""

import json
from typing import Any

from mlc.ir.plan import Image, Plan

VARIABLES = ("REGISTRY", "TAG", "CACHE_FROM", "CACHE_TO", "REVISION")


def bake_file(plan: Plan) -> str:
    """The text of ``docker-bake.json``."""
    names = _identifiers([image.name for image in plan.images])
    content = {
        "variable": {name: {"default": ""} for name in VARIABLES},
        "group": {"default": {"targets": list(names.values())}},
        "target": {names[image.name]: _target(plan, image, names[image.name]) for image in plan.images},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _target(plan: Plan, image: Image, name: str) -> dict[str, Any]:
    repository = image.reference.rpartition(":")[0]
    tags = f'"${{REGISTRY}}{image.reference}"', f'"${{REGISTRY}}{repository}:${{TAG}}"'
    return {
        "context": ".",
        "dockerfile": f"environments/{image.name}/Dockerfile",
        "tags": f'${{TAG == "" ? [{tags[0]}] : [{tags[0]}, {tags[1]}]}}',
        "cache-from": _cache("CACHE_FROM", name),
        "cache-to": _cache("CACHE_TO", name),
        "labels": {
            "org.opencontainers.image.title": f"{plan.name}/{image.name}",
            "org.opencontainers.image.revision": '${REVISION == "" ? null : REVISION}',
        },
    }


def _cache(variable: str, target: str) -> str:
    """A list of one option, or none: an expression of the bake file's language."""
    return f'${{{variable} == "" ? [] : [replace({variable}, "{{target}}", "{target}")]}}'


def _identifiers(names: list[str]) -> dict[str, str]:
    """Image names as bake allows them (no dots), each once."""
    found: dict[str, str] = {}
    for name in names:
        wanted = name.replace(".", "_")
        while wanted in found.values():
            wanted += "_"
        found[name] = wanted
    return found
