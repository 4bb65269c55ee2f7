"""Images through a real registry: built and pushed by one machine, taken by another that has nothing."""

import json
import re
import shutil
import subprocess

import pytest
from tests.support import network, standins
from tests.support.bundles import Bundle, mlc, write_files
from tests.support.engine import fresh, old
from tests.support.registry import PASSWORD, USER, registry

pytestmark = pytest.mark.engine

PIPELINE = """\
type: pipeline
jobs:
  show:
    type: command
    command: cat /installed mark.txt > ${{outputs.out}}/shown.txt
    code: ./code
    outputs: {out: {type: uri_folder}}
    environment: {build: {path: ./docker}}
"""
DOCKERFILE = f"FROM {standins.BUSYBOX}\nRUN head -c 8 /dev/urandom | od -An -tx1 > /installed\n"
"""What it installs tells one installation from another."""


def project(folder):
    return write_files(folder, {"p.yml": PIPELINE, "code/mark.txt": "one\n", "docker/Dockerfile": DOCKERFILE})


def reference(bundle):
    (image,) = json.loads((bundle / "plan.json").read_text())["images"]
    return image["reference"]


def shown(bundle, engine, folder):
    run = Bundle(folder=bundle, engine=engine)
    done = run.up()
    assert done.returncode == 0, done.stdout
    text = (run.copy("show", "out", folder) / "shown.txt").read_text()
    run.down()
    return text


def carry(source, target, name):
    saving = subprocess.Popen(["docker", "save", name], env=source.variables(), stdout=subprocess.PIPE)
    subprocess.run(["docker", "load", "--quiet"], env=target.variables(), stdin=saving.stdout, check=True)
    assert saving.wait() == 0


def test_a_second_machine_builds_and_installs_nothing(tmp_path, engine):
    source = project(tmp_path / "first")
    spaces = (network.NAME, network.LONELY)
    network.prepare_lonely()
    with registry(tmp_path / "registry", namespaces=spaces) as found, fresh(tmp_path / "second", engine) as second:
        share = ("--registry", found.name, "--cache", f"{found.name}/cache")
        built = mlc("build", "p.yml", *share, "--push", cwd=source, engine=engine)
        assert built.returncode == 0, built.stdout + built.stderr
        assert re.search(r"images: show built in .*; 1 pushed \(show\)", built.stdout)
        bundle = source / "out" / "p"
        name = reference(bundle)
        try:
            repository, tag = name.removeprefix(f"{found.name}/").rsplit(":", 1)
            assert found.tags(repository) == {tag}
            assert found.tags("cache/p-show") == {tag[:12], "head-amd64"}
            locked = (bundle / "images.lock").read_text().splitlines()[1:]
            assert re.fullmatch(re.escape(name) + "@sha256:[0-9a-f]{64}", *locked)
            assert f"{name.rsplit(':', 1)[0]}@sha256:" in (bundle / "compose.yaml").read_text()
            first = shown(bundle, engine, tmp_path / "a")

            asked = len(found.requests())
            again = mlc("build", "p.yml", *share, "--push", cwd=source, engine=engine)
            assert again.returncode == 0, again.stderr
            assert "unchanged" in again.stdout
            assert "images: 1 reused (show)" in again.stdout
            assert len(found.requests()) == asked

            # The bundle alone, without mlc: pulled by digest.
            shutil.copytree(bundle, tmp_path / "alone", ignore=shutil.ignore_patterns(".mlc"))
            assert shown(tmp_path / "alone", second, tmp_path / "b") == first

            # The bundle and mlc.
            second.docker("image", "prune", "--all", "--force")
            mine = {"MLC_CACHE_DIR": str(tmp_path / "cache-there")}
            ran = mlc("run", "alone", cwd=tmp_path, engine=second, **mine)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            assert not (tmp_path / "alone" / ".mlc" / "builds").exists()
            Bundle(folder=tmp_path / "alone", engine=second).down()
            shutil.rmtree(tmp_path / "cache-there")

            # The source and mlc, with a cache of its own.
            second.docker("image", "prune", "--all", "--force")
            there = project(tmp_path / "there")
            pulled = mlc("build", "p.yml", *share, cwd=there, engine=second, **mine)
            assert pulled.returncode == 0, pulled.stdout + pulled.stderr
            assert "images: 1 pulled (show)" in pulled.stdout
            assert not list(there.rglob("*.log"))
            assert shown(there / "out" / "p", second, tmp_path / "c") == first

            # Other code: the layers come from the cache. Only the base has to be had.
            second.docker("image", "prune", "--all", "--force")
            carry(engine, second, standins.BUSYBOX)
            (there / "code" / "mark.txt").write_text("two\n")
            edited = mlc("build", "p.yml", *share, cwd=there, engine=second, **mine)
            assert edited.returncode == 0, edited.stdout + edited.stderr
            assert "images: show built in " in edited.stdout
            assert shown(there / "out" / "p", second, tmp_path / "d") == first.replace("one", "two")
            assert found.tags(repository) == {tag}  # nothing was pushed
        finally:
            engine.docker("rmi", "--force", name, check=False)


