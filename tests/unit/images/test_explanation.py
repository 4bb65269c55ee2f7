from dataclasses import replace
from pathlib import Path

from mlc.images.cache import cache_root
from mlc.images.explanation import explain, remember
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import Plan

IMAGE = Image(
    name="keras",
    recipe=UseImage(base="b"),
    components=(),
    key_inputs=(("base", "b:1"), ("installer", "uv"), ("python", "3.11"), ("requirements", "keras==3\npandas")),
    key="k",
    reference="mlc/p-keras:1",
)
PLAN = Plan(name="p", tasks=(), images=(IMAGE,), components=())
BUNDLE = Path("/some/where")


def because(image, *, present=False):
    return explain(PLAN, image, BUNDLE, present=present).because


def test_an_image_that_is_there_is_reused():
    assert explain(PLAN, IMAGE, BUNDLE, present=True).reuse


def test_the_first_time():
    assert because(IMAGE) == ("never built here",)


def test_each_field_that_changed_is_named_with_both_values():
    remember(PLAN, IMAGE, BUNDLE)
    changed = (("base", "b:2"), ("installer", "uv"), ("requirements", "keras==3\npandas\nscipy"), ("build", "x"))
    assert because(replace(IMAGE, key_inputs=changed, reference="mlc/p-keras:2")) == (
        "base: b:1 -> b:2",
        "requirements: scipy is new",
        "build: x is new",
        "python: 3.11 is gone",
    )


def test_only_the_code_changed():
    remember(PLAN, IMAGE, BUNDLE)
    assert "code" in because(replace(IMAGE, reference="mlc/p-keras:2"))[0]


def test_only_the_name_changed():
    remember(PLAN, IMAGE, BUNDLE)
    assert because(replace(IMAGE, reference="ghcr.io/me/mlc/p-keras:1")) == (
        "name: mlc/p-keras -> ghcr.io/me/mlc/p-keras; what is installed did not change",
    )


def test_the_image_was_removed():
    remember(PLAN, IMAGE, BUNDLE)
    assert because(IMAGE) == ("it was built before, but mlc/p-keras:1 is no longer there",)


def test_without_an_engine_the_memory_decides():
    assert not explain(PLAN, IMAGE, BUNDLE, present=None).reuse
    remember(PLAN, IMAGE, BUNDLE)
    told = explain(PLAN, IMAGE, BUNDLE, present=None)
    assert told.reuse
    assert "no engine was asked" in told.because[0]
    assert not explain(PLAN, replace(IMAGE, key_inputs=(("base", "b:2"),)), BUNDLE, present=None).reuse


def test_two_checkouts_of_a_pipeline_have_a_memory_each():
    other, changed = Path("/another/place"), replace(IMAGE, key_inputs=(("base", "b:9"),), reference="mlc/p-keras:9")
    remember(PLAN, IMAGE, BUNDLE)
    remember(PLAN, changed, other)
    newer = replace(IMAGE, key_inputs=(("base", "b:2"),), reference="mlc/p-keras:2")
    assert because(newer)[0] == "base: b:1 -> b:2"
    assert explain(PLAN, newer, other, present=False).because == ("base: b:9 -> b:2",)
    assert explain(PLAN, newer, Path("/third"), present=False).because == ("never built here",)


def test_what_is_known_is_not_written_again():
    remember(PLAN, IMAGE, BUNDLE)
    (file,) = (cache_root() / "built" / "p").iterdir()
    before = file.stat().st_mtime_ns, file.stat().st_ino
    remember(PLAN, IMAGE, BUNDLE)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_a_broken_memory_is_none():
    for text in ("[}", '{"key_inputs": {"base": 3}}', '{"key_inputs": []}'):
        remember(PLAN, IMAGE, BUNDLE)
        (file,) = (cache_root() / "built" / "p").iterdir()
        file.write_text(text)
        assert because(IMAGE) == ("never built here",)
