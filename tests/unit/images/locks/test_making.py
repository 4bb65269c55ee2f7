"""Locks resolved by uv from a folder of wheels that the test makes: no index is asked."""

import re
import subprocess
from dataclasses import replace

import pytest
from tests.support.ir import template
from tests.support.web import Answer, Web
from tests.support.wheels import wheel

from mlc.config import Config
from mlc.diagnostics import Bag, Span
from mlc.images.locks import MakeLocks, ReadLocks, State, Update, lock_path
from mlc.images.locks.telling import line
from mlc.ir.environment import Requirement
from mlc.ir.image import Image, UvInstall
from mlc.ir.plan import Plan, Reservation, Task


@pytest.fixture
def links(tmp_path):
    """A folder of wheels: ``links(wheel, ...)`` adds some; its path for ``--find-links``."""
    folder = tmp_path / "links"
    folder.mkdir()

    def add(*wheels):
        for made in wheels:
            (folder / made.file_name).write_bytes(made.content)
        return folder

    add()
    return add


def image(*requirements, name="train", python="3.11", base="python:3.11-slim-bookworm"):
    origins = tuple(Requirement(text=text, span=Span("conda.yml", at)) for at, text in enumerate(requirements, 1))
    recipe = UvInstall(base=base, python=python, requirements=requirements)
    return Image(name=name, recipe=recipe, components=(), origins=origins, span=Span("conda.yml", 9))


def plan(*images, gpus=0):
    command = template("true")
    reserved = Reservation(gpus=gpus)
    tasks = tuple(
        Task(name=item.name, component="c", image=item.name, command=command, reservation=reserved) for item in images
    )
    return Plan(name="p", tasks=tasks, images=images, components=())


def make(folder, images, config=Config(), **more):  # noqa: B008 - frozen
    bag, told = Bag(), []
    gpus = more.pop("gpus", 0)
    locks = MakeLocks(folder, config, bag, told=lambda outcome: told.append(line(outcome)), **more)
    made = plan(*images, gpus=gpus)
    return [locks.lock_of(made, item) for item in images], bag.items, told


def read(folder, *images, insist=False):
    bag = Bag()
    locks = ReadLocks(folder, Config(), bag, insist=insist)
    made = plan(*images)
    return [locks.lock_of(made, item) for item in images], bag.items


def pins(lock):
    return {package.name: package.version for package in lock.pip}


def test_a_lock_is_made_used_and_updated_with_as_little_change_as_can_be(tmp_path, links):
    folder = links(wheel("lower", "1.0"), wheel("upper", "1.0", requires=("lower",)))
    options = ("--no-index", f"--find-links {folder}")
    first = image(*options, "upper")
    (lock,), said, told = make(tmp_path, [first])
    assert not said
    assert told == ["train: 2 packages; new lock"]
    lower, upper = lock.pip
    assert lower.hashes == (wheel("lower", "1.0").sha256,)
    assert (lower.via, upper.via) == (("upper",), ())
    assert lock.python == "3.11"
    assert read(tmp_path, first) == ([lock], [])

    # Nothing is asked again while it is fresh, whatever there is now.
    links(wheel("lower", "2.0"), wheel("light", "1.0"))
    assert make(tmp_path, [first]) == ([lock], [], [])

    # Another requirement: what was pinned stays, what is new is of the next update.
    second = image(*options, "light", "upper")
    (none,), said = read(tmp_path, second)
    assert none is None
    assert [(item.code, item.why) for item in said] == [("W612", "Requirement light is new")]
    (updated,), said, told = make(tmp_path, [second])
    assert not said
    assert told == ["train: 3 packages; light new"]
    assert pins(updated) == {"light": "1.0", "lower": "1.0", "upper": "1.0"}
    assert {package.name: package.generation for package in updated.pip} == {"light": 1, "lower": 0, "upper": 0}

    # An upgrade of one package, then from nothing.
    (upgraded,), _, told = make(tmp_path, [second], update=Update(packages=("lower",)))
    assert told == ["train: 3 packages; lower 1.0 -> 2.0"]
    assert pins(upgraded)["lower"] == "2.0"
    (fresh,), _, _ = make(tmp_path, [second], renew=True)
    assert {package.generation for package in fresh.pip} == {0}


