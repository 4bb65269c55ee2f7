import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.images.fake_engine import KEY, FakeEngine

from mlc.hashing import digest_bytes
from mlc.images.cache import cache_root, locked
from mlc.images.engine import Engine, find_engine
from mlc.images.inventory import Inventory, take
from mlc.images.prune import Decision, Wish, carry_out, decide, sizes
from mlc.images.uses import note_use
from mlc.ir.image import Image, UseImage

NOW = 1_800_000_000.0
DAY = 86400.0
IMAGE = Image(name="train", recipe=UseImage(base="b"), components=(), key=KEY, reference=f"mlc/p-train:{KEY[:12]}-1")


@pytest.fixture
def fake(monkeypatch):
    engine = FakeEngine()
    with engine.serve() as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        yield engine


def engine() -> Engine:
    found = find_engine()
    assert isinstance(found, Engine), found
    return found


def kept() -> Inventory:
    return take(engine())


def bundle(tmp_path: Path, name: str, reference: str) -> Path:
    """A bundle whose plan asks for an image, and the note that it was used."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "plan.json").write_text(json.dumps({"images": [{"reference": reference, "key": KEY}]}))
    note_use(reference, IMAGE, folder)
    return folder


def decisions(wish: Wish) -> dict[str, Decision]:
    return {decision.name: decision for decision in decide(kept(), wish, NOW)}


def tag(name: str, content: str = "1") -> str:
    return f"mlc/p-{name}:{KEY[:12]}-{content}"


def test_shared_layers_count_once_and_what_the_base_image_holds_is_not_freed(fake):
    fake.add("base", [("os", 100)], ["debian:12"], key="")
    fake.add("a", [("os", 100), ("torch", 1000), ("a", 1)], [tag("a")])
    fake.add("b", [("os", 100), ("torch", 1000), ("b", 2)], [tag("b")])
    images = kept().images
    assert images is not None
    a, b = sorted(images.ours, key=lambda image: image.name)
    assert (a.size, b.size) == (1101, 1102)
    assert images.size(images.ours) == 1103
    assert (images.freed([a]), images.freed([b]), images.freed([a, b])) == (1, 2, 1003)
    assert sizes(kept()) == 1003


def test_the_same_files_on_another_layer_are_another_layer(fake):
    fake.add("a", [("os", 100), ("torch", 1000)], [tag("a")])
    fake.add("b", [("other os", 200), ("torch", 1000)], [tag("b")])
    images = kept().images
    assert images is not None
    assert images.size(images.ours) == 2300


def test_what_the_second_frees_includes_what_the_first_left(fake):
    fake.add("a", [("torch", 1000), ("a", 1)], [tag("a")], created="2026-01-01T00:00:00Z")
    fake.add("b", [("torch", 1000), ("b", 2)], [tag("b")], created="2026-02-01T00:00:00Z")
    found = decide(kept(), Wish(), NOW)
    assert [(one.name, one.goes, one.frees) for one in found] == [(tag("a"), True, 1), (tag("b"), True, 1002)]


def test_ours_is_what_our_dockerfile_finished_whatever_its_name_is(fake):
    fake.add("named like ours", [("x", 1)], [tag("c")], key="")
    fake.add("built on ours", [("x", 1), ("y", 1)], ["mine:1"], then=["RUN pip install more"])
    fake.add("ours", [("x", 1)], [tag("d")])
    images = kept().images
    assert images is not None
    assert [image.name for image in images.ours] == [tag("d")]


def test_an_image_with_a_container_or_another_name_stays(fake):
    stopped = fake.add("a", [("a", 1)], [tag("a")])
    fake.containers = [{"Id": "f" * 64, "ImageID": stopped, "Names": ["/box"], "State": "exited", "Created": 5}]
    fake.add("b", [("b", 1)], [tag("b"), "production:latest"])
    found = decisions(Wish(records=True))
    assert not found[tag("a")].goes
    assert "container box" in found[tag("a")].why
    assert not found[tag("b")].goes
    assert "production:latest" in found[tag("b")].why


def test_two_tags_of_ours_go_together(fake):
    fake.add("a", [("a", 1)], [tag("a"), f"localhost:5000/{tag('a')}"])
    carry_out(decide(kept(), Wish(), NOW), kept(), engine())
    assert sorted(fake.removed) == sorted([tag("a"), f"localhost:5000/{tag('a')}"])


def test_an_image_pulled_by_digest_is_removed_by_its_digest_name(fake):
    id_ = fake.add("a", [("a", 1)], [], digests=["localhost:5000/mlc/p-a@sha256:" + "1" * 64])
    images = kept().images
    assert images is not None
    assert images.ours[0].name.startswith("localhost:5000/mlc/p-a@sha256:")
    assert images.ours[0].id == id_


def test_what_a_build_holds_stays_even_after_the_decision(fake):
    fake.add("a", [("a", 1)], [tag("a")])
    fake.add("b", [("b", 1)], [tag("b")])
    decided = decide(kept(), Wish(), NOW)
    with locked(cache_root() / "locks" / f"image-{digest_bytes(tag('a').encode())[:24]}"):
        assert decisions(Wish())[tag("a")].why == "a build holds it"
        done = carry_out(decided, kept(), engine())
    assert fake.removed == [tag("b")]
    assert [(one.name, one.goes, one.failed) for one in done] == [(tag("a"), False, True), (tag("b"), True, False)]


def test_images_of_a_pipeline_that_runs_stay(fake):
    fake.add("a", [("a", 1)], [tag("a")])
    with locked(cache_root() / "locks" / "run-p"):
        assert decisions(Wish())[tag("a")].why == "a run of p is going on"


def test_a_container_made_after_the_decision_keeps_the_image(fake):
    id_ = fake.add("a", [("a", 1)], [tag("a")])
    decided = decide(kept(), Wish(), NOW)
    fake.containers = [{"Id": "f" * 64, "ImageID": id_, "Names": ["/late"], "State": "running", "Created": 5}]
    done = carry_out(decided, kept(), engine())
    assert not fake.removed
    assert "late" in done[0].why


def test_what_the_engine_refuses_is_told(fake):
    fake.add("a", [("a", 1)], [tag("a")])
    fake.refusals = {tag("a"): "conflict: it is used"}
    done = carry_out(decide(kept(), Wish(), NOW), kept(), engine())
    assert not done[0].goes
    assert "conflict" in done[0].why


def test_unused_is_what_no_bundle_asks_for_any_more(fake, tmp_path):
    fake.add("a", [("a", 1)], [tag("a")])
    fake.add("b", [("b", 1)], [tag("b")])
    fake.add("c", [("c", 1)], [tag("c")])
    bundle(tmp_path, "there", tag("a"))
    changed = bundle(tmp_path, "changed", tag("b"))
    (changed / "plan.json").write_text(json.dumps({"images": [{"reference": tag("b", "2"), "key": KEY}]}))
    found = decisions(Wish(unused=True))
    assert {name: one.goes for name, one in found.items()} == {tag("a"): False, tag("b"): True, tag("c"): True}
    assert str(tmp_path / "there") in found[tag("a")].why


def test_age_counts_from_the_last_use_by_a_bundle_or_a_container(fake, tmp_path):
    fake.add("a", [("a", 1)], [tag("a")], created="2020-01-01T00:00:00Z")
    fake.add("b", [("b", 1)], [tag("b")], created="2020-01-01T00:00:00Z")
    bundle(tmp_path, "there", tag("a"))
    for record in (cache_root() / "used").iterdir():
        os.utime(record, (NOW - 10 * DAY, NOW - 10 * DAY))
    found = decisions(Wish(older=30 * DAY))
    assert (found[tag("a")].goes, found[tag("b")].goes) == (False, True)
    assert decisions(Wish(older=9 * DAY))[tag("a")].goes
    assert decisions(Wish(older=9 * DAY))[tag("a")].why == "last used 10 days ago"


def test_a_size_to_keep_removes_the_longest_unused_first_and_stops(fake):
    fake.add("a", [("a", 100)], [tag("a")], created="2026-03-01T00:00:00Z")
    fake.add("b", [("b", 100)], [tag("b")], created="2026-01-01T00:00:00Z")
    fake.add("c", [("c", 100)], [tag("c")], created="2026-02-01T00:00:00Z")
    found = decide(kept(), Wish(keep=150), NOW)
    assert [(one.name, one.goes) for one in found] == [(tag("b"), True), (tag("c"), True), (tag("a"), False)]
    assert not [one for one in decide(kept(), Wish(keep=300), NOW) if one.goes]


def environment(name: str, whole: bool = True) -> Path:
    root = cache_root() / "environments"
    folder = root / f"{name}-x1"
    (folder / "env" / "bin").mkdir(parents=True)
    (folder / "env" / "bin" / "python").write_bytes(b"x" * 5000)
    if whole:
        (root / f"{name}{'0' * 20}.json").write_text(json.dumps({"folder": folder.name, "asks": "Python 3.11"}))
    return folder


def test_environments_are_kept_and_pruned_without_an_engine(tmp_path):
    used, unused, half = environment("a" * 12), environment("b" * 12), environment("c" * 12, whole=False)
    home = bundle(tmp_path, "there", "mlc/other:1")
    note_use(used.name, IMAGE, home)
    found = {one.name: one for one in decide(take(None), Wish(unused=True), NOW)}
    assert {name: one.goes for name, one in found.items()} == {used.name: False, unused.name: True, half.name: True}
    assert found[half.name].why == "half made"
    carry_out(tuple(found.values()), take(None), None)
    assert used.is_dir()
    assert not unused.exists()
    assert not half.exists()
    assert sorted(path.name for path in used.parent.iterdir()) == [used.name, f"{'a' * 12}{'0' * 20}.json"]


def test_an_environment_that_is_being_made_stays():
    half = environment("c" * 12, whole=False)
    with locked(cache_root() / "locks" / f"environment-{'c' * 12}{'0' * 20}"):
        (decided,) = decide(take(None), Wish(), NOW)
    assert (decided.goes, decided.why) == (False, "a build holds it")
    assert half.is_dir()


def test_an_environment_whose_bundle_runs_stays(tmp_path):
    folder = environment("a" * 12)
    home = bundle(tmp_path, "there", "mlc/other:1")
    note_use(folder.name, IMAGE, home)
    with locked(home / ".mlc" / "lock"):
        (decided,) = decide(take(None), Wish(), NOW)
    assert decided.why == "a run uses it"


def test_records_go_only_when_all_is_asked_for_and_locks_never():
    (cache_root() / "built" / "p").mkdir(parents=True)
    (cache_root() / "built" / "p" / "train.json").write_text("{}")
    (cache_root() / "locks").mkdir()
    assert decide(take(None), Wish(unused=True), NOW) == ()
    (decided,) = decide(take(None), Wish(records=True), NOW)
    assert (decided.name, decided.goes) == ("built", True)
    carry_out((decided,), take(None), None)
    assert sorted(path.name for path in cache_root().iterdir()) == ["locks"]


def test_notes_of_what_went_go_too(fake, tmp_path):
    fake.add("a", [("a", 1)], [tag("a")])
    bundle(tmp_path, "there", tag("a"))
    carry_out(decide(kept(), Wish(), NOW), kept(), engine())
    assert list((cache_root() / "used").iterdir()) == []


def test_a_second_use_changes_the_time_and_nothing_else(tmp_path):
    home = bundle(tmp_path, "there", tag("a"))
    (record,) = (cache_root() / "used").iterdir()
    before = record.read_bytes(), record.stat().st_ino
    os.utime(record, (1, 1))
    note_use(tag("a"), replace(IMAGE, key="other"), home)
    assert (record.read_bytes(), record.stat().st_ino) == before
    assert record.stat().st_mtime > 1


def test_broken_records_are_not_read(tmp_path):
    (cache_root() / "used").mkdir(parents=True)
    for number, text in enumerate(("{", "[]", '{"what": 1}', "null", "\x00")):
        (cache_root() / "used" / f"{number}.json").write_text(text)
    (cache_root() / "environments").mkdir()
    (cache_root() / "environments" / "x.json").write_text("[]")
    assert take(None).uses == ()
