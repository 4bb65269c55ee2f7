"""The builder against a `docker` that is a shell script; the real one is in tests/engine."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.images.fake_engine import FakeEngine

from mlc.diagnostics import MlcError
from mlc.hashing import digest_bytes
from mlc.images import builder, one_build
from mlc.images.cache import cache_root
from mlc.images.engine import Endpoint, Engine
from mlc.images.explanation import explain
from mlc.images.report import Silence, State
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import Plan

ENGINE = Engine(endpoint=Endpoint(url="unix:///nowhere", origin="test"), version="28", api="1.50")


def image(name):
    return Image(
        name=name, recipe=UseImage(base="b"), components=(), key_inputs=(("base", "b"),), reference=f"mlc/p-{name}:1"
    )


PLAN = Plan(name="p", tasks=(), images=(image("one"), image("two.x")), components=(), source="pipeline.py")


class Told(Silence):
    def __init__(self):
        self.lines, self.ends, self.items = [], {}, []

    def message(self, text):
        self.lines.append(text)

    def line(self, subject, name, text):
        self.lines.append(f"{name}: {text}")

    def diagnostic(self, item):
        self.items.append(item)

    def finished(self, subject, name, state, seconds):
        self.ends[name] = state


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """A folder for the fake: `docker` writes its arguments to calls, runs hook.sh, and notes the tag as an image."""
    script = f"""#!/bin/sh
