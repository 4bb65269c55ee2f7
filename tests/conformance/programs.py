"""Python sources with random pipelines, of everything that the language has for command and pipeline nodes.

What they bind need not make sense, as neither mlc's front end nor the reference looks at that; names, order, text and
types are what is compared.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from tests.conformance.program_components import DATA, MODES, PARAMETERS, PORTS, VARIABLES, Callee, Components

STATEMENTS = ("assign", "assign", "alone", "loop", "list", "dict", "settings", "settings", "helper", "if", "tuple")


@dataclass
class Body:
    """A pipeline function being written: what can be bound there."""

    parameters: dict[str, str]
    nodes: dict[str, Callee] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


class Program(Components):
    """One source: its components, its pipelines, its job."""

    def pipeline(self) -> Callee:
        """Define a pipeline function over what there is already."""
        parameters = {name: self.one_of((*DATA[:2], *PARAMETERS)) for name in self.some(PORTS, 0, 4)}
        name = self.fresh("p")
        parameters |= self._group() if self.sometimes(4) else {}
        body = Body(parameters)
        for _ in range(self.draw(st.integers(1, 5))):
            self._statement(body)
        outputs = self._returned(body)
        self.lines.append(f"@pipeline()\ndef {name}({', '.join(self._signature(parameters))}):")
        self.lines += [f"    {line}" for line in body.lines]
        found = Callee(name, parameters, outputs)
        self.callees.append(found)
        return found

    def _group(self) -> dict[str, str]:
        """Define a group; its fields as parameters of a pipeline function."""
        name = self.fresh("G")
        fields = {key: self.one_of(PARAMETERS) for key in self.some(PORTS, 1, 3)}
        lines = [
            f"    {key}: {PARAMETERS[type_]}{f' = {self.literal(type_)}' if place else ''}"
            for place, (key, type_) in enumerate(fields.items())
        ]
        self.lines.append("\n".join(["@group", f"class {name}:", *lines]))
        return {f"{name.lower()}.{key}": type_ for key, type_ in fields.items()}

    def _signature(self, parameters: dict[str, str]) -> list[str]:
        required, defaults = [], []
        groups = dict.fromkeys(key.split(".")[0] for key in parameters if "." in key)
        required += [f"{group}: {group.upper()}" for group in groups]
        for key, type_ in parameters.items():
            if "." in key:
                continue
            if type_ in DATA:
                required.append(f'{key}: Input(type="{type_}")')
                continue
            match self.one_of(("required", "default", "bare", "optional")):
                case "required":
                    required.append(f"{key}: {PARAMETERS[type_]}")
                case "default":
                    defaults.append(f"{key}: {PARAMETERS[type_]} = {self.literal(type_)}")
                case "bare":
                    defaults.append(f"{key}={self.literal(type_)}")
                case "optional":
                    required.append(f'{key}: Input(type="{type_}", optional=True)')
        return [*required, *defaults]

    def call(self, callee: Callee, body: Body) -> str:
        """A call with keywords, bound to what the body has."""
        given = {}
        for key, type_ in callee.inputs.items():
            if not self.sometimes(4):
                # In a group the reference writes outputs down before their nodes have names: "parent.jobs.None".
                given[key] = self.value(type_, Body(body.parameters) if "." in key else body)
        return f"{callee.name}({self.arguments(callee, given)})"

    def arguments(self, callee: Callee, given: dict[str, str]) -> str:
        """Arguments as they are written, those of a group together; now and then unpacked from a dict."""
        plain = {key: value for key, value in given.items() if "." not in key}
        for group in dict.fromkeys(key.split(".")[0] for key in callee.inputs if "." in key):
            fields = {key.split(".")[1]: value for key, value in given.items() if key.startswith(f"{group}.")}
            plain[group] = f"{group.upper()}({', '.join(f'{key}={value}' for key, value in fields.items())})"
        if self.sometimes(6):
            return f"**{{{', '.join(f'{key!r}: {value}' for key, value in plain.items())}}}"
        return ", ".join(f"{key}={value}" for key, value in plain.items())

    def value(self, type_: str, body: Body) -> str:
        """Something for a port of that type."""
        same = [name for name, kind in body.parameters.items() if (kind in DATA) == (type_ in DATA)]
        made = [
            self.one_of((f"{variable}.outputs.{port}", f'{variable}.outputs["{port}"]', *self._whole(variable, callee)))
            for variable, callee in body.nodes.items()
            for port, kind in callee.outputs.items()
            if (kind in DATA) == (type_ in DATA)
        ]
        choices = ["literal", *(["parameter"] if same else []), *(["output", "output"] if made else [])]
        match self.one_of(choices):
            case "parameter":
                return self._derived(self.one_of(same), type_, body)
            case "output":
                return str(self.one_of(made))
        if type_ not in DATA:
            return self.literal(type_)
        mode = self.one_of(("", *(f', mode="{mode}"' for mode in MODES)))
        return str(self.one_of(("'./local'", f'Input(type="{type_}", path="./data"{mode})')))

    def _whole(self, variable: str, callee: Callee) -> tuple[str, ...]:
        """The node itself, which stands for its only output."""
        return (variable,) if len(callee.outputs) == 1 else ()

    def _derived(self, name: str, type_: str, body: Body) -> str:
        """A parameter as it is, or in a template or a sum."""
        kind = body.parameters[name]
        if kind == "string" and type_ == "string" and self.sometimes():
            return str(self.one_of((f'f"pre-{{{name}}}-{{{name}}}"', f'"a/" + {name}', f'{name} + "/b" + {name}')))
        if kind == "integer" and type_ == "integer" and self.sometimes():
            return str(self.one_of((f"{name} + 1", f"2 * {name} - {name}", f"{name} // 3")))
        return name

    def _statement(self, body: Body) -> None:
        callee = self.one_of(self.callees)
        variable = self.one_of(VARIABLES)
        match self.one_of(
            ("assign", "assign", "assign", "alone", "loop", "list", "dict", "settings", "helper", "if", "tuple")
        ):
            case "alone":
                body.lines.append(self.call(callee, body))
            case "loop":
                body.lines += [
                    f"for _i in range({self.one_of((1, 2))}):",
                    f"    {variable} = {self.call(callee, body)}",
                ]
                self._know(body, variable, callee)
            case "list":
                body.lines.append(f"several = [{self.call(callee, body)} for _i in range(2)]")
            case "dict":
                body.lines.append(f'mapping = {{"k": {self.call(callee, body)}, "l": {self.call(callee, body)}}}')
            case "if":
                body.lines += ["if SWITCH:", f"    {variable} = {self.call(callee, body)}"]
                body.lines += ["else:", f"    {variable} = {self.call(callee, body)}"]
                self._know(body, variable, callee)
            case "tuple":
                body.lines.append(f"{variable}, other = {self.call(callee, body)}, {self.call(callee, body)}")
                self._know(body, variable, callee)
            case "settings" if body.nodes:
                self._settings(body)
            case "helper":
                helper = self.fresh("helper")
                self.lines.append(f"def {helper}(**given):\n    inside = {callee.name}(**given)\n    return inside")
                body.lines.append(f"{variable} = {self.call(callee, body).replace(callee.name, helper, 1)}")
                self._know(body, variable, callee)
            case _:
                body.lines.append(f"{variable} = {self.call(callee, body)}")
                self._know(body, variable, callee)

    def _know(self, body: Body, variable: str, callee: Callee) -> None:
        body.nodes.pop(variable, None)
        body.nodes[variable] = callee

    def _settings(self, body: Body) -> None:
        variable = self.one_of(body.nodes)
        callee = body.nodes[variable]
        lines = []
        for port, type_ in callee.inputs.items():
            if self.sometimes(3) and "." not in port:
                lines.append(f"{variable}.inputs.{port} = {self.value(type_, body)}")
            if type_ in DATA and self.sometimes(4):
                lines.append(f'{variable}.inputs.{port}.mode = "{self.one_of(MODES)}"')
        for port, type_ in callee.outputs.items():
            if type_ in DATA and self.sometimes(3):
                lines.append(f'{variable}.outputs.{port}.mode = "{self.one_of(("upload", "rw_mount"))}"')
            if type_ in DATA and self.sometimes(4):
                lines.append(f'{variable}.outputs.{port}.path = "azureml://datastores/w/paths/{port}"')
        if self.sometimes(4):
            lines.append(f'{variable}.name = "{self.fresh("named")}"')
        if callee.name[0] != "p":
            more = (".compute = 'gpu'", ".environment_variables = {'B': '1'}", ".set_limits(timeout=7)")
            lines += [f"{variable}{self.one_of(more)}"] if self.sometimes(3) else []
        body.lines += lines

    def _returned(self, body: Body) -> dict[str, str]:
        found = {}
        pairs = []
        for variable, callee in body.nodes.items():
            for port, type_ in callee.outputs.items():
                if type_ in DATA and self.sometimes():
                    name = self.fresh("o")
                    found[name] = type_
                    pairs.append(f'"{name}": {variable}.outputs.{port}')
        if pairs:
            body.lines.append(f"return {{{', '.join(pairs)}}}")
        return found

    def job(self, callee: Callee) -> None:
        """Call the last pipeline function, and change the job."""
        given = {}
        for key, type_ in callee.inputs.items():
            mode = self.one_of(("", *(f", mode={mode!r}" for mode in MODES)))
            given[key] = f'Input(type="{type_}", path="./{key}"{mode})' if type_ in DATA else self.literal(type_)
        self.lines.append(f"job = {callee.name}({self.arguments(callee, given)})")
        for key, type_ in callee.inputs.items():
            if type_ not in DATA and self.sometimes(4):
                self.lines.append(f"job.inputs.{key} = {self.literal(type_)}")
        for name, type_ in callee.outputs.items():
            if self.sometimes(4):
                self.lines.append(f'job.outputs.{name}.mode = "upload"')
            if self.sometimes(4):
                self.lines.append(f'job.outputs.{name} = Output(type="{type_}", path="azureml://datastores/d/paths/p")')
        if self.sometimes(4):
            self.lines.append('job.settings.default_compute = "cc"\njob.display_name = "Later"\njob.tags["a"] = "b"')


@st.composite
def programs(draw: Any) -> dict[str, str]:
    """The files of a source, ``generated.py``, that leaves its pipeline in ``job``."""
    program = Program(draw)
    program.lines.append(f"SWITCH = {draw(st.booleans())}")
    for _ in range(draw(st.integers(1, 3))):
        program.component()
    for _ in range(draw(st.integers(1, 3))):
        last = program.pipeline()
    program.job(last)
    return {"generated.py": "\n".join(program.lines) + "\n", **program.files}