def test_the_same_question_has_the_same_text(tmp_path, links):
    folder = links(wheel("one"), wheel("two"))
    asked = [image("two", "one", "--no-index", f"-f {folder}")]
    make(tmp_path / "a", asked)
    make(tmp_path / "b", asked)
    paths = [lock_path(tmp_path / name, plan(*asked), asked[0]) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].name == "train.linux-amd64.txt"


def test_the_python_asked_for_decides_not_this_one(tmp_path, links):
    folder = links(wheel("sample", "1.0"), wheel("old", "1.0"))
    asked = image("--no-index", f"-f {folder}", "sample", "old; python_version < '3.9'", python="3.8")
    (lock,), said, _ = make(tmp_path, [asked])
    assert not said
    assert pins(lock) == {"old": "1.0", "sample": "1.0"}
    (newer,), _, _ = make(tmp_path, [replace(asked, recipe=replace(asked.recipe, python="3.12"))])
    assert pins(newer) == {"sample": "1.0"}


def test_what_cannot_be_resolved_is_told_at_its_line_of_each_environment(tmp_path, links):
    folder = links(wheel("sample", "1.0"))
    options = ("--no-index", f"-f {folder}")
    good = image(*options, "sample", name="good")
    bad = image(*options, "sample", "sample-of-nobody>=1", name="bad")
    worse = image(*options, "sample==2", name="worse")
    locks, said, told = make(tmp_path, [good, bad, worse])
    assert [lock is not None for lock in locks] == [True, False, False]
    assert told == ["good: 1 package; new lock"]
    assert [(item.code, item.span.line) for item in said] == [("E614", 4), ("E614", 3)]
    assert "nothing fits 'sample-of-nobody>=1'" in said[0].what
    assert "nothing fits 'sample==2'" in said[1].what
    assert not re.search(r"[│╰×]|/tmp", said[0].text + said[1].text)


def test_an_index_that_is_not_there_is_a_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    (lock,), said, _ = make(tmp_path, [image("--index-url http://127.0.0.1:9/simple", "sample")])
    assert lock is None
    assert [item.code for item in said] == ["W613"]
    assert not (tmp_path / "locks").exists()


def test_a_base_that_does_not_say_its_python_cannot_be_locked(tmp_path):
    (lock,), said, _ = make(tmp_path, [image("sample", python=None, base="ubuntu:22.04")])
    assert lock is None
    assert [item.code for item in said] == ["W614"]


def test_a_lock_that_cannot_be_read_is_an_error_until_it_is_made_anew(tmp_path, links):
    asked = image("--no-index", f"-f {links(wheel('sample'))}", "sample")
    (lock,), _, _ = make(tmp_path, [asked])
    path = lock_path(tmp_path, plan(asked), asked)
    path.write_text(path.read_text().replace("sample==", "sample>="))
    for locks, said in (read(tmp_path, asked), make(tmp_path, [asked])[:2]):
        assert locks == [None]
        assert [(item.code, item.span.file, item.span.line > 0) for item in said] == [("E612", str(path), True)]
    path.write_bytes(b"\xff\xfe\x00")
    assert read(tmp_path, asked)[1][0].code == "E612"
    assert make(tmp_path, [asked], renew=True)[0] == [lock]


