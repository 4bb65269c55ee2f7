"""``docker-bake.json``: the same images under the same names for CI, with a registry and caches by variable.

``REGISTRY`` is put before each name (``ghcr.io/me/``), ``TAG`` adds a tag, ``SOURCE`` (a URL) and ``REVISION`` become
labels. ``CACHE_FROM`` and ``CACHE_TO`` are cache options of buildx in which ``{target}`` stands for the target's name,
and ``{key}`` for the first digits of its environment's key.
"""

import json
from typing import Any

from mlc.backends.docker.site import CERTIFICATES, build_args
from mlc.config.network import NOTHING_SET, Network
from mlc.ir.image import Image
from mlc.ir.plan import Plan

VARIABLES = ("REGISTRY", "TAG", "CACHE_FROM", "CACHE_TO", "SOURCE", "REVISION")


def bake_file(plan: Plan, network: Network = NOTHING_SET) -> str:
    """The text of ``docker-bake.json``."""
    names = _identifiers([image.name for image in plan.images])
    content = {
        "variable": {name: {"default": _default(plan, name)} for name in VARIABLES},
        "group": {"default": {"targets": list(names.values())}},
        "target": {
            names[image.name]: _target(plan, image, names[image.name]) | _at_site(image, network)
            for image in plan.images
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _target(plan: Plan, image: Image, name: str) -> dict[str, Any]:
    full, bare = (text.removeprefix(_default(plan, "REGISTRY")) for text in (image.reference, image.repository))
    tags = f'"${{REGISTRY}}{full}"', f'"${{REGISTRY}}{bare}:${{TAG}}"'
    return {
        "context": ".",
        "dockerfile": f"environments/{image.name}/Dockerfile",
        "platforms": [plan.platform],
        "tags": f'${{TAG == "" ? [{tags[0]}] : [{tags[0]}, {tags[1]}]}}',
        "cache-from": _cache("CACHE_FROM", name, image),
        "cache-to": _cache("CACHE_TO", name, image),
        "labels": {
            "org.opencontainers.image.title": f"{plan.name}/{image.name}",
            "org.opencontainers.image.source": '${SOURCE == "" ? null : SOURCE}',
            "org.opencontainers.image.revision": '${REVISION == "" ? null : REVISION}',
        },
    }


def _at_site(image: Image, network: Network) -> dict[str, Any]:
    """What the build may read, as far as the site has it. An empty ``MLC_NETWORK`` is none."""
    files = [f"id=mlc-ca,src={CERTIFICATES}"] if network.ca_bundle else []
    args = dict(build_args(image, network))
    return {"secret": ["id=mlc-network,env=MLC_NETWORK", *files]} | ({"args": args} if args else {})


def _default(plan: Plan, variable: str) -> str:
    return f"{plan.registry}/" if variable == "REGISTRY" and plan.registry else ""


def _cache(variable: str, target: str, image: Image) -> str:
    """A list of one option, or none: an expression of the bake file's language."""
    filled = f'replace(replace({variable}, "{{target}}", "{target}"), "{{key}}", "{image.short_key}")'
    return f'${{{variable} == "" ? [] : [{filled}]}}'


def _identifiers(names: list[str]) -> dict[str, str]:
    """Image names as bake allows them (no dots), each once."""
    found: dict[str, str] = {}
    for name in names:
        wanted = name.replace(".", "_")
        while wanted in found.values():
            wanted += "_"
        found[name] = wanted
    return found
