"""The bundle as a whole: its files, and what real Compose and buildx read in them (no engine is needed for that)."""

import json
import random
import shutil
import subprocess
from dataclasses import replace

import pytest
from tests.conftest import without_engine
from tests.unit.backends.plans import FASHION, PREP, RECIPES, SCORE, one_step

from mlc.backends import BACKENDS, BUNDLE, EmitOptions
from mlc.backends.reparse import reparse
from mlc.files import File, write_tree
from mlc.ir.plan import InputValue, PlanInput, TaskInput, ValueSource
from mlc.ir.types import PortType

NASTY = [
    *"ab1 _-./:'\"\\$#{}[]&*!|>%@`=~,;\n\r\t\x01\x7f\x85\u2028\ufeffé中😀",
    "${A}",
    "$$",
    "\\n",
    "\\'",
    " #",
    "\r\n",
    "%{a}",
]


def bundle(plan, *, gpu=True):
    tree: dict[str, File] = {}
    for emit in BUNDLE:
        tree |= emit(plan, EmitOptions(gpu=gpu))
    return reparse(tree)


def plugin(name):
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, name, "version"], capture_output=True, check=False).returncode:
        without_engine(f"docker {name} is not installed")
    return [docker, name]


def config(root, **environment):
    command = [*plugin("compose"), "config", "--format", "json"]
    done = read(root, command, environment)
    assert done.stderr == ""
    return json.loads(done.stdout)


def read(root, command, environment):
    given = {"PATH": "/usr/bin:/bin"} | environment
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=given)
    assert done.returncode == 0, done.stderr
    return done


def test_what_is_in_the_registry_is_locked_by_digest():
    digest = "sha256:" + "5" * 64
    images = tuple(replace(found, digest=digest) for found in FASHION.images if found.name == "prep")
    rest = tuple(found for found in FASHION.images if found.name != "prep")
    tree = BACKENDS["docker"].emit(replace(FASHION, images=rest + images), EmitOptions())
    assert tree["images.lock"].read().decode() == (
        f"# The images that this bundle runs, by digest.\nmlc/fashion_mnist-prep:0123456789ab-cdef01234567@{digest}\n"
    )
    assert "images.lock" not in BACKENDS["docker"].emit(FASHION, EmitOptions())


def test_files_of_the_example():
    environments = [
        f"environments/{name}/{file}"
        for name, files in (
            ("keras", ("Dockerfile", "key.json", "requirements.heavy.txt", "requirements.txt")),
            ("prep", ("Dockerfile", "key.json", "requirements.txt")),
        )
        for file in files
    ]
    components = [f"components/{name}/main.py" for name in ("prep_data", "score_keras", "train_keras")]
    top = [".dockerignore", ".env", "README.md", "compose.cpu.yaml", "compose.yaml", "docker-bake.json", "graph.svg"]
    expected = sorted([*top, "plan.json", "environments/with-network.sh", *environments, *components])
    assert sorted(path for path in bundle(FASHION) if not path.startswith("runtime/")) == expected


def test_no_overlay_without_gpus():
    assert "compose.cpu.yaml" not in bundle(one_step(RECIPES["uv"]))


def test_vendored_data_travels():
    vendored = replace(FASHION.inputs[0], value="data/x", vendored=(("a.csv", File(b"1")), ("b/c.csv", File(b"2"))))
    one_file = replace(vendored, name="f", variable="INPUT_F", value="data/f.csv", vendored=(("", File(b"3")),))
    tree = bundle(replace(FASHION, inputs=(vendored, one_file, FASHION.inputs[1])))
    assert tree["data/x/a.csv"].read() == b"1"
    assert tree["data/x/b/c.csv"].read() == b"2"
    assert tree["data/f.csv"].read() == b"3"


def test_key_file_lists_what_the_key_is_made_of():
    assert json.loads(bundle(FASHION)["environments/prep/key.json"].read()) == {
        "key": FASHION.images[1].key,
        "image": FASHION.images[1].reference,
        "inputs": dict(FASHION.images[1].key_inputs),
    }