def test_a_lock_that_lost_a_package_to_a_merge_is_stale(tmp_path, links):
    asked = image("--no-index", f"-f {links(wheel('sample'))}", "sample", 'other; python_version<"3.9"')
    (lock,), _, _ = make(tmp_path, [asked])
    path = lock_path(tmp_path, plan(asked), asked)
    whole = path.read_text()
    path.write_text(whole[: whole.index("sample==")])
    (item,) = read(tmp_path, asked, insist=True)[1]
    assert (item.code, item.why) == ("E613", "The package sample is not in it")
    (again,), _, _ = make(tmp_path, [asked])
    assert pins(again) == pins(lock)


def test_insisting_makes_missing_and_stale_locks_errors(tmp_path, links):
    folder = links(wheel("sample"), wheel("other"))
    asked = image("--no-index", f"-f {folder}", "sample")
    assert [item.code for item in read(tmp_path, asked, insist=True)[1]] == ["E613"]
    make(tmp_path, [asked])
    assert read(tmp_path, asked, insist=True)[1] == []
    more = replace(asked, recipe=replace(asked.recipe, requirements=(*asked.recipe.requirements, "other")))
    (item,) = read(tmp_path, more, insist=True)[1]
    assert (item.code, item.why) == ("E613", "Requirement other is new")


def test_only_files_with_the_authors_hash_are_taken(tmp_path, links):
    made = wheel("sample")
    options = ("--no-index", f"-f {links(made)}")
    (lock,), said, _ = make(tmp_path / "a", [image(*options, f"sample==1.0 --hash={made.sha256}")])
    assert (lock.pip[0].hashes, said) == ((made.sha256,), [])
    (lock,), said, _ = make(tmp_path / "b", [image(*options, f"sample==1.0 --hash=sha256:{'0' * 64}")])
    assert (lock, [item.code for item in said]) == (None, ["E614"])


def test_a_wheel_at_an_address_carries_its_hash(tmp_path):
    made = wheel("sample")
    with Web() as web:
        url = web.serve(f"/{made.file_name}", Answer(made.content))
        (lock,), said, _ = make(tmp_path, [image("--no-index", f"sample @ {url}")])
    assert said == []
    assert lock.pip[0].source == f"{url}#sha256={made.sha256.removeprefix('sha256:')}"


def _index(web, root, *wheels):
    """A simple index below ``root``."""
    names = {made.name for made in wheels}
    for name in names:
        files = [made for made in wheels if made.name == name]
        places = [f"{web.url}/{root}/{made.file_name}#{made.sha256.replace(':', '=')}" for made in files]
        rows = "".join(f'<a href="{place}">{place.rpartition("/")[2].partition("#")[0]}</a>' for place in places)
        page = f"<!DOCTYPE html><html><body>{rows}</body></html>".encode()
        web.serve(f"/{root}/{name.replace(chr(95), chr(45))}/", Answer(page, headers={"Content-Type": "text/html"}))
        for made in files:
            web.serve(f"/{root}/{made.file_name}", Answer(made.content))
    return f"{web.url}/{root}"


def test_environments_without_a_gpu_take_pytorch_for_processors(tmp_path):
    config = Config()
    with Web() as web:
        pypi = _index(web, "pypi", wheel("torch", "2.0", requires=("nvidia-x",)), wheel("nvidia_x", "1.0"))
        _index(web, "whl/cpu", wheel("torch", "2.0+cpu"))
        config = replace(config, network=replace(config.network, pytorch_index=f"{web.url}/whl"))
        asked = image(f"--index-url {pypi}", "torch")
        (cpu,), said, _ = make(tmp_path / "cpu", [asked], config)
        assert [item.why for item in said] == []
        assert pins(cpu) == {"torch": "2.0+cpu"}
        assert cpu.indexes == (f"{web.url}/whl/cpu",)
        (gpu,), _, _ = make(tmp_path / "gpu", [asked], config, gpus=1)
        assert pins(gpu) == {"nvidia-x": "1.0", "torch": "2.0"}
        assert gpu.indexes == ()
        (off,), _, _ = make(tmp_path / "off", [asked], replace(config, torch_backend="off"))
        assert pins(off) == pins(gpu)
        # Its lock knows what it was made for: with a GPU now, it is stale.
        bag = Bag()
        ReadLocks(tmp_path / "cpu", config, bag).lock_of(plan(asked, gpus=1), asked)
        assert [item.why for item in bag.items] == ["Torch cpu is gone"]


