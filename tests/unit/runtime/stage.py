"""A place to run the real launcher without a container: a folder as MLC_ROOT, and a choice of shells and tools."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).parents[3] / "templates" / "runtime" / "launch.sh"
CORE = [
    "cat",
    "chmod",
    "cp",
    "date",
    "env",
    "id",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "printf",
    "readlink",
    "rm",
    "rmdir",
    "sha256sum",
    "sleep",
    "sort",
    "timeout",
    "stat",
    "true",
    "sh",
    "touch",
    "echo",
]


@dataclass(frozen=True)
class World:
    """A shell that runs the launcher, and the PATH that it and the command see."""

    name: str
    shell: tuple[str, ...]
    path: str

    def __str__(self) -> str:
        return self.name


def worlds(scratch: Path) -> list[World]:
    """All that this machine has: two shells with every tool, busybox alone, the core utilities alone."""
    everything = os.environ.get("PATH", os.defpath)
    found = [World(name, (path,), everything) for name in ("dash", "bash") if (path := shutil.which(name))]
    if busybox := shutil.which("busybox"):
        applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
        folder = _links(scratch / "busybox", dict.fromkeys(applets, busybox))
        found.append(World("busybox", (busybox, "sh"), folder))
    if dash := shutil.which("dash"):
        paths = {name: dash if name == "sh" else shutil.which(name) for name in CORE}
        folder = _links(scratch / "core", {name: path for name, path in paths.items() if path})
        found.append(World("core utilities", (dash,), folder))
    return found


def _links(folder: Path, targets: dict[str, str]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in targets.items():
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(target)
    return str(folder)


@dataclass
class Stage:
    """One step in a folder of its own. ``run`` starts it as an engine would."""

    root: Path
    world: World
    step: str = "train"
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("work", "home", "state", "mlflow", "components/code"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def environment(self, command: str, **variables: str) -> dict[str, str]:
        """What the launcher is started with: nothing of the machine but PATH."""
        ours = {
            "PATH": self.world.path,
            "HOME": str(self.root / "home"),
            "MLC_ROOT": str(self.root),
            "MLC_WORK": str(self.root / "work"),
            "MLC_STEP": self.step,
            "MLC_COMPONENT": "code",
            "MLC_KEY": hashlib.sha256(command.encode(errors="surrogateescape")).hexdigest(),
            "MLC_PARTS": "command=c0 code=c1 image=c2",
            "MLC_REUSE": "1",
            "MLC_COMMAND": command,
        }
        return ours | self.variables | variables

    def start(self, command: str, **variables: str) -> "subprocess.Popen[bytes]":
        """The running launcher."""
        return subprocess.Popen(
            [*self.world.shell, str(LAUNCHER)],
            env=self.environment(command, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, command: str, **variables: str) -> "Ran":
        """Run to the end."""
        process = self.start(command, **variables)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out.decode(errors="surrogateescape"), err.decode(errors="surrogateescape"))


@dataclass(frozen=True)
class Ran:
    """How a launcher ended."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """The launcher's own lines on standard output, without their prefix."""
        return [line.split(": ", 2)[2] for line in self.out.splitlines() if line.startswith("mlc: ")]

    @property
    def printed(self) -> list[str]:
        """The command's own lines on standard output."""
        return [line for line in self.out.splitlines() if not line.startswith("mlc: ")]
