"""conda's packages are chosen for the target platform; what stands in the way is said at the author's line."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.conda_channel import CondaPackage, make_channel, module, pip, python, served
from tests.support.web import Web

from mlc.config import Config
from mlc.config.network import Network
from mlc.diagnostics import Bag, Span
from mlc.images.locks.conda_lock import beside_conda, lock_conda
from mlc.images.locks.conda_question import conda_question
from mlc.images.locks.making import MakeLocks
from mlc.images.locks.reading import ReadLocks
from mlc.images.locks.request import Request
from mlc.images.locks.uv import Update
from mlc.ir.environment import Requirement
from mlc.ir.image import Image, MambaInstall
from mlc.ir.lock import LockedCondaPackage
from mlc.ir.plan import Plan, Reservation, Task

PACKAGES = (
    python(),
    python("3.8.20"),
    python(subdir="linux-aarch64"),
    pip(),
    module("small"),
    module("small", "2.0"),
    module("needs", "1.0", "small <2", old_form=True),
    module("clash", "1.0", "small >=2"),
    CondaPackage(name="arch"),
    CondaPackage(name="arch", version="1.1", subdir="linux-aarch64"),
    CondaPackage(name="gpu", build="cpu"),
    CondaPackage(name="gpu", build="cuda", number=200, depends=("__cuda",)),
    CondaPackage(name="newlibc", depends=("__glibc >=2.35",)),
)
FILE = "/project/conda.yaml"


@pytest.fixture(scope="module")
def channel(tmp_path_factory):
    folder = make_channel(tmp_path_factory.mktemp("channel"), PACKAGES)
    return f"file://{folder}"


def asked(channels, *conda, base="ubuntu:22.04", platform="linux/amd64", gpus=0, asked_python=None):
    """A plan with one environment; its file's lines begin at 3."""
    recipe = MambaInstall(base=base, python=asked_python, channels=tuple(channels), conda=conda, pip=())
    origins = tuple(Requirement(text=text, span=Span(FILE, 3 + number, 5)) for number, text in enumerate(conda))
    image = Image(name="train", recipe=recipe, components=(), origins=origins, span=Span(FILE, 1, 1))
    task = Task(name="t", component="c", image="train", command=(), reservation=Reservation(gpus=gpus))
    return Plan(name="p", tasks=(task,), images=(image,), components=(), platform=platform)


def lock(plan, kept=(), network=None):
    bag = Bag()
    image = plan.images[0]
    found = lock_conda(image, conda_question(plan, image, image.recipe), kept, network or Network(), bag)
    return found, bag.items


def names(packages):
    return [f"{package.name} {package.version} {package.build}" for package in packages]


def test_packages_are_those_that_fit_with_who_asks_for_them(channel):
    found, said = lock(asked([channel], "needs", "pip", asked_python="3.11"))
    assert not said
    assert names(found) == ["needs 1.0 0", f"pip {pip().version} 0", "python 3.11.2 h0_cpython", "small 1.0 0"]
    small = found[3]
    assert small.url == f"{channel}/noarch/small-1.0-0.conda"
    assert small.via == ("needs",)
    assert found[2].via == ("needs", "pip", "small")
    content = Path(small.url.removeprefix("file://")).read_bytes()
    assert small.size == len(content)
    assert small.sha256 == hashlib.sha256(content).hexdigest()


def test_the_target_platform_decides_not_this_machine(channel):
    found, _ = lock(asked([channel], "arch", "small", platform="linux/arm64"))
    assert names(found) == ["arch 1.1 0", "python 3.11.2 h0_cpython", "small 2.0 0"]
    assert found[0].url.endswith("/linux-aarch64/arch-1.1-0.conda")


def test_a_version_means_all_that_begin_so(channel):
    found, _ = lock(asked([channel], asked_python="3.8"))
    assert names(found) == ["python 3.8.20 h0_cpython"]


@pytest.mark.parametrize(("gpus", "build"), [(0, "cpu"), (1, "cuda")])
def test_builds_for_gpus_are_for_steps_that_reserve_them(channel, gpus, build):
    found, _ = lock(asked([channel], "gpu", gpus=gpus))
    assert names(found) == [f"gpu 1.0 {build}"]


