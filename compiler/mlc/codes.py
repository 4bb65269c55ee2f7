"""The table of diagnostic codes: every message that mlc can give about a user's sources is listed here.

E1xx reading sources · E2xx the Python DSL · E3xx the pipeline's graph, types and values · E4xx environments ·
E5xx what needs an Azure service · E6xx configuration, images and running. A `W` has the same ranges and never
fails a build. `docs/errors/<code>.md` explains each one with an example and its cure.
"""

from enum import StrEnum

from mlc.records import dataclass


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
    Code("E116", "bad expression"),
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
    Code("W104", "value that YAML reads otherwise"),
    # E2xx: the Python DSL
    Code("E201", "the script failed"),
    Code("E202", "not Python"),
    Code("E203", "malformed notebook"),
    Code("E204", "no pipeline"),
    Code("E205", "several pipelines"),
    Code("E206", "module that is not installed"),
    Code("E207", "bad component function"),
    Code("E208", "bad type"),
    Code("E209", "value that no input takes"),
    Code("E210", "positional argument"),
    Code("E211", "node with several outputs as a value"),
    Code("E214", "bad return value of a pipeline function"),
    Code("E215", "bad call of a pipeline function"),
    Code("E216", "unknown attribute of a node"),
    Code("E217", "bad expression"),
    Code("E218", "input bound to another node's input"),
    Code("E219", "output of another pipeline's node"),
    Code("E221", "not a job that can be compiled"),
    Code("E227", "variable that is not set"),
    Code("W201", "node name in upper case"),
    Code("W202", "input that differs only by case"),
    Code("W203", "settings of a nested pipeline"),
    Code("W204", "unknown keyword"),
    Code("W205", "the script failed after submission"),
    Code("W206", "attribute of a node that means nothing"),
    Code("W208", "download that failed"),
    Code("W209", "thread that does not end"),
    # E3xx: graph, types and values
    Code("E301", "unknown job"),
    Code("E302", "unknown output"),
    Code("E303", "unknown pipeline input"),
    Code("E304", "unknown input of a job"),
    Code("E305", "unknown pipeline output"),
    Code("E306", "cycle"),
    Code("E307", "duplicate name"),
    Code("E308", "bad name"),
    Code("E309", "names that collide"),
    Code("E310", "pipeline without steps"),
    Code("E311", "pipeline nested too deep"),
    Code("E312", "pipeline with too many steps"),
    Code("E313", "required input missing"),
    Code("E314", "unknown input"),
    Code("E315", "value of the wrong type"),
    Code("E316", "value out of range"),
    Code("E317", "value that is not in the list"),
    Code("E318", "value where data is needed"),
    Code("E319", "data where a value is needed"),
    Code("E320", "data of another type"),
    Code("E321", "optional input for a required one"),
    Code("E322", "pipeline output made twice"),
    Code("E323", "expression that is not understood"),
    Code("E324", "undeclared name in a command"),
    Code("E325", "optional input outside of brackets"),
    Code("E326", "placeholder where no data can stand"),
    Code("E327", "data not found"),
    Code("E328", "file and folder confused"),
    Code("E329", "text that cannot be carried"),
    Code("E330", "bad text around data"),
    Code("E332", "bad job for on_init or on_finalize"),
    Code("E333", "bad setting of a step"),
    Code("W301", "pipeline output that nothing makes"),
    Code("W302", "default that breaks its own rule"),
    Code("W303", "unknown output"),
    Code("W305", "value that may not fit"),
    Code("W306", "file for a folder"),
    Code("W307", "value that becomes part of a program"),
    Code("W308", "value as a command"),
    Code("W309", "expression that stays text"),
    # E4xx: environments
    Code("E402", "bad image name"),
    Code("E403", "Dockerfile not found"),
    Code("E404", "package that PyPI lacks"),
    Code("E405", "requirement that cannot be installed"),
    Code("E406", "bad Python version"),
    Code("W401", "conda packages taken from PyPI"),
    Code("W402", "conda package left out"),
    # E5xx: what needs an Azure service
    Code("E501", "needs an Azure service"),
    Code("E502", "AutoML job"),
    Code("E503", "Spark job"),
    Code("E504", "data transfer job"),
    Code("E505", "import job"),
    Code("E506", "prompt flow"),
    Code("E507", "sweep job"),
    Code("E508", "parallel job"),
    Code("E509", "control flow"),
    Code("E510", "several instances"),
    Code("E511", "several processes"),
    Code("E512", "remote data"),
    Code("E515", "bad address of data"),
    Code("E520", "name that is not known"),
    Code("E521", "version that the catalog has"),
    Code("E522", "nothing that the catalog can keep"),
    Code("E523", "not in the catalog"),
    Code("E524", "catalog that cannot be used"),
    Code("E526", "bad search space"),
    Code("E527", "bad setting of a sweep"),
    Code("E528", "bad parallel job"),
    Code("E529", "search space outside of a sweep"),
    Code("W501", "output kept in a volume"),
    Code("W502", "setting that only Azure knows"),
    Code("W503", "secret in an address"),
    Code("W504", "folder on a web server"),
    Code("W506", "environment taken for a curated one"),
    Code("W507", "label that only Azure knows"),
    Code("W508", "mapping that nothing uses"),
    Code("W509", "job that cannot be run yet"),
    Code("W510", "several instances or processes"),
    Code("W511", "search space that the sampling does not know"),
    Code("W512", "unknown name in a parallel job"),
    Code("W513", "two measures of slack"),
    # E6xx: configuration, images, running
    Code("E601", "bad configuration"),
    Code("W601", "unknown setting"),
    Code("E603", "not a bundle"),
    Code("E604", "cannot write"),
    Code("E637", "file that the network settings name"),
    Code("W637", "credentials in the configuration"),
    Code("E642", "image that is not kept"),
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
