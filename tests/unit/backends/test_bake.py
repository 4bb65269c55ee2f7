"""docker-bake.json: the images of compose.yaml, for CI."""

import json
from dataclasses import replace

from tests.unit.backends.plans import FASHION, image, uv

from mlc.backends.docker.bake import bake_file


def test_targets_are_the_images():
    found = json.loads(bake_file(FASHION))
    assert found["group"] == {"default": {"targets": ["keras", "prep"]}}
    assert set(found["target"]) == {"keras", "prep"}
    assert found["target"]["prep"]["context"] == "."
    assert found["target"]["prep"]["dockerfile"] == "environments/prep/Dockerfile"
    assert '"${REGISTRY}mlc/fashion_mnist-prep:0123456789ab-cdef01234567"' in found["target"]["prep"]["tags"]


def test_names_with_dots_become_identifiers():
    plan = replace(FASHION, images=(image("a.b", uv()), image("a_b", uv())))
    assert json.loads(bake_file(plan))["group"]["default"]["targets"] == ["a_b", "a_b_"]


def test_a_registry_is_the_variables_default_and_stands_in_a_name_once():
    prep = replace(image("prep", uv()), reference="ghcr.io/me/mlc/fashion_mnist-prep:0123456789ab-cdef01234567")
    found = json.loads(bake_file(replace(FASHION, images=(prep,), registry="ghcr.io/me")))
    assert found["variable"]["REGISTRY"] == {"default": "ghcr.io/me/"}
    assert found["target"]["prep"]["tags"] == (
        '${TAG == "" ? ["${REGISTRY}mlc/fashion_mnist-prep:0123456789ab-cdef01234567"] : '
        '["${REGISTRY}mlc/fashion_mnist-prep:0123456789ab-cdef01234567", "${REGISTRY}mlc/fashion_mnist-prep:${TAG}"]}'
    )


def test_caches_are_named_by_target_and_key():
    prep = replace(image("prep", uv()), key="0123456789abcdef")
    found = json.loads(bake_file(replace(FASHION, images=(prep,))))["target"]["prep"]
    filled = 'replace(replace(CACHE_FROM, "{target}", "prep"), "{key}", "0123456789ab")'
    assert found["cache-from"] == f'${{CACHE_FROM == "" ? [] : [{filled}]}}'


def test_images_are_built_for_the_plans_platform():
    found = json.loads(bake_file(replace(FASHION, platform="linux/arm64")))["target"]
    assert {name: target["platforms"] for name, target in found.items()} == {key: ["linux/arm64"] for key in found}
