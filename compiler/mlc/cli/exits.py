"""What the exit status of ``mlc`` says: one number per kind of end, the same for every command."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses; :data:`MEANING` has the words for people."""

    OK = 0
    SOURCE = 1
    USAGE = 2
    IMAGE = 3
    STEP = 4
    MACHINE = 5
    INTERNAL = 70
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143


MEANING: dict[Exit, str] = {
    Exit.OK: "everything asked for was done",
    Exit.SOURCE: "errors in the source, its configuration or its data",
    Exit.USAGE: "the command line itself is wrong",
    Exit.IMAGE: "an image or an environment did not build",
    Exit.STEP: "a step of the pipeline failed",
    Exit.MACHINE: "this machine cannot do it: no engine, no GPU, another run is going on",
    Exit.INTERNAL: "a bug in mlc; the traceback is on stderr",
    Exit.INTERRUPTED: "interrupted with Ctrl-C",
    Exit.PIPE: "the reader of the output went away (mlc plan ... | head)",
    Exit.TERMINATED: "ended by SIGTERM",
}

OF_CODE: dict[str, Exit] = {
    "E630": Exit.IMAGE,
    "E631": Exit.IMAGE,
    "E632": Exit.MACHINE,
    "E633": Exit.MACHINE,
    "E634": Exit.IMAGE,
    "E625": Exit.IMAGE,
    "E626": Exit.IMAGE,
    "E627": Exit.IMAGE,
    "E650": Exit.MACHINE,
    "E651": Exit.IMAGE,
    "E652": Exit.MACHINE,
    "E654": Exit.MACHINE,
    "E655": Exit.MACHINE,
    "E656": Exit.IMAGE,
    "E657": Exit.MACHINE,
    "E660": Exit.STEP,
}
"""Exit status of a diagnostic that stops a command; of all others it is :attr:`Exit.SOURCE`."""