def test_what_was_locked_stays_as_far_as_it_can(channel):
    first, _ = lock(asked([channel], "small<2"))
    second, _ = lock(asked([channel], "small", "arch"), first)
    assert names(second) == ["arch 1.0 0", "python 3.11.2 h0_cpython", "small 1.0 0"]
    third, _ = lock(asked([channel], "clash"), second)
    assert names(third) == ["clash 1.0 0", "python 3.11.2 h0_cpython", "small 2.0 0"]


def test_the_first_channel_wins_unless_only_another_has_what_fits(channel, tmp_path):
    newer = f"file://{make_channel(tmp_path, [module('small', '3.0'), module('wants', '1.0', 'small >=3')])}"
    assert "small 2.0 0" in names(lock(asked([channel, newer], "small"))[0])
    assert "small 3.0 0" in names(lock(asked([channel, newer], "wants"))[0])
    assert "small 3.0 0" in names(lock(asked([channel], f"{newer}::small"))[0])


def test_nodefaults_is_no_channel(channel):
    assert lock(asked([channel, "nodefaults"], "arch"))[1] == []


@pytest.mark.parametrize(
    ("conda", "line", "words"),
    [
        (("arch", "nosuch"), 4, ["'nosuch' cannot be installed", "There is no 'nosuch' for linux-64 in file:///"]),
        (("smal",), 3, ["Did you mean 'small'?"]),
        (("small=7",), 3, ["There is no small 7 for linux-64", "but 2.0, 1.0"]),
        (("arch", "needs", "clash"), 4, ["needs and clash", "clash 1.0 needs small >=2; needs 1.0 needs small <2"]),
        (("small<2", "clash"), 3, ["small<2 and clash cannot", "clash 1.0 needs small >=2"]),
        (("newlibc",), 3, ["A newer C library than", "newlibc 1.0 needs __glibc >=2.35"]),
        (("gpu=1.0=cuda",), 3, ["a GPU, which no step"]),
        (("small =",), 3, ["conda cannot read 'small ='"]),
    ],
)
def test_what_does_not_fit_is_said_at_its_line(channel, conda, line, words):
    found, said = lock(asked([channel], *conda, base="ubuntu:20.04"))
    assert found is None
    assert [(item.code, item.span.line) for item in said] == [("E620", line)]
    for text in words:
        assert text in said[0].text


def test_a_python_that_no_channel_has_is_said_of_the_file(channel):
    _, said = lock(asked([channel], "arch", asked_python="3.9"))
    assert said[0].span == Span(FILE, 1, 1)
    assert "There is no python 3.9 for linux-64" in said[0].text
    assert "3.11.2, 3.8.20" in said[0].text


def test_a_newer_base_has_the_newer_library(channel):
    assert names(lock(asked([channel], "newlibc", base="python:3.11-slim-bookworm"))[0]) == ["newlibc 1.0 0"]


def test_no_such_channel(tmp_path):
    found, said = lock(asked([f"file://{tmp_path}/none"], "small"))
    assert found is None
    assert [item.code for item in said] == ["E621"]
    assert f"file://{tmp_path}/none" in said[0].text


def test_a_channel_that_cannot_be_reached_is_a_warning_without_its_password():
    with Web() as web:
        closed = web.port
    found, said = lock(asked([f"http://me:secret@127.0.0.1:{closed}/t/token123/ours"], "small"))
    assert found is None
    assert [item.code for item in said] == ["W620"]
    assert "secret" not in said[0].text
    assert "token123" not in said[0].text


