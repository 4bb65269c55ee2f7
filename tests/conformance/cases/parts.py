"""Components that the cases share; built by command(), so that they need no files."""

from azure.ai.ml import Input, Output, command

environment = "azureml:sklearn-1.5@latest"

a = command(
    name="step_a",
    command="echo ${{inputs.data}} ${{inputs.n}} ${{inputs.lr}} $[[${{inputs.s}}]] ${{outputs.out}}",
    environment=environment,
    inputs={
        "data": Input(type="uri_folder"),
        "n": Input(type="integer", default=1),
        "lr": Input(type="number", default=0.5),
        "s": Input(type="string", optional=True),
        "flag": Input(type="boolean", default=False),
    },
    outputs={"out": Output(type="uri_folder")},
)
b = command(
    name="step_b",
    command="echo ${{inputs.data}} ${{outputs.out}}",
    environment=environment,
    inputs={"data": Input(type="uri_folder")},
    outputs={"out": Output(type="uri_folder")},
)
two = command(
    name="two_out",
    command="echo ${{inputs.data}} ${{outputs.one}} ${{outputs.two}}",
    environment=environment,
    inputs={"data": Input(type="uri_folder")},
    outputs={"one": Output(type="uri_folder"), "two": Output(type="uri_file")},
)
builder = command(
    name="inl",
    command="python a.py --x ${{inputs.x}} $[[--y ${{inputs.y}}]] ${{inputs.d}} ${{outputs.o}}",
    environment=environment,
    inputs={
        "x": 3,
        "d": Input(type="uri_folder", path="./src"),
        "y": Input(type="string", optional=True),
        "b": True,
        "f": 1.5,
    },
    outputs={"o": Output(type="uri_folder", mode="upload")},
    instance_count=1,
    shm_size="2g",
    environment_variables={"A": "b"},
    timeout=33,
)
