"""Arithmetic on parameters: ``n + 1`` is recorded, not computed, because ``n`` is known only when a pipeline runs.

Adding strings gives a template that mixes text and bindings; everything else becomes a hidden node that computes the
value with a small generated Python component.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from mlc.ir.types import PortType
from mlc.records import dataclass
from mlc.sdk.session import here, session
from mlc.sdk.values import literal

SAMPLES: dict[PortType, Any] = {
    PortType.BOOLEAN: True,
    PortType.INTEGER: 1,
    PortType.NUMBER: 1.0,
    PortType.STRING: "1",
}
"""A value of each type, to learn from Python itself which type an operation gives."""

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "**": operator.pow,
    "//": operator.floordiv,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}


class Operand:
    """What can stand in an expression: a pipeline's parameter, a node's output, an expression."""

    def __add__(self, other: object) -> Any:
        return combined("+", self, other)

    def __radd__(self, other: object) -> Any:
        return combined("+", other, self)

    def __sub__(self, other: object) -> Any:
        return combined("-", self, other)

    def __rsub__(self, other: object) -> Any:
        return combined("-", other, self)

    def __mul__(self, other: object) -> Any:
        return combined("*", self, other)

    def __rmul__(self, other: object) -> Any:
        return combined("*", other, self)

    def __truediv__(self, other: object) -> Any:
        return combined("/", self, other)

    def __rtruediv__(self, other: object) -> Any:
        return combined("/", other, self)

    def __mod__(self, other: object) -> Any:
        return combined("%", self, other)

    def __rmod__(self, other: object) -> Any:
        return combined("%", other, self)

    def __pow__(self, other: object) -> Any:
        return combined("**", self, other)

    def __rpow__(self, other: object) -> Any:
        return combined("**", other, self)

    def __floordiv__(self, other: object) -> Any:
        return combined("//", self, other)

    def __rfloordiv__(self, other: object) -> Any:
        return combined("//", other, self)

    def __lt__(self, other: object) -> Any:
        return combined("<", self, other)

    def __gt__(self, other: object) -> Any:
        return combined(">", self, other)

    def __le__(self, other: object) -> Any:
        return combined("<=", self, other)

    def __ge__(self, other: object) -> Any:
        return combined(">=", self, other)

    def __eq__(self, other: object) -> Any:
        return combined("==", self, other)

    def __ne__(self, other: object) -> Any:
        return combined("!=", self, other)

    def __and__(self, other: object) -> Any:
        return combined("&", self, other)

    def __or__(self, other: object) -> Any:
        return combined("|", self, other)

    def __xor__(self, other: object) -> Any:
        return combined("^", self, other)

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        """True outside of pipeline functions; inside, the value is not known yet, which is reported."""
        _unknown()
        return True

    def __index__(self) -> int:
        _unknown()
        return 1

    def __float__(self) -> float:
        _unknown()
        return 1.0

    __int__ = __index__

    def __iter__(self) -> Iterator[Any]:
        _unknown()
        return iter(())

    def __len__(self) -> int:
        _unknown()
        return 0


def _unknown() -> None:
    if session().builders:
        session().report(
            "E217",
            "The value of a pipeline's parameter or of a step is not known while the pipeline is built",
            why="It cannot decide an if, a while or a range()",
            fix="Use a plain Python variable, list the parameter in @pipeline(non_pipeline_inputs=[...]), "
            "or call .result()",
        )


@dataclass(eq=False, slots=True)
class Expression(Operand):
    """An operation on operands; a plain value among them is kept as it is."""

    symbol: str
    left: Any
    right: Any
    span: Any = field(default_factory=here)
    node: Any = None
    """The hidden node that computes it, once it was needed."""

    __hash__ = Operand.__hash__

    def __str__(self) -> str:
        if self.is_text:
            return f"{self.left}{self.right}"
        self._refuse_as_text()
        return ""

    def __format__(self, how: str) -> str:
        return str(self)

    @property
    def is_text(self) -> bool:
        """Whether it only joins strings."""
        return self.symbol == "+" and all(_joins(side) for side in (self.left, self.right))

    @property
    def shown(self) -> str:
        """As people write it, in parentheses."""
        return f"({_shown(self.left)} {self.symbol} {_shown(self.right)})"

    @property
    def type(self) -> PortType:
        """The type of its value, as Python gives it; an operation that types do not have is reported."""
        left, right = type_of(self.left), type_of(self.right)
        try:
            value = OPERATORS[self.symbol](_sample(left), _sample(right))
        except TypeError:
            what = f"{self.shown} is no operation for {left or 'data'} and {right or 'data'}"
            session().report("E217", what, fix="Annotate the parameters with their types", span=self.span)
            return PortType.STRING
        found = literal(value)
        return found[0] if found else PortType.NUMBER

    def _refuse_as_text(self) -> None:
        session().report(
            "E217",
            f"{self.shown} cannot be put into a string",
            why="Only sums of strings can: the value of the rest is computed by a step",
            fix="Pass the expression itself to the component",
            span=here(),
        )


def combined(symbol: str, left: object, right: object) -> Any:
    """The expression; what none can hold is reported, and left out."""
    for side in (left, right):
        if side is not None and not isinstance(side, Operand) and literal(side) is None:
            if symbol in {"==", "!="}:
                return (left is right) == (symbol == "==")
            what = f"A {type(side).__name__} cannot stand in an expression with a pipeline's parameter"
            session().report("E217", what, fix="Use numbers, strings, booleans, parameters or primitive outputs")
            return left if isinstance(left, Operand) else right
    if not session().builders and symbol in {"==", "!="}:
        return (left is right) == (symbol == "==")
    return Expression(symbol, left, right)


def type_of(side: object) -> PortType | None:
    """The type of an operand; None: nothing that has one (None itself, data)."""
    if isinstance(side, Operand):
        found = side.type  # type: ignore[attr-defined]
        return found if found in SAMPLES else None
    plain = literal(side)
    return plain[0] if plain else None


def _joins(side: object) -> bool:
    return side.is_text if isinstance(side, Expression) else type_of(side) is PortType.STRING


def _sample(type_: PortType | None) -> Any:
    return SAMPLES[type_] if type_ else None


def _shown(side: object) -> str:
    if isinstance(side, Expression):
        return side.shown
    return str(getattr(side, "port", None) or repr(side))