case "$*" in *version*) [ -e {tmp_path}/no-buildx ] && exit 1; echo "buildx 0.13.1"; exit ;; esac
echo "$PWD $*" >> {tmp_path}/calls
[ ! -e {tmp_path}/hook.sh ] || . {tmp_path}/hook.sh
for word; do
    case $word in *tags=*) echo "${{word#*tags=}}" ;; mlc/*) echo "$word" ;; esac
done >> {tmp_path}/images
echo built
"""
    (tmp_path / "docker").write_text(script)
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "images").touch()

    def present(references, _engine):
        return frozenset(references) & set((tmp_path / "images").read_text().split())

    monkeypatch.setattr(builder, "present", present)
    monkeypatch.setattr(one_build, "present", present)
    return tmp_path


@pytest.fixture
def bundle(tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    targets = {
        "one": {"dockerfile": "environments/one/Dockerfile"},
        "two_x": {"dockerfile": "environments/two.x/Dockerfile"},
    }
    (folder / "docker-bake.json").write_text(json.dumps({"target": targets}))
    return folder


def calls(docker):
    return sorted((docker / "calls").read_text().splitlines()) if (docker / "calls").exists() else []


def test_only_what_is_missing_is_built_and_under_the_name_of_the_plan(docker, bundle):
    (docker / "images").write_text("mlc/p-one:1\n")
    report = Told()
    results = builder.build(PLAN, bundle, report, ENGINE)
    assert [(result.image, result.built) for result in results] == [("one", False), ("two.x", True)]
    assert calls(docker) == [
        f"{bundle} buildx bake --file docker-bake.json --load --progress plain --set two_x.tags=mlc/p-two.x:1"
        " --set two_x.platform=linux/amd64 two_x"
    ]
    assert report.ends == {"two.x": State.SUCCEEDED}
    assert "two.x: built" in report.lines
    assert (bundle / ".mlc/builds/two.x.log").read_text() == "built\n"


def test_a_second_build_does_nothing(docker, bundle):
    builder.build(PLAN, bundle, Silence(), ENGINE)
    before = calls(docker)
    assert [result.state for result in builder.build(PLAN, bundle, Silence(), ENGINE)] == [State.REUSED] * 2
    assert calls(docker) == before


def test_without_buildx_the_engine_builds(docker, bundle):
    (docker / "no-buildx").touch()
    builder.build(replace(PLAN, images=PLAN.images[:1]), bundle, Silence(), ENGINE)
    assert calls(docker) == [
        f"{bundle} build --progress plain --tag mlc/p-one:1 --platform linux/amd64 --file environments/one/Dockerfile ."
    ]


def test_a_failure_names_the_environment_and_shows_the_end_of_the_log_and_the_others_are_built(docker, bundle):
    (docker / "hook.sh").write_text('case "$*" in *one*) echo "no space left on device"; exit 1 ;; esac\n')
    report = Told()
    with pytest.raises(MlcError) as error:
        builder.build(PLAN, bundle, report, ENGINE)
    assert error.value.diagnostic.code == "E651"
    assert "Environment one of pipeline.py could not be built. The disk is full" in str(error.value)
    assert "    no space left on device" in report.lines
    assert report.ends == {"one": State.FAILED, "two.x": State.SUCCEEDED}
    assert explain(PLAN, PLAN.images[0], bundle, present=False).because == ("never built here",)


def test_all_failures_are_told(docker, bundle):
    (docker / "hook.sh").write_text("exit 1\n")
    report = Told()
    with pytest.raises(MlcError) as error:
        builder.build(PLAN, bundle, report, ENGINE)
    told = sorted([item.what for item in report.items] + [error.value.diagnostic.what])
    assert [what.split()[1] for what in told] == ["one", "two.x"]


def test_a_builder_that_keeps_its_result_elsewhere_is_noticed(docker, bundle):
    (docker / "hook.sh").write_text("exit 0\n")
    with pytest.raises(MlcError, match="is not there after its build"):
        builder.build(PLAN, bundle, Silence(), ENGINE)


def test_without_the_docker_command_nothing_can_be_built(bundle, monkeypatch, docker, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(MlcError) as error:
        builder.build(PLAN, bundle, Silence(), ENGINE)
    assert "docker-buildx" in str(error.value)


def test_two_builds_at_once_do_the_work_once(docker, bundle):
    (docker / "hook.sh").write_text(f"while [ ! -e {docker}/go ]; do sleep 0.01; done\n")
    waits = threading.Event()
    results: list[builder.BuildResult] = []

    class Waits(Silence):
        def doing(self, subject, name, text, detail=""):
            if "waiting" in text:
                waits.set()

    plan = replace(PLAN, images=PLAN.images[:1])

    def body():
        results.extend(builder.build(plan, bundle, Waits(), ENGINE))

    threads = [threading.Thread(target=body) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert waits.wait(10)
    (docker / "go").touch()
    for thread in threads:
        thread.join(10)
    assert sorted(result.state for result in results) == [State.REUSED, State.SUCCEEDED]
    assert len(calls(docker)) == 1


def test_ctrl_c_stops_the_builders_and_names_nothing_built(docker, bundle):
    (docker / "hook.sh").write_text("echo started; exec sleep 1000\n")

    class Interrupts(Told):
        def line(self, subject, name, text):
            if text == "started" and name == "one":
                os.kill(os.getpid(), signal.SIGINT)

    report = Interrupts()
    with pytest.raises(KeyboardInterrupt):
        builder.build(PLAN, bundle, report, ENGINE)
    assert set(report.ends.values()) == {State.CANCELLED}
    assert (docker / "images").read_text() == ""


def test_without_a_usable_cache_folder_images_are_built_all_the_same(docker, bundle, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MLC_CACHE_DIR", str(tmp_path / "file" / "cache"))
    report = Told()
    results = builder.build(PLAN, bundle, report, ENGINE)
    assert [result.state for result in results] == [State.SUCCEEDED] * 2
    assert [line for line in report.lines if "Nothing can be kept in the cache folder" in line]


def test_a_full_disk_below_the_cache_folder_is_only_noted(docker, bundle, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    report = Told()
    assert all(result.built for result in builder.build(PLAN, bundle, report, ENGINE))
    assert any("No space left on device" in line for line in report.lines)


def test_the_lock_of_a_killed_build_is_free(docker, bundle, tmp_path):
    code = (
        "import os, signal; from mlc.images import builder, cache; from pathlib import Path\n"
        "with cache.locked(Path(os.environ['LOCK'])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    plan = replace(PLAN, images=PLAN.images[:1])
    lock = cache_root() / "locks" / f"image-{digest_bytes(plan.images[0].reference.encode())[:24]}"
    killed = subprocess.run([sys.executable, "-c", code], env=os.environ | {"LOCK": str(lock)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert lock.exists()
    assert [result.state for result in builder.build(plan, bundle, Silence(), ENGINE)] == [State.SUCCEEDED]


def test_nothing_to_do_asks_no_tool(docker, bundle):
    (docker / "images").write_text("mlc/p-one:1\nmlc/p-two.x:1\n")
    (docker / "docker").write_text(f"#!/bin/sh\necho called >> {docker}/calls\n")
    assert [result.state for result in builder.build(PLAN, bundle, Silence(), ENGINE)] == [State.REUSED] * 2
    assert calls(docker) == []


def test_a_builder_that_was_killed_says_so_and_leaves_no_image(docker, bundle):
    (docker / "hook.sh").write_text("kill -9 $$\n")
    plan = replace(PLAN, images=PLAN.images[:1])
    report = Told()
    with pytest.raises(MlcError, match="It was killed, most likely for memory"):
        builder.build(plan, bundle, report, ENGINE)
    assert "    ERROR: the builder's process was ended by a signal: killed" in report.lines
    assert (docker / "images").read_text() == ""
    (docker / "hook.sh").unlink()
    assert builder.build(plan, bundle, report, ENGINE)[0].built


def test_nothing_to_do_starts_no_process_and_asks_the_engines_socket_only(bundle):
    """Nor does it load what speaks to networks, or runs things side by side: that takes longer than all the rest."""
    fake = FakeEngine()
    for one in PLAN.images:
        fake.add(one.name.replace(".", ""), [("a", 1)], [one.reference])
    with fake.serve() as host:
        program = """
import socket, sys
from pathlib import Path
from mlc.ir.image import Image, UseImage
from mlc.ir.plan import Plan
from mlc.images import build
from mlc.images.engine import Endpoint, Engine
from mlc.images.report import Silence
names = sys.argv[3:]
images = tuple(Image(name=name, recipe=UseImage(base="b"), components=(), reference=name) for name in names)
def refused(event, arguments):
    local = event == "socket.connect" and arguments[0].family == socket.AF_UNIX
    assert local or event.split(".")[0] not in ("subprocess", "socket", "os.system") or event == "socket.__new__", event
sys.addaudithook(refused)
engine = Engine(endpoint=Endpoint(url=sys.argv[1], origin="test"), version="28", api="1.50")
plan = Plan(name="p", tasks=(), images=images, components=())
done = build(plan, Path(sys.argv[2]), Silence(), engine)
assert [str(result.state) for result in done] == ["reused", "reused"], done
loaded = {"http.client", "ssl", "concurrent.futures"} & set(sys.modules)
assert not loaded, loaded
"""
        command = [sys.executable, "-c", program, host, str(bundle), *(one.reference for one in PLAN.images)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0, done.stderr
