"""Ignore files: ``.amlignore`` in the root of the code, else ``.gitignore`` there; patterns as git's, last match wins.

Unlike git, files are matched, not folders: ``!big/keep.txt`` brings a file of an ignored folder back.
"""

from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import is_file, read_text
from mlc.records import dataclass

NAMES = (".amlignore", ".gitignore")


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns of one or more ignore files; each set is relative to the folder that its file is in."""

    sets: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    nested: bool = False
    """Whether ignore files further down count too (only with additional includes, azureml.md A1.3)."""

    def with_nested(self) -> "Rules":
        """The same rules, and those of folders further down."""
        return Rules(self.sets, nested=True)

    def below(self, path: str, prefix: str, bag: Bag) -> "Rules":
        """The rules inside the folder ``path``, which the snapshot knows as ``prefix``."""
        if not self.nested or not prefix:
            return self
        found = load_patterns(Path(path), bag)
        return Rules((*self.sets, (f"{prefix}/", found)), nested=True) if found else self

    def excludes(self, name: str, folder: bool) -> bool:
        """Whether the file is left out; for a folder, whether nothing of it can come back."""
        for prefix, patterns in self.sets:
            if not name.startswith(prefix):
                continue
            inner = name[len(prefix) :]
            if folder:
                if _last(patterns, f"{inner}/") and not any(pattern.include is False for pattern in patterns):
                    return True
            elif _last(patterns, inner):
                return True
        return False


def _last(patterns: tuple[Any, ...], name: str) -> bool:
    matched = False
    for pattern in patterns:
        if pattern.include is not None and pattern.match_file(name) is not None:
            matched = pattern.include
    return matched


def root_rules(root: Path, bag: Bag) -> Rules:
    """The rules of the code folder ``root``."""
    found = load_patterns(root, bag)
    return Rules((("", found),)) if found else Rules()


def load_patterns(folder: Path, bag: Bag) -> tuple[Any, ...]:
    """The patterns of a folder's ignore file; empty where there is none."""
    path = next((folder / name for name in NAMES if is_file(folder / name)), None)
    if path is None:
        return ()
    key = ("ignore", str(path))
    if key not in bag.memo:
        bag.memo[key] = _parse(path, bag)
    patterns: tuple[Any, ...] = bag.memo[key]
    return patterns


def _parse(path: Path, bag: Bag) -> tuple[Any, ...]:
    text = read_text(path, bag, Span(str(path)))
    if not text or not any(line.strip() and not line.startswith("#") for line in text.splitlines()):
        return ()
    pattern_type = _pattern_type()
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found.append(pattern_type(line))
        except ValueError as problem:
            bag.add("W102", Span(str(path), number, 1), f"'{line}' is not a pattern: {problem}", fix="Correct it")
    return tuple(found)


def _pattern_type() -> Any:
    """Git's patterns under the name that the installed pathspec has for them; loaded only where needed (30 ms)."""
    import pathspec.patterns

    try:
        from pathspec.patterns.gitignore.basic import GitIgnoreBasicPattern
    except ImportError:
        return vars(pathspec.patterns)["GitWildMatchPattern"]
    return GitIgnoreBasicPattern