def test_back_ends_have_names():
    assert set(BACKENDS) == {"docker", "graph", "sbom"}


def test_the_same_plan_gives_the_same_files():
    assert bundle(FASHION) == bundle(replace(FASHION))


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_makes_a_whole_bundle(name):
    tree = bundle(one_step(RECIPES[name]))
    assert "environments/prep/Dockerfile" in tree


def test_compose_reads_the_example(tmp_path):
    write_tree(bundle(FASHION), tmp_path)
    found = config(tmp_path)["services"]
    assert found["train"]["deploy"]["resources"]["reservations"]["devices"][0]["count"] == 1
    assert found["train"]["environment"]["MLC_INPUT_epochs"] == "10"
    assert found["train"]["user"] == "1000:1000"
    assert config(tmp_path, INPUT_EPOCHS="3")["services"]["train"]["environment"]["MLC_INPUT_epochs"] == "3"


def test_gpu_off_reserves_nothing_on_a_plain_up(tmp_path):
    write_tree(bundle(FASHION, gpu=False), tmp_path)
    resources = config(tmp_path)["services"]["train"]["deploy"]["resources"]
    assert "devices" not in resources.get("reservations", {})
    assert resources["limits"]["cpus"] == 4


def test_a_bundle_without_its_env_file_says_so(tmp_path):
    write_tree(bundle(FASHION), tmp_path)
    (tmp_path / ".env").unlink()
    done = subprocess.run([*plugin("compose"), "config"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode
    assert ".env, which belongs beside compose.yaml" in done.stderr


def test_any_value_survives_env_file_and_interpolation(tmp_path):
    random.seed(7)
    values = ["", " ", "a\\", "'", "\\'", '"', "a\n", "\n", "a #b", "a\r\nb", "export", "~/x", "true", "1e3"]
    values += ["".join(random.choices(NASTY, k=random.randint(1, 9))) for _ in range(150)]
    inputs = tuple(
        PlanInput(name=f"i{number}", variable=f"INPUT_I{number}", type=PortType.STRING, value=value)
        for number, value in enumerate(values)
    )
    ports = tuple(
        TaskInput(name=given.name, type=PortType.STRING, source=ValueSource(parts=(InputValue(input=given.name),)))
        for given in inputs
    )
    literal = tuple((f"LITERAL_{number}", value) for number, value in enumerate(values))
    task = replace(PREP, inputs=ports, environment=literal)
    plan = replace(FASHION, tasks=(task, replace(SCORE, inputs=(), after=())), inputs=inputs, outputs=())
    write_tree(bundle(plan), tmp_path)
    found = config(tmp_path)["services"]["prep"]["environment"]
    for number, value in enumerate(values):
        assert found[f"MLC_INPUT_i{number}"].replace("$$", "$") == value
        assert found[f"LITERAL_{number}"].replace("$$", "$") == value


def test_buildx_reads_the_bake_file(tmp_path):
    write_tree(bundle(FASHION), tmp_path)
    command = [*plugin("buildx"), "bake", "--file", "docker-bake.json", "--print"]
    image = FASHION.images[1].reference

    def target(**environment):
        done = read(tmp_path, command, environment)
        return json.loads(done.stdout)["target"]["prep"]

    plain = target()
    assert plain["tags"] == [image]
    assert "cache-from" not in plain
    assert plain["labels"] == {"org.opencontainers.image.title": "fashion_mnist/prep"}
    full = target(
        REGISTRY="ghcr.io/me/", TAG="v1", CACHE_FROM="type=gha,scope={target}", REVISION="abc", SOURCE="https://x.org/y"
    )
    assert full["tags"] == [f"ghcr.io/me/{image}", f"ghcr.io/me/{image.rpartition(':')[0]}:v1"]
    assert full["cache-from"] == ["type=gha,scope=prep"]
    assert full["labels"]["org.opencontainers.image.revision"] == "abc"
    assert full["labels"]["org.opencontainers.image.source"] == "https://x.org/y"
