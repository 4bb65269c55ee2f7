"""Locked conda environments: explicit files in layers, then pip's, in the order of the plan."""

from dataclasses import replace

from tests.unit.backends.plans import MAMBA, image

from mlc.backends.docker.conda_layers import explicit_file, mamba_layers
from mlc.backends.docker.dockerfile import environment_files
from mlc.ir.lock import Layer, Lock, LockedCondaPackage, LockedPackage
from mlc.ir.plan import Plan

SHA = "ab" * 32


def package(name, version="1.0", *via, folder="linux-64"):
    url = f"https://conda.anaconda.org/conda-forge/{folder}/{name}-{version}-0.conda"
    return LockedCondaPackage(name=name, version=version, build="0", url=url, sha256=SHA, via=via)


LOCK = Lock(
    conda=(
        package("aardvark", "2.0", folder="noarch"),
        package("numpy", "1.26.4"),
        package("python", "3.11.9", "aardvark", "numpy"),
        package("zlib", "1.3", "python"),
    ),
    pip=(LockedPackage(name="six", version="1.17.0", hashes=(f"sha256:{SHA}",)),),
)
LOCKED = replace(
    MAMBA,
    lock=LOCK,
    layers=(
        Layer(title="python, zlib", conda=("python", "zlib")),
        Layer(title="numpy, aardvark", conda=("aardvark", "numpy")),
        Layer(title="six", pip=("six",)),
    ),
)


def test_what_a_package_needs_stands_before_it():
    text = explicit_file(LOCK.conda)
    assert text.splitlines() == [
        "@EXPLICIT",
        f"https://conda.anaconda.org/conda-forge/linux-64/zlib-1.3-0.conda#sha256:{SHA}",
        f"https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-0.conda#sha256:{SHA}",
        f"https://conda.anaconda.org/conda-forge/noarch/aardvark-2.0-0.conda#sha256:{SHA}",
        f"https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-0.conda#sha256:{SHA}",
    ]


def test_a_circle_ends():
    text = explicit_file((package("a", "1", "b"), package("b", "1", "a")))
    assert [line.rpartition("/")[2][:1] for line in text.splitlines()[1:]] == ["a", "b"]


def test_layers_are_made_in_their_order_and_only_the_first_makes_the_environment():
    made = mamba_layers(LOCKED)
    assert [(layer.title, layer.verb) for layer in made.layers] == [
        ("python, zlib", "create"),
        ("numpy, aardvark", "install"),
        ("six", ""),
    ]
    assert made.layers[2].options == "--no-deps --require-hashes"
    assert {layer.path for layer in made.layers} == made.files.keys()


def test_the_dockerfile_installs_layer_by_layer():
    found = image("env", LOCKED)
    plan = Plan(name="p", tasks=(), images=(found,), components=())
    files = environment_files(plan, found)
    text = files["environments/env/Dockerfile"].read().decode()
    first, second, third = (layer.path for layer in mamba_layers(LOCKED).layers)
    assert text.index(first) < text.index("micromamba create") < text.index(second) < text.index("micromamba install")
    assert f"source={third},target=/tmp/mlc/requirements.txt" in text
    assert "/opt/mlc/env/bin/python -m pip install --no-input --no-deps --require-hashes -r" in text
    assert "chmod -R" not in text, "it would copy what lies in the layers below"
    assert files[first].read().startswith(b"@EXPLICIT\n")


def test_equal_layers_of_two_environments_are_equal_instructions():
    other = replace(LOCKED, layers=(*LOCKED.layers[:2],))
    paths = [layer.path for layer in mamba_layers(LOCKED).layers]
    assert [layer.path for layer in mamba_layers(other).layers] == paths[:2]
