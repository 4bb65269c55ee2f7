"""The wheel built from the sdist holds everything: installed alone, far from the checkout, it compiles the example."""

import os
import shutil
import subprocess
import sysconfig
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UV = str(Path(sysconfig.get_path("scripts"), "uv"))


def run(*command, cwd):
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The sdist and, built from it and nothing else, the wheel."""
    work = tmp_path_factory.mktemp("packages")
    run(UV, "build", "--sdist", "--quiet", "--out-dir", str(work), str(ROOT), cwd=work)
    (sdist,) = work.glob("*.tar.gz")
    run(UV, "build", "--wheel", "--quiet", "--out-dir", str(work), str(sdist), cwd=work)
    (wheel,) = work.glob("*.whl")
    return sdist, wheel


def test_the_installed_wheel_compiles_the_example(packages, tmp_path):
    _, wheel = packages
    run(UV, "venv", "--quiet", "env", cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--python", "env/bin/python", str(wheel), cwd=tmp_path)
    example = tmp_path / "example"
    shutil.copytree(ROOT / "components" / "fashion_mnist", example, ignore=shutil.ignore_patterns("__pycache__"))
    run(str(tmp_path / "env/bin/mlc"), "build", "pipeline.py", "--no-images", cwd=example)
    (bundle,) = (example / "out").iterdir()
    assert {"compose.yaml", ".env", "plan.json", "runtime", "components", "environments"} <= {
        path.name for path in bundle.iterdir()
    }
    assert (bundle / "runtime" / "launch.sh").stat().st_mode & 0o111
    assert "site-packages" in run(
        str(tmp_path / "env/bin/python"), "-c", "import mlc; print(mlc.__file__)", cwd=tmp_path
    )


def test_the_sdist_holds_no_leftovers(packages):
    sdist, _ = packages
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert not [name for name in names if "__pycache__" in name or name.startswith(("out/", ".venv/", ".engine/"))]
    assert {"compiler/mlc/driver.py", "components/fashion_mnist/pipeline.py", "LICENSE"} <= set(names)
