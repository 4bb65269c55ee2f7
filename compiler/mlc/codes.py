"""The table of diagnostic codes: every message that mlc can give about a user's sources is listed here.

E1xx reading sources · E2xx the Python DSL · E3xx the pipeline's graph, types and values · E4xx environments ·
E5xx what needs an Azure service · E6xx configuration, images and running. A `W` has the same ranges and never
fails a build. `docs/errors/<code>.md` explains each one with an example and its cure.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: an error fails the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of mistake: its stable id (``E101``) and a title of a few words."""

    id: str
    title: str

    @property
    def severity(self) -> Severity:
        """Told by the letter of the id."""
        return Severity.ERROR if self.id.startswith("E") else Severity.WARNING


_TABLE = (
    # E1xx: reading sources (files, YAML, notebooks)
    Code("E101", "file not found"),
    Code("E102", "malformed YAML"),
    Code("E103", "empty file"),
    Code("E104", "wrong shape"),
    # E2xx: the Python DSL
    Code("E201", "the script failed"),
    # E3xx: graph, types and values
    Code("E301", "unknown job"),
    # E4xx: environments
    Code("E401", "environment not found"),
    # E5xx: what needs an Azure service
    Code("E501", "needs an Azure service"),
    # E6xx: configuration, images, running
    Code("E601", "bad configuration"),
    Code("W601", "unknown setting"),
    Code("E602", "not a source"),
    Code("E603", "not a bundle"),
    Code("E604", "cannot write"),
    Code("E605", "unknown or bad input"),
    Code("E606", "cannot read"),
)

CODES: dict[str, Code] = {code.id: code for code in _TABLE}
