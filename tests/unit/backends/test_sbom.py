import json
import sys
from dataclasses import replace

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from mlc.backends import sbom
from mlc.backends.docker.readme import readme_file
from mlc.backends.options import EmitOptions
from mlc.ir.image import Image, MambaInstall, Recipe, UseImage, UvInstall
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage
from mlc.ir.plan import Plan

A, B, C = "a" * 64, "b" * 64, "c" * 64
NUMPY = LockedPackage(name="numpy", version="2.1.0", hashes=(f"sha256:{A}", f"sha256:{B}"), via=("pandas",))
PANDAS = LockedPackage(name="pandas", version="2.2.3", hashes=(f"sha256:{C}",))
OURS = LockedPackage(name="ours", version="1.0", source="git+https://me:secret@host/ours.git@abc123")
PYTHON = LockedCondaPackage(
    name="python",
    version="3.11.9",
    build="h_0",
    url="https://conda.anaconda.org/t/conda-forge/linux-64/python-3.11.9-h_0.conda",
    sha256=A,
)
LOCK = Lock(pip=(NUMPY, OURS, PANDAS), base_digest=f"sha256:{B}")


def plan(recipe: Recipe, name: str = "p") -> Plan:
    return Plan(name=name, tasks=(), images=(Image(name="train", recipe=recipe, components=()),), components=())


def uv(lock: Lock | None) -> UvInstall:
    return UvInstall(base="registry.io/team/base:1", python="3.11", requirements=("pandas",), lock=lock)


def bill(recipe: Recipe):
    (path, file), *more = sbom.emit(plan(recipe), EmitOptions()).items()
    assert path == "environments/train/sbom.cdx.json"
    assert not more
    text = file.read().decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    return json.loads(text)


def components(found):
    return {one["name"]: one for one in found["components"]}


def test_packages_have_purls_and_the_hashes_of_the_lock():
    found = components(bill(uv(LOCK)))
    assert found["numpy"]["purl"] == "pkg:pypi/numpy@2.1.0"
    assert sorted(one["content"] for one in found["numpy"]["hashes"]) == [A, B]
    assert {one["alg"] for one in found["numpy"]["hashes"]} == {"SHA-256"}


def test_the_base_image_is_a_component_with_its_digest():
    base = components(bill(uv(LOCK)))["registry.io/team/base:1"]
    assert base["type"] == "container"
    assert base["version"] == f"sha256:{B}"
    assert base["purl"].startswith(f"pkg:oci/base@sha256%3A{B}?") or base["purl"].startswith(
        f"pkg:oci/base@sha256:{B}?"
    )
    unknown = components(bill(uv(replace(LOCK, base_digest=""))))["registry.io/team/base:1"]
    assert (unknown["version"], "purl" in unknown) == ("1", False)


def test_who_asks_for_what():
    found = bill(uv(LOCK))
    names = {one["bom-ref"]: one["name"] for one in [*found["components"], found["metadata"]["component"]]}
    graph = {names[one["ref"]]: sorted(names[ref] for ref in one.get("dependsOn", ())) for one in found["dependencies"]}
    assert graph == {
        "p/train": ["ours", "pandas", "registry.io/team/base:1"],
        "pandas": ["numpy"],
        "numpy": [],
        "ours": [],
        "registry.io/team/base:1": [],
    }


def test_no_credentials_of_a_source():
    text = json.dumps(bill(uv(LOCK)))
    assert "secret" not in text
    assert "host/ours.git" in text


def test_conda_packages():
    recipe = MambaInstall(
        base="b", python="3.11", channels=(), conda=(), pip=(), lock=Lock(conda=(PYTHON,), pip=(NUMPY,))
    )
    found = components(bill(recipe))
    assert found["python"]["purl"] == (
        "pkg:conda/python@3.11.9?build=h_0&channel=conda-forge&subdir=linux-64&type=conda"
    )
    assert found["python"]["hashes"] == [{"alg": "SHA-256", "content": A}]
    assert "numpy" in found


def test_the_same_lock_gives_the_same_bytes_and_no_time():
    once, again = (sbom.emit(plan(uv(LOCK)), EmitOptions()) for _ in range(2))
    assert [file.read() for file in once.values()] == [file.read() for file in again.values()]
    assert "timestamp" not in bill(uv(LOCK))["metadata"]
    other = bill(uv(replace(LOCK, pip=(PANDAS,))))
    assert other["serialNumber"] != bill(uv(LOCK))["serialNumber"]


@pytest.mark.parametrize("recipe", [uv(None), UseImage(base="b")])
def test_no_bill_where_nothing_is_locked(recipe):
    assert sbom.emit(plan(recipe), EmitOptions()) == {}


def test_readme_says_that_there_is_none():
    assert "Not locked: train" in readme_file(plan(uv(None)))
    assert "sbom.cdx.json" not in readme_file(plan(uv(None)))
    assert "Not locked" not in readme_file(plan(uv(LOCK)))
    assert "sbom.cdx.json" in readme_file(plan(uv(LOCK)))
    assert "Not locked" not in readme_file(plan(UseImage(base="b")))


def test_what_is_remembered_needs_no_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlc.backends.sbom.bill", None)
    asked = []

    def recall(kind, key, _make):
        asked.append((kind, key))
        return "{}"

    sbom.emit(plan(uv(LOCK)), EmitOptions(recall=recall))
    sbom.emit(plan(uv(LOCK), name="q"), EmitOptions(recall=recall))
    sbom.emit(plan(uv(replace(LOCK, pip=(PANDAS, NUMPY)))), EmitOptions(recall=recall))
    assert {kind for kind, _ in asked} == {"sbom"}
    assert len({key for _, key in asked}) == 3


def test_memo_makes_once_and_survives_a_cache_that_cannot_be_written(monkeypatch, tmp_path):
    from mlc.images.memo import recalled

    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "text"

    for _ in range(2):
        assert recalled("sbom", "ab12", make) == "text"
    assert made == [1]
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLC_CACHE_DIR", str(tmp_path / "file"))
    assert recalled("sbom", "ab12", lambda: "anew") == "anew"
