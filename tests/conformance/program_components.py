"""Components of generated programs, and the choices that everything in such a program is drawn from."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

HEAD = """from azure.ai.ml import Input, Output, command, load_component
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from mldesigner import command_component
"""

DATA = ("uri_folder", "uri_file", "mltable")
PARAMETERS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
PORTS = ("data", "raw", "n", "lr", "s", "flag", "count", "text", "source", "weights")
OUTPUTS = ("out", "model", "res", "output")
VARIABLES = ("x", "y", "step", "train_1", "z", "_", "first", "last", "prep", "kept")
MODES = ("download", "ro_mount", "direct")

WORDS = st.text(st.sampled_from("ab1 _-./'\"$éß日{}"), min_size=1, max_size=6).filter(lambda text: text.strip() == text)
LITERALS = {
    "string": WORDS,
    "integer": st.integers(-5, 10**22),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3),
    "boolean": st.booleans(),
}


@dataclass
class Callee:
    """A component or a pipeline function: what it is called by, and its ports with their types."""

    name: str
    inputs: dict[str, str]
    outputs: dict[str, str]


class Components:
    """The components of one source. ``draw`` is hypothesis's; every choice comes from it."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.callees: list[Callee] = []
        self.lines: list[str] = [HEAD]
        self.files: dict[str, str] = {}
        self.names = 0

    def one_of(self, items: Any) -> Any:
        """One of the items."""
        return self.draw(st.sampled_from(list(items)))

    def sometimes(self, one_in: int = 2) -> bool:
        """Yes in one of so many cases; shrinks to no."""
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def some(self, items: Any, least: int, most: int) -> list[Any]:
        """Some different items."""
        found: list[Any] = self.draw(st.lists(st.sampled_from(list(items)), min_size=least, max_size=most, unique=True))
        return found

    def fresh(self, stem: str) -> str:
        """A name that nothing else has."""
        self.names += 1
        return f"{stem}_{self.names}"

    def literal(self, type_: str) -> str:
        """A value of a parameter's type, as Python."""
        return repr(self.draw(LITERALS[type_]))

    def component(self) -> None:
        """Define a component: by ``command()``, as a function, or in a YAML file."""
        inputs = {name: self.one_of((*DATA, *PARAMETERS)) for name in self.some(PORTS, 0, 4)}
        outputs = {name: self.one_of(DATA[:2]) for name in self.some(OUTPUTS, 0, 2)}
        if self.sometimes(4):
            self._file(inputs, outputs)
        elif self.sometimes(3):
            self._function(inputs, {name: type_ for name, type_ in outputs.items() if name not in inputs})
        else:
            self._command(inputs, outputs)

    def _command(self, inputs: dict[str, str], outputs: dict[str, str]) -> None:
        name = self.fresh("c")
        parts = [f"{key}={self._declared(type_)}" for key, type_ in inputs.items()]
        words = [f"${{{{inputs.{key}}}}}" for key in inputs] + [f"${{{{outputs.{key}}}}}" for key in outputs]
        mode = self.one_of(("", ', mode="upload"'))
        results = [f'{key}=Output(type="{type_}"{mode})' for key, type_ in outputs.items()]
        more = ""
        if self.sometimes(4):
            more += ', compute="cpu"'
        if self.sometimes(4):
            more += ', environment_variables={"A": "b"}, timeout=60'
        if self.sometimes(4):
            more += ', display_name="Shown", tags={"k": "v"}, shm_size="1g"'
        self.lines.append(
            f'{name} = command(name="{self.one_of(("prep", "train", name))}", command="echo {" ".join(words)}", '
            f'environment="azureml:e:1", inputs=dict({", ".join(parts)}), outputs=dict({", ".join(results)}){more})'
        )
        self.callees.append(Callee(name, inputs, outputs))

    def _declared(self, type_: str) -> str:
        if type_ in DATA:
            return f'Input(type="{type_}"{self.one_of(("", ", optional=True", ", path=" + repr("./given")))})'
        match self.one_of(("plain", "default", "optional", "required")):
            case "plain":
                return self.literal(type_)
            case "default":
                return f'Input(type="{type_}", default={self.literal(type_)})'
            case "optional":
                return f'Input(type="{type_}", optional=True)'
        return f'Input(type="{type_}")'

    def _function(self, inputs: dict[str, str], outputs: dict[str, str]) -> None:
        name = self.fresh("f")
        required, defaults = [], []
        for key, type_ in inputs.items():
            if type_ in DATA:
                required.append(f'{key}: Input(type="{type_}")')
            elif self.sometimes():
                defaults.append(f"{key}: {PARAMETERS[type_]} = {self.literal(type_)}")
            else:
                required.append(f"{key}: {PARAMETERS[type_]}")
        required += [f'{key}: Output(type="{type_}")' for key, type_ in outputs.items()]
        returned = ""
        if "output" not in (*inputs, *outputs) and self.sometimes():
            kind = self.one_of(PARAMETERS)
            returned = f" -> {PARAMETERS[kind]}"
            outputs = outputs | {"output": kind}
        self.lines.append(f'@command_component(environment={{"image": "i"}})\ndef {name}(')
        self.lines[-1] += f"{', '.join([*required, *defaults])}){returned}:\n    pass"
        self.callees.append(Callee(name, inputs, outputs))

    def _file(self, inputs: dict[str, str], outputs: dict[str, str]) -> None:
        name = self.fresh("c")
        words = [f"${{{{inputs.{key}}}}}" for key in inputs] + [f"${{{{outputs.{key}}}}}" for key in outputs]
        content: dict[str, Any] = {
            "type": "command",
            "name": name,
            "command": f"echo {' '.join(words)}",
            "environment": "azureml:e:1",
            "inputs": {key: self._port(type_) for key, type_ in inputs.items()},
            "outputs": {key: {"type": type_} for key, type_ in outputs.items()},
        }
        if self.sometimes(4):
            content["resources"] = {"instance_count": 2}
        if self.sometimes(4):
            content["is_deterministic"] = False
        self.files[f"{name}.yml"] = json.dumps(content)
        self.lines.append(f'{name} = load_component(source="{name}.yml")')
        if self.sometimes(4):
            self.lines.append(f'{name}.name = "{self.fresh("renamed")}"')
        self.callees.append(Callee(name, inputs, outputs))

    def _port(self, type_: str) -> dict[str, Any]:
        found: dict[str, Any] = {"type": type_}
        match self.one_of(("required", "optional", "default")):
            case "optional":
                found["optional"] = True
            case "default" if type_ == "integer":  # the reference reads a file's integers as floats
                found["default"] = self.draw(st.integers(-5, 2**53))
            case "default" if type_ not in DATA:
                found["default"] = self.draw(LITERALS[type_])
        return found
