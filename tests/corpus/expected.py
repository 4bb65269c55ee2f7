"""The sources that must compile, kept beside this module in ``must_compile.txt``."""

from dataclasses import dataclass
from pathlib import Path

from tests.corpus.compiling import Outcome, Verdict

LIST = Path(__file__).with_name("must_compile.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What ``must_compile.txt`` says."""

    verdicts: dict[str, Verdict]
    """Of a source, what mlc must make of it at least."""
    given: tuple[str, ...]
    """Files that notebooks download where they are not there."""
    told: dict[str, tuple[str, ...]]
    """Options for a source."""


def read(text: str) -> Expected:
    """Parse lines such as ``compiled PATH [OPTION ...]``, ``planned PATH``, ``given PATH``; ``#`` starts a comment."""
    lines = [line.split() for line in text.splitlines() if line.split() and not line.startswith("#")]
    return Expected(
        verdicts={path: Verdict(word) for word, path, *_ in lines if word != "given"},
        given=tuple(path for word, path, *_ in lines if word == "given"),
        told={path: tuple(options) for _, path, *options in lines if options},
    )


def give(expected: Expected, checkout: Path) -> None:
    """Put the files that would be downloaded into ``checkout``, empty."""
    for name in expected.given:
        path = checkout / name
        # Of a checkout that is only a part of the repository, nothing is made up.
        if path.parent.parent.is_dir() and not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.touch()


def broken(outcomes: list[Outcome], wanted: dict[str, Verdict]) -> list[str]:
    """What is not as it must be, one line for each source."""
    found = []
    for path, verdict in wanted.items():
        of_it = [outcome for outcome in outcomes if outcome.source.as_posix() == path]
        if not of_it:
            found.append(f"{path}: is not in the checkout")
        enough = {verdict, Verdict.COMPILED}
        found += [f"{it.name}: {it.verdict}, must be {verdict}" for it in of_it if it.verdict not in enough]
    return found
