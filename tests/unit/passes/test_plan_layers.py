"""Which packages lie in which layer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.ir import context

from mlc.ir.image import Image, MambaInstall, UseImage, UvInstall
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.ir.plan import Plan
from mlc.ir.verify import verify
from mlc.passes.lowering.layers import UPDATES
from mlc.passes.plan_layers import plan_layers

MB = 1_000_000
SIZES = {
    "tensorflow": 600,
    "torch": 800,
    "numpy": 16,
    "scipy": 40,
    "pandas": 13,
    "matplotlib": 10,
    "jax": 100,
    "xgboost": 200,
}
"""Megabytes; what is not here has half a one."""


INDEX = {"requirements": ("--extra-index-url https://x/simple",)}


def package(name, generation=0, **rest):
    """``numpy`` or ``numpy==2``; its hash says name and version."""
    name, _, version = name.partition("==")
    size = int(SIZES.get(name, 0.5) * MB)
    given = {"version": version or "1", "size": size, "hashes": (f"sha256:{name}{version}",), "generation": generation}
    return LockedPackage(name=name, **(given | rest))


def lock(text, *more):
    """Names, and behind ``+`` those of each update: ``numpy six + attrs``."""
    updates = enumerate(text.split("+"))
    found = (*(package(name, number) for number, names in updates for name in names.split()), *more)
    return Lock(pip=tuple(sorted(found, key=lambda item: item.name)))


def uv(found, **rest):
    return UvInstall(**({"base": "b", "python": "3.11", "requirements": (), "lock": found} | rest))


def layers(**recipes):
    """Names of the packages of each layer, by image, as text."""
    recipes = {name: uv(lock(given)) if isinstance(given, str) else given for name, given in recipes.items()}
    images = tuple(Image(name=name, recipe=recipe, components=()) for name, recipe in recipes.items())
    plan = plan_layers(Plan(name="p", tasks=(), images=images, components=()), context())
    verify(plan)
    return {image.name: [" ".join(layer.conda + layer.pip) for layer in planned(image)] for image in plan.images}


def planned(image):
    assert isinstance(image.recipe, UvInstall | MambaInstall)
    return image.recipe.layers


def test_large_ones_first_then_small_ones_then_updates():
    found = layers(a="six tensorflow attrs numpy + rich + idna scipy click")
    assert found["a"] == ["tensorflow", "numpy", "attrs six", "rich", "scipy", "click idna"]


def test_what_environments_share_is_below():
    found = layers(a="tensorflow numpy six", b="tensorflow numpy pandas six rich", c="tensorflow scipy attrs")
    assert found == {
        "a": ["tensorflow", "numpy", "six"],
        "b": ["tensorflow", "numpy", "pandas", "rich six"],
        "c": ["tensorflow", "scipy", "attrs"],
    }


def test_small_ones_that_all_with_the_same_large_ones_have_are_shared():
    found = layers(a="numpy six attrs rich", b="numpy six attrs idna", c="six attrs")
    assert found == {
        "a": ["numpy", "attrs six", "rich"],
        "b": ["numpy", "attrs six", "idna"],
        "c": ["attrs six"],
    }


def test_what_is_huge_stays_when_something_merely_large_changes():
    assert layers(a="tensorflow pandas scipy six")["a"] == ["tensorflow", "pandas scipy", "six"]
    assert layers(a="tensorflow scipy six + pandas==2")["a"] == ["tensorflow", "scipy", "six", "pandas"]
    found = layers(a="tensorflow pandas", b="pandas", c="tensorflow pandas scipy")
    assert found == {"a": ["tensorflow", "pandas"], "b": ["pandas"], "c": ["tensorflow", "pandas", "scipy"]}


def test_another_version_is_another_package():
    assert layers(a="numpy==1", b="numpy==2") == {"a": ["numpy"], "b": ["numpy"]}
    plan = layers(a="numpy==1 scipy", b="numpy==2 scipy")
    assert plan == {"a": ["scipy", "numpy"], "b": ["scipy", "numpy"]}


@pytest.mark.parametrize("other", [{"base": "c"}, {"python": "3.12"}, {"installer_image": "uv:2"}, INDEX])
def test_nothing_is_shared_over_another_ground(other):
    found = layers(a="numpy six scipy", b="numpy scipy attrs", c=uv(lock("numpy"), **other))
    assert found == {"a": ["numpy scipy", "six"], "b": ["numpy scipy", "attrs"], "c": ["numpy"]}


def test_a_large_package_that_an_update_brought_is_shared_with_who_has_it():
    found = layers(a="torch six", b="numpy six + torch", c="numpy + scipy")
    assert found == {"a": ["torch", "six"], "b": ["torch", "numpy", "six"], "c": ["numpy", "scipy"]}


def test_where_no_size_is_known_the_table_says_what_is_large():
    names = [package(name, size=0) for name in ("torch", "six")]
    assert layers(a=uv(Lock(pip=tuple(names))))["a"] == ["torch", "six"]


def test_what_has_no_hashes_is_installed_behind_what_has():
    git = package("own", hashes=(), source="git+https://x/own@abc")
    local = package("here", hashes=(), source="environments/a/local/here")
    assert layers(a=uv(lock("numpy six + rich", git, local)))["a"] == ["numpy", "six", "own", "rich", "here"]


def test_many_updates_share_layers():
    text = " + ".join(["six"] + [f"p{number:02}" for number in range(1, 41)])
    found = layers(a=text)["a"]
    assert len(found) <= UPDATES + 1
    assert found[1] == "p01 p02 p03 p04"


def conda(name, *via, size=0, generation=0):
    url = f"https://c/{name}.conda"
    return LockedCondaPackage(
        name=name, version="1", build="0", url=url, sha256=name, size=size, via=via, generation=generation
    )


def mamba(*packages, pip=""):
    both = Lock(pip=lock(pip).pip, conda=packages)
    return MambaInstall(base="b", python="3.8", channels=("c",), conda=(), pip=(), lock=both)


PYTHON = (conda("python"), conda("openssl", "python"), conda("zlib", "openssl"))


def test_condas_python_is_in_the_first_layer_with_what_it_needs():
    found = layers(
        a=mamba(*PYTHON, conda("numpy", size=9 * MB), conda("mkl", "numpy", size=200 * MB), pip="torch six"),
        b=mamba(*PYTHON, conda("rich", generation=1), conda("attrs"), pip="torch + six"),
    )
    assert found == {
        "a": ["openssl python zlib", "mkl", "numpy", "torch", "six"],
        "b": ["openssl python zlib", "attrs", "torch", "rich", "six"],
    }


def test_nothing_is_installed_by_a_pip_that_comes_later():
    late = conda("pip", generation=1)
    found = layers(a=mamba(*PYTHON, late, pip="+ torch"), b=mamba(*PYTHON, conda("rich"), late, pip="+ torch"))
    assert found["a"] == ["openssl python zlib", "pip", "torch"]
    first = conda("pip")
    found = layers(a=mamba(*PYTHON, first, pip="+ torch"), b=mamba(*PYTHON, first, pip="torch"))
    assert found["a"] == found["b"] == ["openssl pip python zlib", "torch"]


def test_without_a_lock_there_are_no_layers():
    assert layers(a=uv(None)) == {"a": []}
    image = Image(name="i", recipe=UseImage(base="b"), components=())
    plan = Plan(name="p", tasks=(), images=(image,), components=())
    assert plan_layers(plan, context()) is not None


def test_the_title():
    def title(text):
        image = Image(name="a", recipe=uv(lock(text)), components=())
        plan = plan_layers(Plan(name="p", tasks=(), images=(image,), components=()), context())
        (layer,) = planned(plan.images[0])
        return layer.title

    assert title("numpy") == "numpy"
    assert title("numpy scipy") == "scipy and numpy"
    assert title("numpy scipy pandas") == "scipy, numpy and pandas"
    assert title("numpy scipy pandas matplotlib") == "scipy, numpy and 2 more"


NAMES = st.sampled_from(["tensorflow", "torch", "numpy", "scipy", "six", "attrs==1", "attrs==2", "rich", "idna"])
PACKAGES = st.lists(st.tuples(NAMES, st.integers(0, 3)), max_size=8, unique_by=lambda item: item[0].partition("==")[0])
LOCKS = PACKAGES.map(lambda items: Lock(pip=tuple(sorted((package(*item) for item in items), key=lambda p: p.name))))
ENVIRONMENTS = st.dictionaries(st.sampled_from("abcde"), LOCKS, min_size=1)


@settings(deadline=None)
@given(ENVIRONMENTS, st.randoms(use_true_random=False))
def test_every_package_is_in_one_layer_and_order_does_not_count(locks, random):
    found = layers(**{name: uv(given) for name, given in locks.items()})
    for name, given_lock in locks.items():
        assert sorted(" ".join(found[name]).split()) == [item.name for item in given_lock.pip]
    shuffled = random.sample(sorted(locks), len(locks))
    mixed = {name: Lock(pip=tuple(random.sample(locks[name].pip, len(locks[name].pip)))) for name in shuffled}
    assert layers(**{name: uv(given) for name, given in mixed.items()}) == found


@settings(deadline=None)
@given(ENVIRONMENTS, st.data())
def test_a_small_package_by_update_is_a_layer_on_top_and_nothing_else_changes(locks, data):
    name = data.draw(st.sampled_from(sorted(locks)))
    before = layers(**{key: uv(given) for key, given in locks.items()})
    changed = locks | {name: Lock(pip=(*locks[name].pip, package("zipp", 4)))}
    after = layers(**{key: uv(given) for key, given in changed.items()})
    assert after == before | {name: [*before[name], "zipp"]}


@settings(deadline=None)
@given(ENVIRONMENTS, st.data())
def test_small_packages_do_not_change_what_large_ones_lie_in(locks, data):
    name = data.draw(st.sampled_from(sorted(locks)))
    large = {"tensorflow", "torch", "numpy", "scipy"}
    changed = locks | {name: Lock(pip=tuple(item for item in locks[name].pip if item.name in large))}

    def of_large(given):
        found = layers(**{key: uv(value) for key, value in given.items()})
        return {key: [part for part in parts if large >= set(part.split())] for key, parts in found.items()}

    assert of_large(locks | {name: changed[name]}) == of_large(locks)
