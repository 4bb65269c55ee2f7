"""One source of the corpus, compiled by ``mlc`` in a process of its own, without an engine and with a time limit."""

import os
import re
import signal
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.corpus import bundles

MLC = str(Path(sysconfig.get_path("scripts"), "mlc"))

LATER = frozenset({"E507", "E508", "E510", "E511"})
"""Refusals of ``build`` for what can be planned but not run yet: a source with no other errors still has a plan."""

_ERROR = re.compile(r"^(?:.*?: )?error\[(E\d+)\]: .*$", re.MULTILINE)
_TOLD_APART = re.compile(r"error\[E205\]: .* Choose one with --pipeline: (.*)\.$", re.MULTILINE)


class Verdict(StrEnum):
    """What became of a source. Everything up to REFUSED is an answer; the others are bugs of mlc."""

    COMPILED = "compiled"
    PLANNED = "planned"
    REFUSED = "refused"
    BAD_BUNDLE = "bad bundle"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"

    @property
    def is_answer(self) -> bool:
        """Whether a user can go on from it."""
        return self in (Verdict.COMPILED, Verdict.PLANNED, Verdict.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A source, one of its pipelines where it has several, and what mlc made of it."""

    source: Path
    """Relative to the checkout."""
    pipeline: str | None = None
    verdict: Verdict
    codes: tuple[str, ...] = ()
    """Of the errors, each once."""
    said: str = ""
    """The errors; for a bad bundle what its checks said; for a crash the whole of standard error."""

    @property
    def name(self) -> str:
        """``sdk/a.ipynb`` or ``sdk/a.ipynb#train``."""
        return self.source.as_posix() + (f"#{self.pipeline}" if self.pipeline else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where sources lie, where bundles go, how long one compilation may take (seconds)."""

    checkout: Path
    out: Path
    seconds: float = 120.0
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a source, what its author's workspace knows and mlc has to be told."""


def compile_source(source: Path, setting: Setting) -> list[Outcome]:
    """Compile ``source`` and check its bundle; of a source with several pipelines, each."""
    outcome = _compile(source, None, setting)
    several = _TOLD_APART.search(outcome.said)
    if outcome.codes == ("E205",) and several:
        return [_compile(source, name, setting) for name in several[1].split(", ")]
    return [outcome]


def _compile(source: Path, pipeline: str | None, setting: Setting) -> Outcome:
    chosen = [*(["--pipeline", pipeline] if pipeline else []), *setting.options.get(source.as_posix(), ())]
    out = setting.out.joinpath(*source.parts, pipeline or "-")
    status, said = _mlc(setting, "build", str(setting.checkout / source), "--no-images", "--out", str(out), *chosen)
    codes = tuple(sorted(set(_ERROR.findall(said))))
    verdict = _verdict(status, said)
    if verdict is Verdict.COMPILED:
        said = "\n".join(bundles.problems(out))
        verdict = Verdict.BAD_BUNDLE if said else Verdict.COMPILED
    elif verdict is Verdict.REFUSED:
        if set(codes) <= LATER:
            status, plan = _mlc(setting, "plan", str(setting.checkout / source), *chosen)
            verdict = Verdict.PLANNED if status == 0 else _verdict(status, plan)
        said = "\n".join(match[0].strip() for match in _ERROR.finditer(said))
        said = said.replace(f"{setting.checkout}{os.sep}", "")
    return Outcome(source=source, pipeline=pipeline, verdict=verdict, codes=codes, said=said)


def _verdict(status: int | None, said: str) -> Verdict:
    match status:
        case None:
            return Verdict.TIMED_OUT
        case 0:
            return Verdict.COMPILED
        case 1 if _ERROR.search(said):
            return Verdict.REFUSED
        case _:
            return Verdict.CRASHED


def _mlc(setting: Setting, *arguments: str) -> tuple[int | None, str]:
    """Exit status (None: the time was over) and standard error of ``mlc ARGUMENTS``; its children end with it."""
    around = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE", "MLC_", "COMPOSE_"))}
    around |= {"DOCKER_HOST": "unix:///nowhere/docker.sock", "HOME": str(setting.out), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [MLC, *arguments],
        cwd=setting.checkout,
        env=around,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=setting.seconds)
        return process.returncode, said.decode(errors="replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate()
        return None, said.decode(errors="replace")
