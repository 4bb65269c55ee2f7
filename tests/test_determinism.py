"""The same sources give the same bundle to the byte, whatever surrounds the compiler."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.bundles import MLC

ROOT = Path(__file__).resolve().parents[1]


def bundle(checkout, *, umask=0o022, stamp=1_700_000_000.0, cwd=None, **variables):
    """Compile the example from a copy at ``checkout``; every file of the bundle with its mode and bytes."""
    shutil.copytree(ROOT / "components" / "fashion_mnist", checkout, ignore=shutil.ignore_patterns("__pycache__"))
    for path in checkout.rglob("*"):
        os.utime(path, (stamp, stamp))
    here = cwd or checkout
    here.mkdir(parents=True, exist_ok=True)
    command = [MLC, "build", str(checkout / "pipeline.py"), "--no-images", "--out", str(checkout / "out" / "x")]
    environment = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"} | variables
    done = subprocess.run(command, cwd=here, env=environment, umask=umask, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    root = checkout / "out" / "x"
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {path.relative_to(root).as_posix(): (path.stat().st_mode & 0o111, path.read_bytes()) for path in files}


def test_clock_hash_seed_umask_folder_and_cwd_leave_no_trace(tmp_path):
    first = bundle(tmp_path / "a", PYTHONHASHSEED="1", TZ="UTC", LANG="C")
    second = bundle(
        tmp_path / "another place" / "deeper" / "b",
        umask=0o077,
        stamp=1_000_000_000.0,
        cwd=tmp_path / "elsewhere",
        PYTHONHASHSEED="4242",
        TZ="Pacific/Auckland",
        LANG="de_DE.UTF-8",
        SOURCE_DATE_EPOCH="1",
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) > 15


def test_nothing_of_this_machine_stands_in_a_bundle(tmp_path):
    home = os.environ["HOME"].encode()
    for name, (_, content) in bundle(tmp_path / "a").items():
        assert os.fsencode(tmp_path) not in content, name
        assert home not in content, name
