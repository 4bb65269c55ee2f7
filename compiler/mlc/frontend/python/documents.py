"""What scripts load, as YAML that the readers find: files, open files, texts, dicts, with values put over them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.located import Entry, Located, Mapping, from_python
from mlc.sdk.source import Source


@contextmanager
def readable(source: Source, span: Span, bag: Bag) -> Iterator[Path]:
    """The path under which the readers find ``source`` while the block runs."""
    key = ("yaml", str(source.path))
    if source.content is None and not source.overrides:
        yield source.path
        return
    node = _content(source, span, bag)
    for override in source.overrides:
        for name, value in override.items():
            node = _put(node, str(name).split("."), from_python(value, span), span)
    before = dict(bag.memo)
    for known in [known for known in bag.memo if isinstance(known, tuple) and known[1:2] == key[1:]]:
        del bag.memo[known]
    bag.memo[key] = node
    try:
        yield source.path
    finally:
        # What was read under the same path stays what the file says.
        for known in [known for known in bag.memo if isinstance(known, tuple) and known[1:2] == key[1:]]:
            del bag.memo[known]
        bag.memo.update(before)


def _content(source: Source, span: Span, bag: Bag) -> Located | None:
    if source.content is None:
        return load_yaml(source.path, bag, span)
    if isinstance(source.content, str):
        from mlc.frontend.yaml.compose import compose

        return compose(source.content, str(source.path), bag)
    return from_python(source.content, span.at("source"))


def _put(node: Located | None, path: list[str], value: Located, span: Span) -> Located | None:
    """``node`` with ``value`` at ``path``; mappings that are not there are made."""
    if not path:
        return value
    if node is None:
        return None
    inner = node if isinstance(node, Mapping) else Mapping({}, span)
    entry = inner.entries.get(path[0])
    below = entry.value if entry is not None else Mapping({}, span)
    new = _put(below, path[1:], value, span)
    assert new is not None
    return Mapping({**inner.entries, path[0]: Entry(new, span)}, inner.span)


def is_single_step(path: Path, bag: Bag) -> bool:
    """Whether the file, as it was read, describes a single step and no pipeline."""
    node = load_yaml(path, bag)
    return isinstance(node, Mapping) and not any(key in node for key in ("jobs", "component"))
