"""Plans written by hand for the tests of the back ends."""

from dataclasses import replace

from mlc.files import File
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, Recipe, UseImage, UvInstall
from mlc.ir.lock import Layer, Lock, LockedPackage
from mlc.ir.plan import (
    DataSource,
    InputValue,
    OutputSource,
    Plan,
    PlanComponent,
    PlanInput,
    PlanOutput,
    Reservation,
    Task,
    TaskInput,
    TaskOutput,
    ValueSource,
)
from mlc.ir.template import InputRef, OutputRef, Text
from mlc.ir.types import PortType

BASE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
FOLDER = PortType.URI_FOLDER


def uv(*requirements: str, python: str | None = "3.11") -> UvInstall:
    return UvInstall(base=BASE, python=python, requirements=requirements)


def image(name: str, recipe: Recipe, *components: str) -> Image:
    return Image(
        name=name,
        recipe=recipe,
        components=components,
        key_inputs=(("base", BASE), ("python", "3.11")),
        key="0123456789ab" + "0" * 52,
        reference=f"mlc/fashion_mnist-{name}:0123456789ab-cdef01234567",
    )


def component(name: str) -> PlanComponent:
    return PlanComponent(name=name, files=(("main.py", File(b"print(1)\n")),), digest="d" * 64)


def folder_output(task: str, name: str) -> TaskOutput:
    return TaskOutput(name=name, type=FOLDER, volume=f"{task}-{name}")


PREP = Task(
    name="prep",
    component="prep_data",
    image="prep",
    command=(
        Text(text="python main.py "),
        InputRef(name="input_data"),
        Text(text=" "),
        OutputRef(name="training_data"),
    ),
    inputs=(TaskInput(name="input_data", type=FOLDER, source=DataSource(input="pipeline_input_data")),),
    outputs=(folder_output("prep", "training_data"), folder_output("prep", "test_data")),
    display_name="Prep Data",
    key="a" * 64,
)
TRAIN = Task(
    name="train",
    component="train_keras",
    image="keras",
    command=(Text(text="set -e\necho $HOME ${MODEL_NAME}\npython main.py "), InputRef(name="input_data")),
    inputs=(
        TaskInput(name="input_data", type=FOLDER, source=OutputSource(task="prep", output="training_data")),
        TaskInput(name="epochs", type=PortType.INTEGER, source=ValueSource(parts=(InputValue(input="epochs"),))),
    ),
    outputs=(folder_output("train", "output_model"),),
    after=("prep",),
    environment=(("TF_CPP_MIN_LOG_LEVEL", "2"), ("GREETING", "it's $5 #1")),
    reservation=Reservation(compute="gpu-cluster", gpus=1, cpus=4, memory="8g", shm_size="2g"),
    display_name="Train Image Classification Keras",
    key="b" * 64,
)
SCORE = Task(
    name="score",
    component="score_keras",
    image="keras",
    command=(Text(text="python score.py --input_data "), InputRef(name="input_data")),
    inputs=(
        TaskInput(name="input_data", type=FOLDER, source=OutputSource(task="prep", output="test_data")),
        TaskInput(name="input_model", type=FOLDER, source=OutputSource(task="train", output="output_model")),
    ),
    outputs=(folder_output("score", "output_result"),),
    after=("prep", "train"),
    display_name="Score Image Classification Keras",
    key="c" * 64,
)
FASHION = Plan(
    name="fashion_mnist",
    display_name="Fashion MNIST",
    description="Trains and scores a small network.",
    source="pipeline.py",
    tasks=(PREP, TRAIN, SCORE),
    images=(
        image("keras", uv("tensorflow==2.21", "pandas"), "score_keras", "train_keras"),
        image("prep", uv("numpy"), "prep_data"),
    ),
    components=(component("prep_data"), component("score_keras"), component("train_keras")),
    inputs=(
        PlanInput(
            name="pipeline_input_data",
            variable="INPUT_PIPELINE_INPUT_DATA",
            type=FOLDER,
            value="../../data",
            description="IDX files",
        ),
        PlanInput(name="epochs", variable="INPUT_EPOCHS", type=PortType.INTEGER, value="10"),
    ),
    outputs=(PlanOutput(name="model", task="train", output="output_model"),),
    experiment_name="fashion",
)


def one_step(recipe: Recipe, *components: str) -> Plan:
    """A pipeline of ``prep`` alone, in an environment made by ``recipe``."""
    return replace(
        FASHION,
        tasks=(PREP,),
        images=(image("prep", recipe, *(components or ("prep_data",))),),
        components=tuple(component(name) for name in components or ("prep_data",)),
        outputs=(),
    )


CONTEXT = (
    (".dockerignore", File(b"data\n")),
    ("docker/Dockerfile", File(b"FROM debian:12-slim\nCOPY req.txt /req.txt\nUSER 1234:1234\n")),
    ("req.txt", File(b"six\n")),
)
MAMBA = MambaInstall(base=BASE, python="3.8", channels=("conda-forge",), conda=("pip", "numpy=1.21"), pip=("six",))
NUMPY = LockedPackage(name="numpy", version="2.1.0", hashes=("sha256:" + "a" * 64, "sha256:" + "b" * 64))
OWN = LockedPackage(name="own", version="1", source="git+https://example.com/own@0123abc")
LOCAL = LockedPackage(name="here", version="1", source="environments/prep/local/here")
LOCKED = replace(
    uv("numpy", "--extra-index-url https://x/simple"),
    lock=Lock(pip=(LOCAL, NUMPY, OWN)),
    layers=(Layer(title="numpy", pip=("numpy",)), Layer(title="here and own", pip=("here", "own"))),
)
RECIPES: dict[str, Recipe] = {
    "image": UseImage(base="python:3.11-slim"),
    "uv": uv("numpy"),
    "uv, two parts": uv("torch", "numpy"),
    "uv, locked": LOCKED,
    "uv, nothing to install": uv(),
    "uv, the image's own Python": uv("numpy", python=None),
    "micromamba": MAMBA,
    "Dockerfile": BuildDockerfile(files=CONTEXT, dockerfile="docker/Dockerfile"),
}
"""One of each kind, and the variants that make a Dockerfile look different."""
