"""The parts of values and of paths below data: where they stand in a source, and put together."""

from collections.abc import Iterable

from mlc.ir.plan import Constant, InputValue, Source, TaskValue, ValueParts, ValueSource


def value_parts(source: Source | None) -> ValueParts:
    """The values that a source is made of: the parts of a value, or of a path below data."""
    if source is None:
        return ()
    return source.parts if isinstance(source, ValueSource) else source.below


def merged(parts: Iterable[Constant | InputValue | TaskValue]) -> ValueParts:
    """The same with neighbouring texts as one."""
    pieces: list[Constant | InputValue | TaskValue] = []
    for part in parts:
        if isinstance(part, Constant) and pieces and isinstance(last := pieces[-1], Constant):
            pieces[-1] = Constant(text=last.text + part.text)
        else:
            pieces.append(part)
    return tuple(pieces)
