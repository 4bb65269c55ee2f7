"""A company's site: credentials are nowhere but in requests, TLS with an authority of its own through a proxy.

The base images are stand-ins, the packages are a few hundred bytes that the tests make.
"""

import base64
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import without_engine
from tests.support import standins
from tests.support.bundles import Bundle, mlc, write_files
from tests.support.engine import Engine, NoEngineError, default, fresh
from tests.support.indexes import Proxy, Site, authority, wheel

pytestmark = pytest.mark.engine

CANARY = "kanarie/4711+vogel"
"""Looks different in a URL."""
OTHER = "zeisig4712"
TOOLS = {f"{name}-99.0-py3-none-any.whl": wheel(name, "99.0") for name in ("pip", "setuptools", "wheel")}
"""What a virtual environment begins with."""
PIPELINE = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
jobs:
  use:
    type: command
    command: python -c "import ours, direct; print('versions', ours.VERSION, direct.VERSION)" && test -n "$http_proxy"
    environment: {conda_file: conda.yml, image: docker.io/library/python:3.11-slim-bookworm}
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        found = default()
    except NoEngineError as reason:
        without_engine(reason)
        raise
    standins.provide(found, standins.PYTHON[-1], standins.UV)
    return found


@pytest.fixture(scope="module")
def host(engine) -> str:
    """The address of this machine as containers see it."""
    told = engine.docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}").stdout
    return told.strip() or "172.17.0.1"


@pytest.fixture
def site(host) -> Iterator[Site]:
    files = TOOLS | {"ours-1.0-py3-none-any.whl": wheel("ours"), "direct-2.0-py3-none-any.whl": wheel("direct", "2.0")}
    with Site(files, f"me:{CANARY}", host) as found:
        yield found


def forms(secret: str) -> set[str]:
    """Everything that the secret may look like."""
    plain = {secret, quote(secret, safe=""), quote(secret)}
    return plain | {base64.b64encode(f"{user}{text}".encode()).decode() for text in plain for user in ("", "me:")}


def found_in(place: str, content: bytes) -> list[str]:
    return [place for secret in (CANARY, OTHER) for form in forms(secret) if form.encode() in content]


def in_folder(folder: Path) -> list[str]:
    return [hit for path in folder.rglob("*") if path.is_file() for hit in found_in(str(path), path.read_bytes())]


def in_image(engine: Engine, image: str) -> list[str]:
    """In every file of every layer, in the configuration and the manifest; in what the layers' archives hold, too."""
    done = subprocess.run(["docker", "save", image], env=engine.variables(), capture_output=True, check=True)
    hits = []
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                hits += found_in(f"{image}: {member.name}", content.read())
    return hits


def test_credentials_are_nowhere_but_in_requests(engine, host, site, tmp_path, own_places):
    """Locked, built by mlc and by Compose, and run; then every place is searched for them."""
    secret = quote(CANARY, safe="")
    conda = (
        "name: ours\ndependencies:\n  - python=3.11\n  - pip:\n    - ours==1.0\n"
        f"    - --extra-index-url http://me:{secret}@{host}:{site.port}/more/simple\n"
        f"    - direct @ http://${{DIRECT_USER}}:${{DIRECT_TOKEN}}@{host}:{site.port}/files/direct-2.0-py3-none-any.whl\n"
    )
    toml = f'image_prefix = "mlc-canary"\n[network]\nindex_url = "{site.url("${PIP_USER}:${PIP_TOKEN}")}"\n'
    toml += f'http_proxy = "http://proxy:{OTHER}@{host}:9"\nno_proxy = ["{host}"]\n'
    project = write_files(tmp_path / "p", {"pipeline.yml": PIPELINE, "conda.yml": conda, "mlc.toml": toml})
    given = {"PIP_USER": "me", "PIP_TOKEN": secret, "DIRECT_USER": "me", "DIRECT_TOKEN": secret, "MLC_NO_LOCK": "0"}

    locked = mlc("lock", "pipeline.yml", cwd=project, engine=engine, **given)
    assert locked.returncode == 0, locked.stdout + locked.stderr
    built = mlc("build", "pipeline.yml", "--out", "out", cwd=project, engine=engine, **given)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "W636" in built.stderr
    assert "W637" in built.stderr
    variable = f"MLC_CREDENTIALS_{host.replace('.', '_')}_{site.port}"
    bundle = Bundle(folder=project / "out", engine=engine)
    (image,) = {item["reference"] for item in json.loads((project / "out/plan.json").read_text())["images"]}
    try:
        config = bundle.compose("config", **given)
        ran = mlc("run", "out", cwd=project, engine=engine, **given)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        history = engine.docker("history", "--no-trunc", image).stdout
        hits = in_image(engine, image)
        engine.docker("rmi", "--force", image)
        again = bundle.up(**given, **{variable: f"me:{secret}"})
        assert again.returncode == 0, again.stdout
        hits += in_image(engine, image)
        inspected = engine.docker("image", "inspect", image).stdout
    finally:
        bundle.down("--rmi=all")
    assert ("/simple/ours/", 200) in site.seen
    assert ("/files/direct-2.0-py3-none-any.whl", 200) in site.seen
    said = locked.stdout + locked.stderr + built.stdout + built.stderr + config.stdout + ran.stdout + ran.stderr
    hits += found_in("what was said", (said + history + inspected + again.stdout).encode())
    hits += in_folder(project / "out") + in_folder(project / "locks") + in_folder(own_places)
    assert hits == []