def test_pytorchs_index_that_is_not_there_is_said_and_done_without(tmp_path):
    with Web() as web:
        pypi = _index(web, "pypi", wheel("torch", "2.0"))
        config = Config()
        config = replace(config, network=replace(config.network, pytorch_index="http://127.0.0.1:9/whl"))
        asked = image(f"--index-url {pypi}", "torch")
        (lock,), said, _ = make(tmp_path, [asked], config)
    assert pins(lock) == {"torch": "2.0"}
    assert [item.code for item in said] == ["W615"]


def test_a_state_for_each_environment(tmp_path, links):
    asked = image("--no-index", f"-f {links(wheel('sample'))}", "sample")
    empty = image(name="empty")
    locks = MakeLocks(tmp_path, Config(), Bag())
    locks.lock_of(plan(asked, empty), asked)
    assert [(outcome.image, outcome.state, outcome.made) for outcome in locks.outcomes or ()] == [
        ("train", State.FRESH, True)
    ]


def test_a_branch_of_a_repository_is_locked_to_its_commit(tmp_path, links, monkeypatch):
    for person in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{person}_NAME", "n")
        monkeypatch.setenv(f"GIT_{person}_EMAIL", "e@example.com")
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "pyproject.toml").write_text(
        '[project]\nname = "ours"\nversion = "3.0"\ndependencies = ["lower"]\n'
        '[build-system]\nrequires = []\nbuild-backend = "none"\n'
    )

    def git(*words):
        return subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True, text=True).stdout

    git("init", "--initial-branch", "main")
    git("add", ".")
    git("commit", "--message", "first")
    commit = git("rev-parse", "HEAD").strip()
    url = f"git+file://{repository}"
    (lock,), said, _ = make(tmp_path, [image("--no-index", f"-f {links(wheel('lower'))}", f"{url}@main")])
    assert [item.text for item in said] == []
    lower, ours = lock.pip
    assert (ours.name, ours.version, ours.hashes, ours.source) == ("ours", "3.0", (), f"{url}@{commit}")
    assert (lower.version, lower.via) == ("1.0", ("ours",))
    (none,), said, _ = make(tmp_path / "b", [image("--no-index", f"{url}@nobranch")])
    assert none is None
    assert [(item.code, item.span.line) for item in said] == [("E614", 2)]


class Bases:
    """Knows a digest for every name, and which were asked for."""

    def __init__(self, digit):
        self.digest, self.asked = f"sha256:{digit * 64}", []

    def of(self, name):
        self.asked.append(name)
        return self.digest


def test_a_lock_records_what_its_base_is_and_keeps_it_until_an_upgrade(tmp_path, links):
    folder = links(wheel("one", "1.0"), wheel("two", "1.0"))
    options = ("--no-index", f"--find-links {folder}")
    one, both = image(*options, "one"), image(*options, "one", "two")
    (lock,), _, _ = make(tmp_path, [one], bases=Bases("a"))
    assert lock.base_digest == "sha256:" + "a" * 64
    later = Bases("b")
    (lock,), _, _ = make(tmp_path, [both], bases=later)
    assert (lock.base_digest, later.asked) == ("sha256:" + "a" * 64, [])
    (lock,), _, _ = make(tmp_path, [both], bases=later, update=Update(everything=True))
    assert lock.base_digest == "sha256:" + "b" * 64
    elsewhere = replace(both, recipe=replace(both.recipe, base="ours/python:3.11-slim-bookworm"))
    (none,), (said,) = read(tmp_path, elsewhere)
    assert none is None
    assert said.why == f"Base {both.recipe.base} -> ours/python:3.11-slim-bookworm"
