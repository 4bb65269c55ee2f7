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
    Code("E105", "not a kind of source"),
    Code("E106", "not a file"),
    Code("E107", "unreadable file"),
    Code("E108", "YAML too large or too deep"),
    Code("E109", "YAML that mlc refuses"),
    Code("E110", "missing field"),
    Code("E111", "unknown field"),
    Code("E112", "unknown kind of job or component"),
    Code("E113", "unknown word"),
    Code("E114", "bad name"),
    Code("E115", "names that differ only by case"),
    Code("E116", "bad expression"),
    Code("E117", "component not found"),
    Code("E118", "file that a snapshot cannot hold"),
    Code("E119", "folder that contains itself"),
    Code("E120", "bad additional include"),
    Code("E121", "code that is not local"),
    Code("E122", "bad value"),
    Code("E123", "fields that exclude each other"),
    Code("E124", "requirement that cannot be installed"),
    Code("W101", "duplicate key"),
    Code("W102", "unknown field"),
    Code("W103", "field without effect"),
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
    Code("E650", "no Docker engine"),
    Code("E651", "image that cannot be built"),
    Code("E652", "trouble with the Docker engine"),
    Code("E653", "bad value for an input"),
    Code("E654", "no GPU"),
    Code("E655", "environment that needs Docker"),
    Code("E656", "environment that cannot be installed"),
    Code("E657", "another run is going on"),
    Code("E658", "output not found"),
    Code("E659", "unknown step"),
    Code("E660", "step that cannot be started"),
    Code("W650", "step without its GPU"),
    Code("W651", "environment from this machine"),
    Code("W652", "Python of this machine"),
)

CODES: dict[str, Code] = {code.id: code for code in _TABLE}
