"""Placeholders in commands: declared, in brackets where the input is optional, and where a value can stand as data."""

from collections.abc import Iterator

from mlc.diagnostics import Span
from mlc.ir.component import Component
from mlc.ir.pipeline import Pipeline
from mlc.ir.template import Bracket, InputRef, OutputRef, Quoting, Template, Text
from mlc.ir.types import PortType
from mlc.passes.context import Context
from mlc.passes.levels import components
from mlc.passes.nearest import nearest
from mlc.passes.report import capital
from mlc.passes.shell import read_template

DEEPEST = 20
"""Levels of ``$[[...]]`` in a command."""


def check_commands(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report what is wrong in the command of each component, once. Commands of functions in scripts are mlc's own."""
    for component, node in components(pipeline):
        if not component.is_python_function or component.span.file.endswith((".yml", ".yaml")):
            inline = component.name == node.name and component.span.file == node.span.file
            _check(component, f"{'job' if inline else 'component'} {component.name!r}", context)
    return pipeline


def placeholders(template: Template, bracketed: bool = False) -> Iterator[tuple[InputRef | OutputRef, bool]]:
    """Every placeholder in reading order, and whether it stands in ``$[[ ]]``."""
    for part in template:
        match part:
            case InputRef() | OutputRef():
                yield part, bracketed
            case Bracket():
                yield from placeholders(part.parts, True)
            case Text():
                pass


def _is_deep(template: Template) -> bool:
    """Whether brackets are nested deeper than anybody reads; found without recursion."""
    level = list(template)
    for _ in range(DEEPEST):
        level = [part for bracket in level if isinstance(bracket, Bracket) for part in bracket.parts]
    return bool(level)


def _check(component: Component, owner: str, context: Context) -> None:
    if _is_deep(component.command):
        what = f"The brackets $[[...]] in the command of {owner} are nested too deep"
        context.bag.add("E326", component.span, what, fix=f"Nest {DEEPEST - 1} at most")
        return
    inputs = {port.name: port for port in component.inputs}
    outputs = {port.name for port in component.outputs}
    answers, named = read_template(component.command)
    for number, (part, bracketed) in enumerate(placeholders(component.command)):
        answer = answers[number]
        span = part.span if part.span.line else component.span
        match part:
            case InputRef() if part.name not in inputs:
                _undeclared(component, owner, part, span, context)
            case OutputRef() if part.name not in outputs:
                _undeclared(component, owner, part, span, context)
            case InputRef() if inputs[part.name].optional and inputs[part.name].default is None and not bracketed:
                what = f"The optional input {part.name!r} of {owner} stands outside of $[[ ]] in the command"
                why = "Without a value there would be nothing to put there"
                fix = f"Write $[[--{part.name} ${{{{inputs.{part.name}}}}}]], or give it a default"
                context.bag.add("E325", span, what, why=why, fix=fix)
        if isinstance(answer, str):
            what = f"{_written(part)} stands where no value can be put in safely in the command of {owner}"
            fix = "Put it into a variable first: VALUE='${{...}}'"
            context.bag.add("E326", span, what, why=capital(answer), fix=fix)
        elif isinstance(part, InputRef) and part.name in inputs and inputs[part.name].type is PortType.STRING:
            _as_program(owner, part, (answer[0] is Quoting.PLAIN, number in named), (span, context))


def _as_program(owner: str, part: InputRef, roles: tuple[bool, bool], to: tuple[Span, Context]) -> None:
    """Numbers and paths are plain text and no commands; of a string nobody knows before the step starts.

    ``roles``: it is a part of a program; it names a command.
    """
    is_part, names = roles
    span, context = to
    if names:
        what = f"{_written(part)} stands where a command's name does in the command of {owner}"
        why = "A value is never evaluated: it gives a program and its arguments, and && or ; in it are arguments, too"
        fix = "Write what joins commands into the command itself, or run a script of the code"
        context.bag.add("W308", span, what, why=why, fix=fix)
    elif is_part:
        what = f"{_written(part)} becomes part of a program in the command of {owner}"
        why = "A value is never evaluated: the step refuses one that is not plain words (letters, digits, . / - : ...)"
        fix = "Give it to the program as an argument or in a variable of the environment, and read it there"
        context.bag.add("W307", span, what, why=why, fix=fix)


def _undeclared(component: Component, owner: str, part: InputRef | OutputRef, span: Span, context: Context) -> None:
    same, other = [port.name for port in component.inputs], [port.name for port in component.outputs]
    kind, opposite = ("input", "output")
    if isinstance(part, OutputRef):
        same, other, kind, opposite = other, same, opposite, kind
    subject, code = ("command", "E324") if component.parallel is None else ("program_arguments", "W512")
    verb = "uses" if code == "E324" else "use"
    what = f"The {subject} of {owner} {verb} the {kind} {part.name!r}, which is not declared"
    if part.name in other:
        fix = f"There is an {opposite} of that name: write ${{{{{opposite}s.{part.name}}}}}"
    else:
        fix = nearest(part.name, same, f"{kind}s")
    context.bag.add(code, span, what, fix=fix)


def _written(part: InputRef | OutputRef) -> str:
    return f"${{{{{'inputs' if isinstance(part, InputRef) else 'outputs'}.{part.name}}}}}"
