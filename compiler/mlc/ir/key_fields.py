"""Fields of an environment's key that are lists: one text with an item per line, compared and shown item by item."""

from collections.abc import Iterable

LISTS = frozenset({"requirements", "channels", "conda packages", "lock", "conda lock", "build context"})
"""Names of those fields. Their items hold no line feeds."""


def joined(items: Iterable[str]) -> str:
    """The items as the value of a field."""
    return "\n".join(items)


def items(value: str) -> list[str]:
    """The items of a field's value."""
    return value.split("\n") if value else []
