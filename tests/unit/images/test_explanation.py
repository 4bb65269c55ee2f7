from dataclasses import replace

from mlc.images.cache import cache_root
from mlc.images.explanation import explain, remember
from mlc.ir.plan import Image, Plan, UseImage

IMAGE = Image(
    name="keras",
    recipe=UseImage(base="b"),
    components=(),
    key_inputs=(("base", "b:1"), ("python", "3.11"), ("requirements", "keras==3\npandas")),
    key="k",
    reference="mlc/p-keras:1",
)
PLAN = Plan(name="p", tasks=(), images=(IMAGE,), components=())


def because(image, *, present=False):
    return explain(PLAN, image, present=present).because


def test_an_image_that_is_there_is_reused():
    assert explain(PLAN, IMAGE, present=True).reuse


def test_the_first_time():
    assert because(IMAGE) == ("it was never built here",)


def test_each_field_that_changed_is_named_with_both_values():
    remember(PLAN, IMAGE)
    changed = (("base", "b:2"), ("requirements", "keras==3\npandas\nscipy"), ("installer", "uv"))
    assert because(replace(IMAGE, key_inputs=changed, reference="mlc/p-keras:2")) == (
        "base was b:1, is b:2",
        "requirements: +scipy",
        "installer is new: uv",
        "python is gone: 3.11",
    )


def test_only_the_code_changed():
    remember(PLAN, IMAGE)
    assert "code" in because(replace(IMAGE, reference="mlc/p-keras:2"))[0]


def test_the_image_was_removed():
    remember(PLAN, IMAGE)
    assert because(IMAGE) == ("it was built before, but mlc/p-keras:1 is no longer there",)


def test_without_an_engine_the_memory_decides():
    assert not explain(PLAN, IMAGE, present=None).reuse
    remember(PLAN, IMAGE)
    told = explain(PLAN, IMAGE, present=None)
    assert told.reuse
    assert "no engine was asked" in told.because[0]
    assert not explain(PLAN, replace(IMAGE, key_inputs=(("base", "b:2"),)), present=None).reuse


def test_a_broken_memory_is_none():
    remember(PLAN, IMAGE)
    (cache_root() / "built" / "p" / "keras.json").write_text("[}")
    assert because(IMAGE) == ("it was never built here",)
