"""Locks of environments with files that the bundle carries, resolved by uv: no index is asked."""

from dataclasses import replace

from tests.support.local_package import FILES
from tests.support.wheels import wheel

from mlc.files import File
from mlc.images.locks import lock_path
from mlc.ir.local import FOLDER, place

from .test_making import image, make, plan, read


def test_what_the_bundle_carries_is_locked_by_where_it_lies_there(tmp_path):
    """A package's folder with what it needs from a folder of wheels, below the author's constraints."""
    links, package, limits = (f"{FOLDER}/00000000000{n}" for n in (1, 2, 3))
    local = {f"{package}/package/{path}": File(text.encode()) for path, text in FILES.items()}
    local |= {f"{links}/links/{item.file_name}": File(item.content) for item in (wheel("tiny"), wheel("tiny", "2.0"))}
    local[f"{limits}/constraints.txt"] = File(b"tiny<2\n")
    lines = (
        "--no-index",
        f"-f {place(links)}/links",
        f"-c {place(limits)}/constraints.txt",
        f"{place(package)}/package",
    )
    asked = image(*lines)
    asked = replace(asked, recipe=replace(asked.recipe, local=tuple(sorted(local.items()))))
    (lock,), said, _ = make(tmp_path, [asked])
    assert not said
    ours, tiny = lock.pip
    assert ours.source == f"{package}/package"
    assert (tiny.version, tiny.hashes, tiny.via) == ("1.0", (wheel("tiny").sha256,), ("ours",))
    assert read(tmp_path, asked) == ([lock], [])
    text = lock_path(tmp_path, plan(asked), asked).read_text()
    assert "# constraint: tiny<2\n" in text
    assert "/tmp/" not in text

    # Other limits: stale, and said so by package.
    local[f"{limits}/constraints.txt"] = File(b"tiny<3\n")
    other = replace(asked, recipe=replace(asked.recipe, local=tuple(sorted(local.items()))))
    _, (stale,) = read(tmp_path, other)
    assert stale.why == "Constraint tiny was <2, is <3"
