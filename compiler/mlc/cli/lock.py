"""``mlc lock``: the packages of each environment resolved, and kept in files beside the source."""

import re
from typing import TYPE_CHECKING, Any

import click

from mlc.cli import compiling, console, locking
from mlc.cli.exits import Exit

if TYPE_CHECKING:
    from mlc.images.locks import Outcome
    from mlc.ir.plan import Plan


@click.command(
    epilog=compiling.example(
        "mlc lock pipeline.py",
        "mlc lock pipeline.py --upgrade-package torch",
        "mlc lock pipeline.yml --check",
    )
)
@compiling.source_options
@click.option("--check", is_flag=True, help="Only say whether all locks are there and fresh; status 1 if not.")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit, whatever was pinned.")
@click.option(
    "--upgrade-package",
    "packages",
    multiple=True,
    metavar="PACKAGE",
    help="Take the newest version of that package; keep the others as far as it lets them. Repeatable.",
)
@click.option("--fresh", is_flag=True, help="Start over, as if there were no lock.")
@compiling.json_option
def command(check: bool, upgrade: bool, packages: tuple[str, ...], fresh: bool, as_json: bool, **asked: Any) -> None:
    """Resolve the environments of SOURCE for the platform and the Python of their images.

    The result lies in locks/ beside SOURCE: every package with its version and the hashes of its files. What is pinned
    stays pinned, until it is upgraded or no longer fits.
    """
    if check and (upgrade or packages or fresh):
        raise click.UsageError("--check changes nothing: leave --upgrade, --upgrade-package and --fresh out.")
    from mlc.images.locks import Update

    update = Update(everything=upgrade, packages=tuple(map(_normal, packages))) if upgrade or packages else None
    mode = locking.Mode.INSIST if check else locking.Mode.MAKE
    told = locking.Locking(mode=mode, update=update, renew=fresh, aloud=False)
    session = compiling.open_session(compiling.Asked(**asked, locking=told))
    plan = compiling.check(session)
    outcomes = getattr(session.options.locks, "outcomes", None) or ()
    if as_json:
        console.out_json([_as_dict(outcome) for outcome in outcomes])
    session.report()
    if not as_json:
        _tell(outcomes, anything=plan is not None)
        if plan is not None:
            _tell_leftover(session, plan)
    if plan is None or any(outcome.lock is None for outcome in outcomes):
        raise click.exceptions.Exit(Exit.SOURCE)
    _refuse_unknown(update.packages if update else (), outcomes)


def _tell(outcomes: "tuple[Outcome, ...]", *, anything: bool) -> None:
    from mlc.images.locks.telling import line

    for outcome in outcomes:
        console.out(console.printable(line(outcome)))
    if anything and not outcomes:
        console.out("No environment installs packages: there is nothing to lock.")


def _tell_leftover(session: compiling.Session, plan: "Plan") -> None:
    from mlc.images.locks.leftover import leftover

    folder = session.source.parent
    for path in leftover(folder, plan):
        name = path.relative_to(folder).as_posix()
        console.out(console.printable(f"{name}: no environment of {plan.name} has this name; the file can be removed"))


def _refuse_unknown(packages: tuple[str, ...], outcomes: "tuple[Outcome, ...]") -> None:
    """A name that no lock has is a slip of the pen: nothing was upgraded."""
    locks = [outcome.lock for outcome in outcomes if outcome.lock is not None]
    known = {package.name for lock in locks for package in lock.pip}
    known |= {package.name for lock in locks for package in lock.conda}
    for name in packages:
        if name not in known:
            from mlc.frontend.text import did_you_mean

            what = f"No environment has a package {name}, so nothing was upgraded for it. "
            what += did_you_mean(name, sorted(known))
            raise click.BadParameter(what.strip(), param_hint="--upgrade-package")


def _normal(name: str) -> str:
    from mlc.images.locks.request import package_name

    found = package_name(name)
    if found is None or not re.fullmatch(r"[\w.-]+", name.strip()):
        raise click.BadParameter(
            f"{name!r} is not the name of a package. Versions stand in the requirements.",
            param_hint="--upgrade-package",
        )
    return found


def _as_dict(outcome: "Outcome") -> dict[str, object]:
    from mlc.images.locks.telling import differences

    lock = outcome.lock
    changed = differences(outcome.before.lock, lock) if outcome.before and lock else ()
    return {
        "environment": outcome.image,
        "file": str(outcome.path),
        "state": str(outcome.state),
        "made": outcome.made,
        "packages": len(lock.pip) + len(lock.conda) if lock else 0,
        "changes": list(changed),
        "stale_because": list(outcome.asked),
    }
