"""The runtime's files as every bundle gets them."""

from mlc.files import File
from mlc.render.runtime import runtime_digest, runtime_files


def test_the_files_of_a_bundle() -> None:
    tree = runtime_files()
    programs = {"runtime/launch.sh", "runtime/check.sh", "runtime/bin/mldesigner"}
    assert {path for path, file in tree.items() if file.executable} == programs
    assert {"runtime/python/mlc/__init__.py", "runtime/python/mldesigner/__init__.py", "runtime/nothing/README"} <= set(
        tree
    )
    assert all(path.startswith("runtime/") and "__pycache__" not in path for path in tree)
    assert list(tree) == sorted(tree)
    assert tree["runtime/launch.sh"].read().startswith(b"#!/bin/sh\n")


def test_scripts_are_short_enough_to_read() -> None:
    lengths = {path: file.read().count(b"\n") for path, file in runtime_files().items() if path.endswith(".sh")}
    assert max(lengths.values()) <= 130, lengths


def test_the_digest_is_of_paths_bits_and_bytes(monkeypatch) -> None:
    tree = dict(runtime_files())
    first = runtime_digest()
    assert len(first) == 64
    seen = {first}
    changes = [
        {"runtime/launch.sh": File(b"other", executable=True)},
        {"runtime/launch.sh": File(tree["runtime/launch.sh"].content)},
        {"runtime/more": File(b"")},
    ]
    for change in changes:
        monkeypatch.setattr("mlc.render.runtime.runtime_files", lambda change=change: tree | change)
        runtime_digest.cache_clear()
        seen.add(runtime_digest())
    runtime_digest.cache_clear()
    assert len(seen) == 4
