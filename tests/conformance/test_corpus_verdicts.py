"""The reference SDK's own test files: mlc says yes and no where the SDK does, but for differences with a reason.

The SDK's yes: the file loads, and what was loaded validates. mlc's yes: ``mlc check`` has no error, or only errors
that say what is missing on this machine: code and data that the corpus does not have, names and services that only an
Azure workspace has (``AWAY``). Those files are understood, and refused all the same; the test prints how many.
"""

import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conformance.corpus_differences import KINDER, STRICTER
from tests.conftest import in_ci
from tests.support import corpus

from mlc.diagnostics import Bag, Diagnostic
from mlc.driver import Options, check
from mlc.frontend.environments import load_environment_file
from mlc.frontend.yaml.components import load_component_file

pytestmark = pytest.mark.oracle

AWAY = frozenset(
    ("E121", "E501", "E502", "E503", "E504", "E505", "E506", "E509", "E512", "E513", "E514", "E515", "E520", "E521")
)
"""Code elsewhere; services; control flow of the preview; data elsewhere; names that are not known here."""
_ABSENT = ("does not exist", "was not found", "has no file", "is not in its code")
"""What is said of a file that the corpus does not have."""
LEAST = 0.98
"""Of the files in which the reference does not leave a mistake to the service (azureml.md, A8)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What mlc says of a file: errors of its own, and errors of what is away."""

    row: corpus.Row
    own: frozenset[str]
    away: frozenset[str]

    @property
    def agrees(self) -> bool:
        """Whether the verdict is the SDK's. A file that both refuse may be refused for another reason."""
        return not self.own if self.row.accepted else bool(self.own or self.away)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus, with its folders of code."""
    found = corpus.find()
    if found is None and in_ci():
        try:
            found = corpus.fetch()
        except (OSError, subprocess.SubprocessError) as problem:
            pytest.skip(f"the corpus cannot be had from {corpus.REPOSITORY}: {problem}")
    if found is None:
        pytest.skip("the corpus is not on this machine: python -m tests.support.corpus")
    target = tmp_path_factory.mktemp("corpus") / "test-configs"
    corpus.copy(found, target)
    return target


@pytest.fixture(scope="module")
def outcomes(files: Path) -> list[Outcome]:
    """mlc's word on each file."""
    found = []
    for row in corpus.rows():
        errors = [item for item in _said(files / row.path, row.kind) if item.code.startswith("E")]
        away = frozenset(item.code for item in errors if _is_away(item))
        own = frozenset(item.code for item in errors if not _is_away(item))
        found.append(Outcome(row, own, away))
    return found


def _is_away(item: Diagnostic) -> bool:
    return item.code in AWAY or any(words in item.what for words in _ABSENT)


def _said(path: Path, kind: str) -> list[Diagnostic]:
    """Everything that mlc has to say of a file; a component is also used, by a pipeline that gives it nothing."""
    bag = Bag()
    if kind == "environment":
        load_environment_file(path, bag)
    elif kind.endswith("_component"):
        load_component_file(path, bag, anonymous=False)
        user = path.parent / "uses_it.yml"
        kind = "{type: pipeline, " if kind == "pipeline_component" else "{"
        user.write_text(f"type: pipeline\njobs:\n  a: {kind}component: ./{path.name}}}\n")
        used = Bag()
        check(user, Options(cwd=path.parent), used)
        user.unlink()
        bag.items += [item for item in used.items if item.code != "E313"]
    else:
        check(path, Options(cwd=path.parent), bag)
    return bag.sorted()


def test_verdicts(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]):
    differences = {item.row.path: item for item in outcomes if not item.agrees}
    known = {path for table in (STRICTER, KINDER) for paths in table.values() for path in paths}
    stricter = {path for paths in STRICTER.values() for path in paths}
    with capsys.disabled():
        print(f"\n{_table(outcomes, stricter)}")
    assert set(differences) == known
    assert {path for path, item in differences.items() if item.row.accepted} == stricter
    meant = {path for reason, paths in STRICTER.items() if "(A8, " in reason for path in paths}
    judged = [item for item in outcomes if item.row.path not in meant]
    assert sum(item.agrees for item in judged) / len(judged) >= LEAST


def _table(outcomes: list[Outcome], stricter: set[str]) -> str:
    agreed = [item for item in outcomes if item.agrees]
    accepted = [item for item in agreed if item.row.accepted]
    both = [item for item in agreed if not item.row.accepted and not item.own]
    lines = [
        f"{len(agreed)} of {len(outcomes)} verdicts are the reference's ({len(agreed) / len(outcomes):.1%})",
        f"  {sum(not item.away for item in accepted)} accepted by both",
        f"  {sum(bool(item.away) for item in accepted)} understood by both, and refused for what is away: "
        + ", ".join(f"{code} {n}" for code, n in sorted(Counter(c for i in accepted for c in i.away).items())),
        f"  {len(agreed) - len(accepted)} refused by both, {len(both)} of them for what is away",
        f"{len(stricter)} files that the reference leaves to the service are refused at once",
    ]
    return "\n".join(lines)