def test_tls_of_an_own_authority_through_a_proxy_with_a_password(engine, host, tmp_path):
    """Locks, builds and steps reach the index with the settings; without them they say what is missing."""
    ca, certificate = authority(tmp_path, host)
    files = TOOLS | {"ours-1.0-py3-none-any.whl": wheel("ours")}
    with Site(files, "", host, certificate) as site, Proxy(host, f"me:{OTHER}") as proxy:
        url = site.url() + "/ours/"
        command = f"python -c \"import ours, urllib.request as u; print('seen', u.urlopen('{url}').status)\""
        pipeline = PIPELINE.partition("    command:")[0] + (
            f"    command: {command}\n"
            "    environment: {conda_file: conda.yml, image: docker.io/library/python:3.11-slim-bookworm}\n"
        )
        toml = (
            f'image_prefix = "mlc-tls"\n[network]\nca_bundle = "ca.pem"\nindex_url = "{site.url()}"\n'
            f'https_proxy = "http://${{PROXY_USER}}:${{PROXY_PASSWORD}}@{host}:{proxy.port}"\n'
        )
        conda = "name: ours\ndependencies: [python=3.11, {pip: [ours]}]\n"
        sources = {"pipeline.yml": pipeline, "conda.yml": conda, "mlc.toml": toml, "ca.pem": ca.read_text()}
        project = write_files(tmp_path / "p", sources)
        given = {"PROXY_USER": "me", "PROXY_PASSWORD": OTHER, "MLC_NO_LOCK": "0"}

        without = mlc("build", "pipeline.yml", cwd=project, engine=engine, PROXY_USER="me", PROXY_PASSWORD="")
        assert without.returncode == 1, without.stderr
        assert "mlc.toml:5:1: error[E636]: network.https_proxy needs the variable PROXY_PASSWORD" in without.stderr
        (project / "mlc.toml").write_text(toml.replace('ca_bundle = "ca.pem"\n', ""))
        distrusted = mlc("build", "pipeline.yml", cwd=project, engine=engine, **given)
        assert distrusted.returncode != 0
        assert "ca_bundle" in distrusted.stderr, distrusted.stderr
        (project / "mlc.toml").write_text(toml)

        built = mlc("build", "pipeline.yml", "--out", "out", cwd=project, engine=engine, **given)
        assert built.returncode == 0, built.stdout + built.stderr
        bundle = Bundle(folder=project / "out", engine=engine)
        try:
            came = len(site.seen)
            up = bundle.up(**given)
            assert up.returncode == 0, up.stdout
            assert len(site.seen) > came
            ran = mlc("run", "out", "--engine", "process", cwd=project, engine=engine, **given)
            assert ran.returncode == 0, ran.stdout + ran.stderr
        finally:
            bundle.down("--rmi=all")
        assert proxy.refused == 0 or proxy.seen
        assert set(proxy.seen) == {f"{host}:{site.port}"}


def test_a_vendored_bundle_builds_and_runs_without_any_network(engine, host, tmp_path):
    """On an engine with an empty store in a namespace without a way out."""
    files = TOOLS | {"ours-1.0-py3-none-any.whl": wheel("ours")}
    pipeline = PIPELINE.partition("    command:")[0] + (
        "    command: python -c \"import ours; print('version', ours.VERSION)\"\n"
        "    environment: {conda_file: conda.yml, image: docker.io/library/python:3.11-slim-bookworm}\n"
    )
    with Site(files, f"me:{CANARY}", host) as site:
        toml = f'image_prefix = "mlc-carried"\n[network]\nindex_url = "{site.url("me:${PIP_TOKEN}")}"\n'
        conda = "name: ours\ndependencies: [python=3.11, {pip: [ours]}]\n"
        project = write_files(tmp_path / "p", {"pipeline.yml": pipeline, "conda.yml": conda, "mlc.toml": toml})
        given = {"PIP_TOKEN": quote(CANARY, safe=""), "MLC_NO_LOCK": "0"}
        done = mlc("vendor", "pipeline.yml", "--out", "out", cwd=project, engine=engine, **given)
        assert done.returncode == 0, done.stdout + done.stderr
        came = len(site.seen)
        again = mlc("vendor", "pipeline.yml", "--out", "out", "--json", cwd=project, engine=engine, **given)
        assert json.loads(again.stdout)["fetched"] == []
        assert not [path for path, _ in site.seen[came:] if path.startswith("/files/") and "ours" in path]
    listed = json.loads((project / "out/vendor/manifest.json").read_text())
    assert "wheels/ours-1.0-py3-none-any.whl" in {item["path"] for item in listed["files"]}
    assert standins.UV in {item["name"] for item in listed["images"]}
    with fresh(tmp_path / "store", engine) as lonely:
        bundle = Bundle(folder=project / "out", engine=lonely)
        for image in sorted((project / "out/vendor/images").iterdir()):
            lonely.docker("load", "--quiet", "--input", str(image))
        up = bundle.up()
        assert up.returncode == 0, up.stdout
        assert "version 1.0" in up.stdout
        bundle.down("--rmi=all")
    assert in_folder(project / "out") == []