def test_bake_makes_the_same_images_without_mlc(tmp_path, engine):
    source = project(tmp_path / "first")
    network.prepare_lonely()
    with registry(tmp_path / "registry", namespaces=(network.NAME,)) as found:
        assert mlc("build", "p.yml", "--no-images", cwd=source).returncode == 0
        bundle = source / "out" / "p"
        name = f"{found.name}/{reference(bundle)}"
        variables = {"REGISTRY": f"{found.name}/", "CACHE_TO": "type=inline", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
        variables["CACHE_FROM"] = f"type=registry,ref={found.name}/cache/p-{{target}}:{{key}}"
        baked = subprocess.run(
            ["docker", "buildx", "bake", "--push"],
            cwd=bundle,
            env=engine.variables() | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert baked.returncode == 0, baked.stderr
        assert f"{found.name}/cache/p-show:{name.rpartition(':')[2][:12]}" in baked.stderr
        engine.docker("rmi", "--force", name, check=False)
        pulled = mlc("build", "p.yml", "--registry", found.name, cwd=source, engine=engine)
        engine.docker("rmi", "--force", name, check=False)
        assert "images: 1 pulled (show)" in pulled.stdout, pulled.stderr


def test_a_registry_that_wants_a_login_says_so_and_gets_it_from_docker(tmp_path):
    engine = old()
    standins.provide(engine, standins.BUSYBOX)
    source = project(tmp_path / "first")
    config = {"DOCKER_CONFIG": str(tmp_path / "docker")}
    (tmp_path / "docker").mkdir()
    with registry(tmp_path / "registry", users=True) as found:
        build = ("build", "p.yml", "--registry", found.name)
        refused = mlc(*build, "--push", cwd=source, engine=engine, **config)
        assert refused.returncode == 3, refused.stdout + refused.stderr
        assert f"error[E630]: Registry {found.name} wants a login." in refused.stderr
        assert f"`docker login {found.name}`" in refused.stderr
        login = ["docker", "login", "--username", USER, "--password-stdin", found.name]
        env = engine.variables() | config
        subprocess.run(login, input=PASSWORD, text=True, env=env, check=True, capture_output=True)
        pushed = mlc(*build, "--push", cwd=source, engine=engine, **config)
        assert "1 pushed (show)" in pushed.stdout, pushed.stderr
        name = reference(source / "out" / "p")
        # Without the login, and without a push, an image that is missing is built.
        engine.docker("rmi", "--force", name)
        (tmp_path / "docker" / "config.json").unlink()
        local = mlc(*build, cwd=source, engine=engine, **config)
        assert local.returncode == 0, local.stderr
        assert "warning[W630]" in local.stderr
        assert "show built in " in local.stdout
        assert not (source / "out" / "p" / "images.lock").exists()
        engine.docker("rmi", "--force", name, check=False)
    files = [path.read_bytes() for path in (source / "out").rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in content for content in files)


def test_images_travel_without_a_registry(tmp_path, engine):
    form = "images.tar" if engine.name == "new" else "folder"
    source = project(tmp_path / "first")
    assert mlc("build", "p.yml", cwd=source, engine=engine).returncode == 0
    name = reference(source / "out" / "p")
    try:
        target = str(tmp_path / form)
        exported = mlc("cache", "export", target, "p.yml", cwd=source, engine=engine)
        assert exported.returncode == 0, exported.stderr
        assert "1 image" in exported.stdout
        first = shown(source / "out" / "p", engine, tmp_path / "a")
        with fresh(tmp_path / "second", engine) as second:
            mine = {"MLC_CACHE_DIR": str(tmp_path / "cache-there")}
            there = project(tmp_path / "there")
            assert name in mlc("cache", "import", target, cwd=there, engine=second, **mine).stdout
            again = mlc("cache", "import", target, cwd=there, engine=second, **mine)
            assert again.stdout == "all images are here already\n"
            built = mlc("build", "p.yml", cwd=there, engine=second, **mine)
            assert "images: 1 reused (show)" in built.stdout, built.stderr
            assert shown(there / "out" / "p", second, tmp_path / "b") == first
    finally:
        engine.docker("rmi", "--force", name, check=False)
