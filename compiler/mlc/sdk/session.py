"""What the language knows about the compilation it is used in, and where in the user's code it is being called.

``mlc build`` opens a :class:`Session`: mistakes go to its bag, a submitted job goes to its ``submit``. Without one
(somebody runs ``python pipeline.py``) the default session raises mistakes and warns.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from mlc.codes import CODES, Severity
from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.ir.asset import AssetName, Names, NoNames
from mlc.ir.environment import Environment
from mlc.records import dataclass
from mlc.sdk.errors import UserErrorException

PATIENCE = 10_000
"""Times that a script may sleep, or ask for a job, before it is clear that it waits for what never comes."""

_FRONTEND = str(Path(__file__).parents[1] / "frontend") + "/"
_NOT_USERS = (*(str(Path(__file__).parents[1] / room) + "/" for room in ("sdk", "frontend")), "<frozen")


class WaitsForever(BaseException):
    """Raised in a script that keeps waiting for a service. (An ``Exception`` would be caught in its loop.)"""


def _nothing(*_: Any) -> None:
    return None


@dataclass(slots=True)
class Session:
    """One load of one source. The functions are the front end's; ``registered`` is the workspace as far as it exists.

    ``load_...`` functions take a ``source.Source``. ``load_component`` and ``find_component(name)`` give component
    objects, ``load_job`` a job, ``load_environment`` IR, ``read_mapping`` the plain content of a YAML file; None: the
    bag says why, or nothing was found. ``submit(job, experiment)`` takes a submitted job.
    """

    bag: Bag | None = None
    load_component: Callable[[Any, Span], Any] = _nothing
    load_environment: Callable[[Any, Span], Environment | None] = _nothing
    load_job: Callable[[Any, Span], Any] = _nothing
    read_mapping: Callable[[Any, Span], dict[str, Any] | None] = _nothing
    find_component: Callable[[AssetName], Any] = _nothing
    names: Names = field(default_factory=NoNames)
    """Finds what the script has not registered itself."""
    submit: Callable[[Any, str | None], None] = _nothing
    registered: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """(kind, name) -> versions, oldest first."""
    components: list[Any] = field(default_factory=list)
    """Every component object that was made, in order."""
    builders: list[Any] = field(default_factory=list)
    """The pipeline functions being run, outermost first."""
    positions: dict[int, tuple[CodeType, list[tuple[int | None, ...]]]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    python: dict[str, str] = field(default_factory=dict)
    """Source that is not as it stands in its file: a notebook's cell without its magics."""
    fixed: Span | None = None
    """The place to report while no user code is running."""

    waited: int = 0
    """How often the script has waited for something."""

    def wait(self) -> None:
        """The script waits for a service once more, or asks it; there is an end to it."""
        self.waited += 1
        if self.waited > PATIENCE:
            raise WaitsForever

    def report(self, code: str, what: str, *, why: str = "", fix: str = "", span: Span | None = None) -> None:
        """Record a mistake at ``span`` (default: the user's line that is being run); without a bag, raise or warn."""
        place = here() if span is None else span
        if self.bag is not None:
            self.bag.add(code, place, what, why=why, fix=fix)
            return
        text = ". ".join(part.rstrip(".") for part in (what, why, fix) if part)
        if CODES[code].severity is Severity.ERROR:
            raise UserErrorException(text)
        warnings.warn(text, stacklevel=3)


_DEFAULT = Session()
_current = _DEFAULT


def session() -> Session:
    """The session that is open, or the default one."""
    return _current


def default_session() -> Session:
    """The session of scripts that are run without mlc."""
    return _DEFAULT


@contextmanager
def opened(new: Session) -> Iterator[Session]:
    """Make ``new`` the session for the length of the block."""
    global _current  # noqa: PLW0603 - the language is used by plain calls; there is nothing to pass it along with
    before, _current = _current, new
    try:
        yield new
    finally:
        _current = before


def is_ours(file: str) -> bool:
    """Whether a code object's file is not the user's: ours, or the import machinery's."""
    return file.startswith(_NOT_USERS)


def runs_sources(file: str) -> bool:
    """Whether a code object's file is the front end's: whoever called that is no user code."""
    return file.startswith(_FRONTEND)


def user_frame() -> FrameType | None:
    """The innermost frame that is neither ours nor the import machinery's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def here() -> Span:
    """The place in the user's code that is being run: line and column of the call."""
    if _current.fixed is not None:
        return _current.fixed
    frame = user_frame()
    return NOWHERE if frame is None else place_of(frame.f_code, frame.f_lasti)


def place_of(code: CodeType, instruction: int) -> Span:
    """The place of an instruction (``f_lasti``); positions are cached per code object, so that calls stay cheap."""
    known = _current.positions.get(id(code))
    if known is None:
        known = (code, list(code.co_positions()))
        _current.positions[id(code)] = known
    line, _, column, _ = known[1][instruction // 2]
    file = code.co_filename
    return Span(file, line or 0, _characters(file, line, column) + 1 if line and column is not None else 0)


def _characters(file: str, line: int, column: int) -> int:
    """Columns of code objects count UTF-8 bytes; people count characters."""
    if not column:
        return 0
    lines = _current.lines.get(file)
    if lines is None:
        lines = _current.lines[file] = (source_of(file) or "").split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))


def source_of(file: str) -> str | None:
    """The Python source of a code object's file; None: it cannot be read."""
    if file in _current.python:
        return _current.python[file]
    if _current.bag is not None and file in _current.bag.sources:
        return _current.bag.sources[file]
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None
