"""Outcomes as tables in Markdown: a row for each source, and the totals."""

from collections import Counter
from collections.abc import Iterator

from tests.corpus.compiling import Outcome, Verdict

from mlc.codes import CODES


def rows(outcomes: list[Outcome], *, messages: bool = False) -> str:
    """``| source | verdict | codes |``; below each row with ``messages`` what was said, always what is no answer."""
    return "\n".join(["| source | verdict | codes |", "|---|---|---|", *_rows(outcomes, messages)])


def _rows(outcomes: list[Outcome], messages: bool) -> Iterator[str]:
    for outcome in outcomes:
        yield f"| {outcome.name} | {outcome.verdict} | {' '.join(outcome.codes)} |"
        if messages or not outcome.verdict.is_answer:
            yield from (f"    {line}" for line in outcome.said.splitlines())


def totals(outcomes: list[Outcome]) -> str:
    """How many of each verdict, by kind of source; how many sources are refused with each code."""
    kinds = ("yaml", "script", "notebook")
    lines = ["", f"| verdict | {' | '.join(kinds)} | together |", "|---|" + "---|" * (len(kinds) + 1)]
    counted = Counter((outcome.verdict, _kind(outcome)) for outcome in outcomes)
    for verdict in Verdict:
        numbers = [counted[verdict, kind] for kind in kinds]
        lines.append(f"| {verdict} | {' | '.join(map(str, numbers))} | {sum(numbers)} |")
    lines += ["", "| refused with | sources |", "|---|---|"]
    refused = Counter(code for it in outcomes if it.verdict is Verdict.REFUSED for code in it.codes)
    lines += [f"| {code} {CODES[code].title} | {number} |" for code, number in refused.most_common()]
    return "\n".join(lines)


def _kind(outcome: Outcome) -> str:
    return {".ipynb": "notebook", ".py": "script"}.get(outcome.source.suffix, "yaml")
