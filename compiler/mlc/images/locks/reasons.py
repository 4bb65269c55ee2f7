"""Why uv has no answer, in a sentence for a person."""

import re
from enum import StrEnum

from mlc.images.locks.request import without_user

_NETWORK = re.compile(
    r"error sending request|dns error|failed to lookup|connection refused|connection reset|timed out|timeout"
    r"|network is unreachable|could not connect|failed to connect|tcp connect error|certificate|UnknownIssuer"
    r"|HTTP status server error|Network connectivity is disabled",
    re.IGNORECASE,
)
_NO_HOST = re.compile(r"unable to access|Could not resolve host|Could not read from remote", re.IGNORECASE)
_NO_SOLUTION = re.compile(r"No solution found when resolving")
_MARKS = re.compile(r"^[\s×│├╰─▶]+")
_CONCLUDED = re.compile(r",? we can conclude that your requirements are unsatisfiable\.?$")
_LONGEST = 600


class Trouble(StrEnum):
    """Why there is no answer."""

    UNSATISFIABLE = "unsatisfiable"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class ResolveError(Exception):
    """No answer: ``reason`` is uv's, in one line; ``log`` is all that it said."""

    def __init__(self, trouble: Trouble, reason: str, log: str = "") -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason
        self.log = log or reason


def explained(log: str, folder: str) -> ResolveError:
    """The error for what uv printed when it gave up; ``folder`` is where it worked, which says nothing to anybody."""
    text = without_user(log.replace(f"{folder}/", ""))
    lines = [_MARKS.sub("", line).strip() for line in text.splitlines()]
    joined = " ".join(line for line in lines if line)
    if _NO_SOLUTION.search(text):
        return ResolveError(Trouble.UNSATISFIABLE, _reason(joined))
    if re.search(r"Git executable not found", joined):
        why = "The program git, which fetches it, is not installed here"
        return ResolveError(Trouble.UNSATISFIABLE, why, joined)
    if "Git operation failed" in joined:
        said = joined.rpartition("fatal: ")[2]
        kind = Trouble.UNREACHABLE if _NO_HOST.search(said) or _NETWORK.search(said) else Trouble.UNSATISFIABLE
        return ResolveError(kind, _short(f"git could not fetch it: {said}"), joined)
    if (built := re.search(r"Failed to build `([^`]+)`", joined)) is not None and not _NETWORK.search(joined):
        why = f"{built[1]} has no wheel that fits, and its source could not be built here to see what it needs"
        return ResolveError(Trouble.OTHER, why, joined)
    if _NETWORK.search(joined):
        return ResolveError(Trouble.UNREACHABLE, _short(joined))
    if re.search(r"HTTP status client error|was not found|Distribution not found", joined):
        return ResolveError(Trouble.UNSATISFIABLE, _short(joined))
    return ResolveError(Trouble.OTHER, _short(joined) or "uv did not say why")


def _reason(joined: str) -> str:
    """``Because only ours<=1 is available and you require ours==2``, with uv's hint if there is one."""
    body = re.split(r"when resolving dependencies[^:]*:", joined, maxsplit=1)[-1]
    told, _, hint = body.partition("hint:")
    sentence = _CONCLUDED.sub("", told.strip())
    return _short(f"{sentence}. {hint.strip()}" if hint else sentence)


def _short(text: str) -> str:
    plain = " ".join(text.removeprefix("error: ").split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}..."
