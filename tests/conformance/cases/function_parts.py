"""Python components with every kind of parameter."""

from enum import Enum

from mldesigner import Input, Output, command_component


class Speed(Enum):
    FAST = "fast"
    SLOW = "slow"


@command_component(
    name="prep_it",
    version="3",
    display_name="Prep It",
    is_deterministic=False,
    tags={"k": "v"},
    environment={
        "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04",
        "conda_file": {"dependencies": ["python=3.9", {"pip": ["pandas"]}]},
    },
)
def prep_func(
    inp: Input(type="uri_folder", description="d"),
    f: Input(type="uri_file", optional=True),
    out1: Output(type="uri_folder"),
    out2: Output(type="uri_file", mode="upload"),
    lim: Input(type="integer", min=1, max=10) = 5,
    opt_num: Input(type="number", optional=True) = None,
    m: Speed = Speed.FAST,
    es: Input(type="string", enum=["x", "y"]) = "x",
    flag: Input(type="boolean") = True,
):
    """Prepares."""


@command_component
def train(src: Input, model: Output, epochs=10, lr=0.1, shuffle=False, label="a b") -> str:
    return "x"


@command_component()
def score(model: Input(type="uri_folder"), text: str, e="x", *, last: float = 2) -> float:
    return 0.1


@command_component()
def compare(left: float, right: float, out: Output(type="uri_file")):
    """Compares."""
