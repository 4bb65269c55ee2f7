"""Why an image is built: one clause for one change, in words of its field, and none for what does not count."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlc.files import File
from mlc.images.key_changes import MOST, key_changes
from mlc.ir.image import BuildDockerfile, MambaInstall, UvInstall
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.passes.lowering import environment_key
from mlc.passes.lowering.environment_key import key_inputs

A, B = "a" * 64, "b" * 64


def pinned(name, version, *hashes):
    return LockedPackage(name=name, version=version, hashes=hashes or (f"sha256:{A}",))


LOCK = Lock(pip=(pinned("six", "1.16"), pinned("tensorflow", "2.20.0")), base_digest=f"sha256:{A}")
UV = UvInstall(base="python:3.11", python="3.11", requirements=("tensorflow>=2", "six"), lock=LOCK)
OPEN = replace(UV, lock=None)
CONDA = LockedCondaPackage(name="numpy", version="1.21", build="py_0", url="u", sha256=A)
MAMBA = MambaInstall(base="b", python="3.8", channels=("conda-forge", "main"), conda=("numpy=1.21",), pip=("six",))
FILES = (("Dockerfile", File(b"FROM x\n")), ("req.txt", File(b"six\n")))
OWN = BuildDockerfile(files=FILES, dockerfile="Dockerfile")
AMD64 = "linux/amd64"


def changes(old, new, platform=AMD64):
    return key_changes(dict(key_inputs(old, AMD64)), dict(key_inputs(new, platform)))


def with_pip(*packages):
    return replace(UV, lock=replace(LOCK, pip=packages))


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        (UV, with_pip(LOCK.pip[0], pinned("tensorflow", "2.21.0")), "lock: tensorflow 2.20.0 -> 2.21.0"),
        (UV, with_pip(*LOCK.pip, pinned("seaborn", "0.13.2")), "lock: seaborn 0.13.2 is new"),
        (UV, with_pip(LOCK.pip[1]), "lock: six 1.16 is gone"),
        (UV, with_pip(LOCK.pip[1], pinned("six", "1.16", f"sha256:{B}")), "lock: six 1.16 has other files"),
        (UV, OPEN, "lock: there is none any more"),
        (
            UV,
            replace(UV, lock=replace(LOCK, base_digest=f"sha256:{B}")),
            "base digest: sha256:aaaaaaaaaaaa.. -> sha256:bbbbbbbbbbbb..",
        ),
        (
            UV,
            replace(UV, base=f"python:3.11@sha256:{B}"),
            "base digest: sha256:aaaaaaaaaaaa.. -> sha256:bbbbbbbbbbbb..",
        ),
        (UV, replace(UV, base="python:3.12"), "base: python:3.11 -> python:3.12"),
        (UV, replace(UV, python="3.12"), "python: 3.11 -> 3.12"),
        (UV, replace(UV, installer_image="uv:2"), "installer image: ghcr.io/astral-sh/uv:0.9.7 -> uv:2"),
        (OPEN, UV, "lock: there was none"),
        (OPEN, replace(OPEN, requirements=("tensorflow>=2.21", "six")), "requirements: tensorflow >=2 -> >=2.21"),
        (OPEN, replace(OPEN, requirements=("tensorflow>=2", "six==1")), "requirements: six any version -> ==1"),
        (OPEN, replace(OPEN, requirements=(*OPEN.requirements, "rich")), "requirements: rich is new"),
        (OPEN, replace(OPEN, requirements=("six",)), "requirements: tensorflow >=2 is gone"),
        (
            OPEN,
            replace(OPEN, requirements=(*OPEN.requirements, "--extra-index-url https://x")),
            "requirements: --extra-index-url https://x is new",
        ),
        (MAMBA, replace(MAMBA, channels=("main", "conda-forge")), "channels: another order, now main, conda-forge"),
        (MAMBA, replace(MAMBA, channels=("conda-forge",)), "channels: main is gone"),
        (MAMBA, replace(MAMBA, conda=("numpy=1.22",)), "conda packages: numpy =1.21 -> =1.22"),
        (
            replace(MAMBA, lock=Lock(conda=(CONDA,))),
            replace(MAMBA, lock=Lock(conda=(replace(CONDA, version="1.22", build="py_1", sha256=B),))),
            "conda lock: numpy 1.21 -> 1.22",
        ),
        (OPEN, MAMBA, "base: python:3.11 -> b installer: uv -> micromamba"),
        (OWN, replace(OWN, files=(FILES[0], ("req.txt", File(b"6")))), "build context: 'req.txt' changed"),
        (OWN, replace(OWN, files=FILES[:1]), "build context: 'req.txt' is gone"),
        (OWN, replace(OWN, files=(*FILES, ("a", File(b"")))), "build context: 'a' is new"),
    ],
)
def test_each_change_in_words(old, new, clause):
    assert " ".join(changes(old, new)) == clause


def test_another_dockerfile_and_another_epoch(monkeypatch):
    other = replace(OWN, files=(("Dockerfile", File(b"FROM y\n")), FILES[1]))
    (clause,) = changes(OWN, other)
    assert clause.startswith("dockerfile: ")
    before = dict(key_inputs(UV, AMD64))
    monkeypatch.setattr(environment_key, "EPOCH", "99")
    assert key_changes(before, dict(key_inputs(UV, AMD64))) == (
        f"epoch: {before['epoch']} -> 99 (mlc makes images in another way)",
    )
    assert changes(UV, UV, "linux/arm64") == ("platform: linux/amd64 -> linux/arm64",)


def test_two_requirements_of_one_name_are_told_apart():
    old = replace(OPEN, requirements=("six==1 ; python_version < '3'", "six==2"))
    new = replace(OPEN, requirements=("six==1 ; python_version < '4'", "six==3"))
    assert changes(old, new) == (
        "requirements: six ==1 ; python_version < '3' is gone",
        "requirements: six ==2 is gone",
        "requirements: six ==1 ; python_version < '4' is new",
        "requirements: six ==3 is new",
    )


def test_a_source_of_its_own():
    old = with_pip(LockedPackage(name="own", version="1", source=f"git+https://x/own@{'1' * 40}"))
    new = with_pip(LockedPackage(name="own", version="1", source=f"git+https://x/own@{'2' * 40}"))
    assert changes(old, new) == (f"lock: own git+https://x/own@{'1' * 12}.. -> git+https://x/own@{'2' * 12}..",)


def test_a_long_list_is_cut():
    found = changes(UV, with_pip(*LOCK.pip, *(pinned(f"p{number:02}", "1") for number in range(40))))
    assert len(found) == MOST
    assert found[-1] == "lock: 29 more"


NAMES = ("absl-py", "keras", "numpy", "six", "tensorflow")
VERSIONS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1.0", "2.0", "2.0+cpu"]), min_size=1)


def recipe(versions, locked):
    if locked:
        return UvInstall(
            base="b:1", python="3.11", requirements=(), lock=Lock(pip=tuple(map(pinned, versions, versions.values())))
        )
    asked = tuple(f"{name}=={version}" for name, version in versions.items())
    return UvInstall(base="b:1", python="3.11", requirements=asked)


@settings(deadline=None)
@given(VERSIONS, st.booleans(), st.data())
def test_one_change_of_any_input_is_exactly_one_reason(versions, locked, data):
    before = recipe(versions, locked)
    name = data.draw(st.sampled_from(sorted(versions)))
    kind = data.draw(st.sampled_from(["version", "gone", "new", "base", "python", "installer", "digest"]))
    after = before
    match kind:
        case "version":
            after = recipe(versions | {name: "9"}, locked)
        case "gone":
            after = recipe({key: value for key, value in versions.items() if key != name}, locked)
        case "new":
            after = recipe(versions | {"zipp": "3"}, locked)
        case "base":
            after = replace(before, base="b:2")
        case "python":
            after = replace(before, python="3.12")
        case "installer":
            after = replace(before, installer_image="uv:9")
        case "digest":
            after = replace(before, base=f"b:1@sha256:{A}")
    (reason,) = changes(before, after)
    subject = {"version": name, "gone": name, "new": "zipp", "digest": "base digest", "installer": "installer image"}
    assert subject.get(kind, kind) in reason
    assert not {"[", "{", '"', "\n"} & set(reason)


@settings(deadline=None)
@given(VERSIONS, st.booleans(), st.randoms(use_true_random=False))
def test_order_comments_blanks_and_capitals_are_no_reason(versions, locked, random):
    before = recipe(versions, locked)
    if locked:
        pip = [replace(item, size=random.randint(0, 9), via=("x",), generation=2) for item in before.lock.pip]
        after = replace(before, lock=replace(before.lock, pip=tuple(random.sample(pip, len(pip)))))
    else:
        lines = [f" {line.replace('==', ' == ').capitalize()}  # {random.random()}" for line in before.requirements]
        lines += ["# nothing", "", random.choice(lines)]
        after = replace(before, requirements=tuple(random.sample(lines, len(lines))))
    assert changes(before, after) == ()
