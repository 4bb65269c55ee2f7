"""What the commands that compile share: their options, the session that collects diagnostics, how it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlc.cli import console
from mlc.cli.exits import Exit
from mlc.cli.locking import Locking, Mode
from mlc.cli.sources import source_file
from mlc.diagnostics import Bag, MlcError, Span, fail, gathered
from mlc.records import dataclass

if TYPE_CHECKING:
    from mlc.config.network import Network
    from mlc.driver import Compiled, Options
    from mlc.ir.plan import Plan

F = TypeVar("F", bound=Callable[..., Any])


def example(*lines: str) -> str:
    """The epilog of a command's help: how it is typed."""
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\b\nExample:\n{shown}"


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _checked_maps(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    if given:
        from mlc.catalog.mapping import of_option

        for text in given:
            if of_option(text, Path()) is None:
                raise click.BadParameter(f"{text!r} is not NAME=TARGET, such as azureml:titanic=./titanic.csv.")
    return given


def source_options(command: F) -> F:
    """SOURCE, the script's own arguments, and what chooses among pipelines and components."""
    for decorate in (
        click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- SCRIPT ARGUMENTS]"),
        click.argument("source", type=click.Path()),
        click.option("--pipeline", metavar="NAME", help="Which pipeline, where the source has several."),
        click.option(
            "--component-path",
            "component_paths",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            metavar="DIR",
            help="Also look here for components and environments by name. Repeatable.",
        ),
        click.option(
            "--map",
            "maps",
            multiple=True,
            callback=_checked_maps,
            metavar="NAME=TARGET",
            help="What a name stands for: --map azureml:titanic=./titanic.csv, or a URL; an image for an environment, "
            "a YAML file for a component; azureml://datastores/D=./folder. Repeatable.",
        ),
    ):
        command = decorate(command)
    return command


def bundle_options(command: F) -> F:
    """What decides about the bundle that is written."""
    for decorate in (
        click.option("--vendor-data", is_flag=True, help="Copy local data into the bundle instead of mounting it."),
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="The bundle's folder.  [default: out/<pipeline>]",
        ),
    ):
        command = decorate(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The shared options as click hands them over."""

    source: str
    arguments: tuple[str, ...] = ()
    pipeline: str | None = None
    component_paths: tuple[Path, ...] = ()
    maps: tuple[str, ...] = ()
    out: Path | None = None
    vendor_data: bool = False
    gpu: bool = True
    online: bool = False
    """Whether the network will be used: then its settings need all their variables."""
    registry: str | None = None
    """None: as configured."""
    locking: Locking = Locking()


@dataclass(slots=True)
class Session:
    """One compilation: the bag that fills, the folder that paths are shown relative to."""

    source: Path
    options: "Options"
    bag: Bag = field(default_factory=Bag)

    def report(self) -> None:
        """Print what the bag holds."""
        console.diagnostics(gathered(self.bag.sorted()), self.bag.sources, console.here())

    def summary(self) -> str:
        """``2 errors, 1 warning in pipeline.py``; without either just ``no mistakes``."""
        errors = sum(item.severity == "error" for item in self.bag.sorted())
        warnings = len(self.bag.sorted()) - errors
        counts = [console.count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
        return f"{', '.join(counts) or 'no mistakes'} in {self.source.name}"

    def stop(self) -> "click.exceptions.Exit":
        """Say how many errors there are; the exception that ends the command."""
        console.note(self.summary())
        return click.exceptions.Exit(Exit.SOURCE)


def open_session(asked: Asked) -> Session:
    """Find the source and its configuration. The compiler is imported here, not when the command line starts."""
    source = source_file(asked.source)
    from mlc import config
    from mlc.backends import EmitOptions
    from mlc.driver import Options

    bag = Bag()
    settings = config.load(source.parent, bag)
    if asked.registry is not None:
        settings = replace(settings, registry=asked.registry)
    if settings.network:
        _check_variables(settings.network, bag, online=asked.online or asked.locking.mode is Mode.MAKE)
    options = Options(
        cwd=Path.cwd(),
        config=settings,
        out=asked.out,
        arguments=asked.arguments,
        pipeline=asked.pipeline,
        component_paths=tuple(path.absolute() for path in asked.component_paths),
        maps=asked.maps,
        vendor_data=asked.vendor_data,
        locks=asked.locking.locks(source.parent, settings, bag),
        emit=EmitOptions(gpu=asked.gpu, network=settings.network),
    )
    return Session(source, options, bag)


def _check_variables(network: "Network", bag: Bag, *, online: bool) -> None:
    """Say which variables the network settings need and the environment lacks."""
    import os

    from mlc.config.network import unset

    for item in unset(network, os.environ):
        what = f"network.{item.setting} needs the variable {item.variable}, which is not set"
        why = "" if online else "Nothing is fetched now, but locks and images could not be made"
        fix = f"Set {item.variable} in the environment, or correct the name"
        bag.add("E636" if online else "W638", item.span, what, why=why, fix=fix)


def check(session: Session) -> "Plan | None":
    """Load and check; None if the bag has errors."""
    from mlc import driver

    with collected(session):
        return driver.check(session.source, session.options, session.bag)
    return None


def plan(asked: Asked) -> "Plan":
    """The plan of a source; diagnostics are printed, and errors end the command."""
    session = open_session(asked)
    made = check(session)
    session.report()
    if made is None:
        raise session.stop()
    return made


def compile_source(asked: Asked) -> "tuple[Session, Compiled]":
    """The files of a bundle; diagnostics are printed, and errors end the command."""
    from mlc import driver

    session = open_session(asked)
    _refuse_own_folder(session)
    made = None
    with collected(session):
        made = driver.compile(session.source, session.options, session.bag)
    session.report()
    if made is None:
        raise session.stop()
    return session, made


@contextmanager
def collected(session: Session) -> Iterator[None]:
    """Put into the bag what stops a compilation: one message, a file of the user's that cannot be read."""
    try:
        yield
    except MlcError as stop:
        session.bag.items.append(stop.diagnostic)
    except OSError as error:
        if error.filename is None:
            raise
        session.bag.add("E107", Span(str(error.filename)), "This cannot be read", why=error.strerror or str(error))
    except RecursionError:
        session.bag.add("E108", Span(str(session.source)), "The source is nested too deeply to be followed")


def _refuse_own_folder(session: Session) -> None:
    """The bundle's folder is replaced as a whole, so it must not be one that holds the source."""
    out = session.options.out
    if out is not None and session.source.is_relative_to((session.options.cwd / out).resolve()):
        what = f"--out {out} would put the bundle into the folder of the source itself"
        raise fail("E604", Span(str(session.source)), what, fix="Give a folder of its own, such as out/mine")
