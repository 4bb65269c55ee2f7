"""Typed access to a located mapping: each method gives the value, or reports what stands there instead."""

from collections.abc import Collection

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.located import Kind, Located, Mapping, Scalar, Sequence, describe, is_null
from mlc.ir.types import Mode, Pairs
from mlc.records import dataclass

_FIXES = {
    "a mapping": "Write 'NAME: VALUE' lines below it",
    "a list": "Write its items as '- ITEM' lines",
    "text": "Write one value on its line",
}
_QUOTED = "Write it in quotes"
_TRUE = ("true", "t", "yes", "y", "on", "1")
_FALSE = ("false", "f", "no", "n", "off", "0")


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with fields; ``what`` names it in messages (``component 'train'``)."""

    mapping: Mapping
    what: str
    bag: Bag

    def text(self, key: str) -> str | None:
        """A scalar, as its author wrote it; None where it is absent, null or (reported) something else."""
        node = self.scalar(key)
        return None if node is None else node.text

    def scalar(self, key: str) -> Scalar | None:
        """A scalar with its kind."""
        node = self.mapping.get(key)
        if node is None or isinstance(node, Scalar):
            return node
        self.wrong(key, node, "text")
        return None

    def required(self, key: str) -> Scalar | None:
        """A scalar that must be there."""
        node = self.mapping.get(key)
        if node is not None:
            return self.scalar(key)
        self.missing(key)
        return None

    def missing(self, key: str, fix: str = "") -> None:
        """Report that ``key`` is absent or null."""
        what = f"'{key}' of {self.what} is empty" if key in self.mapping else f"{self.what} has no '{key}'"
        span = self.mapping.key_span(key)
        self.bag.add("E110", span, capital(what), why="It is required", fix=fix or f"Add '{key}:'")

    def flag(self, key: str) -> bool | None:
        """``true`` or ``false``, in the spellings that the reference takes: ``yes``, ``1``, quoted ones."""
        node = self.scalar(key)
        if node is None:
            return None
        if node.text.lower() in (*_TRUE, *_FALSE):
            return node.text.lower() in _TRUE
        self.wrong(key, node, "true or false")
        return None

    def whole(self, key: str) -> int | None:
        """A whole number; quoted ones count too."""
        node = self.scalar(key)
        if node is None:
            return None
        if node.kind is not Kind.BOOLEAN and len(node.text) < 20:
            try:
                return int(node.text)
            except ValueError:
                pass
        self.wrong(key, node, "a whole number")
        return None

    def table(self, key: str) -> Mapping | None:
        """A mapping."""
        node = self.mapping.get(key)
        if node is None or isinstance(node, Mapping):
            return node
        self.wrong(key, node, "a mapping")
        return None

    def sequence(self, key: str) -> Sequence | None:
        """A list."""
        node = self.mapping.get(key)
        if node is None or isinstance(node, Sequence):
            return node
        self.wrong(key, node, "a list")
        return None

    def pairs(self, key: str) -> Pairs:
        """A mapping of words to scalars; ``True`` and ``False`` for booleans, else the author's text."""
        table = self.table(key)
        found = []
        for name, entry in table or ():
            if isinstance(entry.value, Scalar):
                found.append((name, plain_text(entry.value)))
            else:
                what = f"'{key}.{name}' of {self.what} must be text, not {describe(entry.value)}"
                self.bag.add("E104", entry.value.span, what, fix="Quote it")
        return tuple(found)

    def texts(self, key: str, *, null: bool = True) -> None:
        """Check that a mapping holds text only (or nothing, with ``null``), as the reference wants it in places."""
        for name, entry in self.table(key) or ():
            node = entry.value
            if (is_null(node) and not null) or not (is_null(node) or _is_text(node)):
                self.wrong(f"{key}.{name}", node, "text")

    def mode(self, allowed: Collection[Mode] = tuple(Mode)) -> Mode | None:
        """One of the ``allowed`` modes of data; declarations take all, and ``link``, which is a mount."""
        node = self.scalar("mode")
        if node is None:
            return None
        word = node.text.lower()
        if word in allowed:
            return Mode(word)
        if word == "link" and len(allowed) == len(Mode):
            return Mode.MOUNT
        fix = did_you_mean(node.text, [mode.value for mode in allowed])
        known = word in tuple(Mode)
        what = f"'{node.text}' of {self.what} is not a mode" + (" that it can have" if known else "")
        self.bag.add("E113", node.span, what, fix=f"Known here: {', '.join(allowed)}" if known else fix)
        return None

    def wrong(self, key: str, node: Located, meant: str) -> None:
        """Report that ``key`` is not what is meant."""
        what = f"'{key}' of {self.what} must be {meant}, not {describe(node)}"
        fix = _QUOTED if meant == "text" and isinstance(node, Scalar) else _FIXES.get(meant, "")
        self.bag.add("E104", node.span, capital(what), fix=fix)

    def unknown(self, known: Collection[str], code: str = "W102", why: str = "") -> None:
        """Report every key that is not ``known``: with a warning, or as an error where the reference refuses it."""
        for key, entry in self.mapping:
            if key not in known and key != "$schema":
                what = f"{self.what} has no field '{key}'"
                why = why or ("" if code.startswith("E") else "It has no effect")
                self.bag.add(code, entry.span, capital(what), why=why, fix=did_you_mean(key, list(known)))


def _is_text(node: Located) -> bool:
    return isinstance(node, Scalar) and node.kind is Kind.STRING


def plain_text(node: Scalar) -> str:
    """A scalar as text where no type is declared: ``True``/``False`` for booleans, else the author's writing."""
    if node.kind is Kind.BOOLEAN:
        return "True" if node.text.lower() in ("true", "yes", "on", "y") else "False"
    return "" if is_null(node) else node.text


def capital(text: str) -> str:
    """With an upper-case first letter, unless it is quoted."""
    return text[:1].upper() + text[1:]


def expect_mapping(node: Located | None, what: str, bag: Bag, span: Span) -> Mapping | None:
    """``node`` if it is a mapping; else it is reported (None has been reported before)."""
    if node is None or isinstance(node, Mapping):
        return node
    bag.add("E104", node.span if node.span.line else span, f"{capital(what)} must be a mapping, not {describe(node)}")
    return None