def test_without_the_library_it_says_how_to_get_it(channel, monkeypatch, tmp_path):
    (tmp_path / "rattler.py").write_text("raise ImportError('not here')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found, said = lock(asked([channel], "small"))
    assert found is None
    assert [item.code for item in said] == ["W621"]
    assert "pip install 'mlc[conda]'" in said[0].text


def test_defaults_is_anacondas(monkeypatch):
    monkeypatch.setattr("mlc.images.locks.conda_lock._asked", lambda *_: {"kind": "packages", "packages": []})
    found, said = lock(asked(["defaults"], "small"))
    assert found == ()
    assert [item.code for item in said] == ["W622"]


def test_nothing_is_loaded_before_it_is_needed():
    code = "import sys, mlc.images.locks.conda_lock; print('rattler' in sys.modules or 'asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_channels_that_only_a_package_names_come_last():
    plan = asked(["conda-forge"], "pytorch::pytorch=2", "conda-forge/linux-64::x")
    question = conda_question(plan, plan.images[0], plan.images[0].recipe)
    assert question.channels == ("conda-forge", "pytorch")


def test_pip_leaves_condas_python_packages_alone_unless_it_is_asked_for_them():
    def package(name, version, *via):
        return LockedCondaPackage(name=name, version=version, build="0", url="", sha256="", via=via)

    packages = (
        package("openssl", "3.3", "python"),
        package("pytables", "3.9.2"),
        package("numpy", "1.26.4"),
        package("python", "3.11.9", "numpy", "pytables", "ruamel.yaml", "six"),
        package("ruamel.yaml", "0.18"),
        package("six", "1.16"),
    )
    request = Request(
        environment="e",
        platform="linux/amd64",
        base="b",
        library="manylinux_2_28",
        python=None,
        requirements=("--pre", "Six>1", "requests"),
    )
    found = beside_conda(request, packages)
    assert found.python == "3.11.9"
    assert found.constraints == ("numpy==1.26.4", "ruamel-yaml==0.18", "tables==3.9.2")
    assert found.left_out == {"numpy", "ruamel-yaml", "tables"}


def test_a_mirror_of_the_site_is_asked_and_stands_in_no_lock(channel, tmp_path):
    (tmp_path / "conda-forge").symlink_to(channel.removeprefix("file://"))
    with served(tmp_path) as url:
        network = replace(Network(), conda_channel_alias=f"{url}/")
        found, said = lock(asked(["conda-forge"], "arch"), network=network)
    assert said == []
    assert [package.url for package in found] == ["https://conda.anaconda.org/conda-forge/linux-64/arch-1.0-0.conda"]


def made(plan, folder, **more):
    bag = Bag()
    locks = MakeLocks(folder, Config(), bag, **more)
    return locks.lock_of(plan, plan.images[0]), bag.items


def test_the_lock_file_holds_them_and_is_used_as_long_as_it_answers(channel, tmp_path):
    plan = asked([channel], "needs", asked_python="3.11")
    first, said = made(plan, tmp_path)
    assert said == []
    text = (tmp_path / "locks" / "p" / "train.linux-amd64.txt").read_text()
    assert f"# channel: {channel}\n# conda: needs\n# conda: python=3.11\n# assumed: __archspec 1\n" in text
    assert f"{channel}/noarch/small-1.0-0.conda \\\n    --hash=sha256:" in text
    read = ReadLocks(tmp_path, Config(), Bag()).lock_of(plan, plan.images[0])
    assert read is not None
    assert read == first
    assert [package.generation for package in read.conda] == [0, 0, 0]


def test_an_update_keeps_what_is_there_and_is_a_generation_of_its_own(channel, tmp_path):
    made(asked([channel], "small<2"), tmp_path)
    second, said = made(asked([channel], "small", "arch"), tmp_path)
    assert said == []
    assert [(item.name, item.version, item.generation) for item in second.conda] == [
        ("arch", "1.0", 1),
        ("python", "3.11.2", 0),
        ("small", "1.0", 0),
    ]
    third, _ = made(asked([channel], "small", "arch"), tmp_path, update=Update(everything=True))
    assert [item.version for item in third.conda] == ["1.0", "3.11.2", "2.0"]


def test_what_makes_a_lock_stale_is_named(channel, tmp_path):
    made(asked([channel], "arch"), tmp_path)
    bag = Bag()
    plan = asked([channel, "conda-forge"], "arch", "gpu", gpus=1, base="ubuntu:20.04")
    assert ReadLocks(tmp_path, Config(), bag).lock_of(plan, plan.images[0]) is None
    assert [item.code for item in bag.items] == ["W612"]
    for clause in ("hannel conda-forge is new", "onda gpu is new", "assumed __cuda is new", "manylinux_2_31"):
        assert clause in bag.items[0].text, bag.items[0].text
