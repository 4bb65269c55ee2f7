"""Locks that are made and brought up to date where that is needed: all environments of a plan side by side."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlc.diagnostics import Bag, Diagnostic, Span
from mlc.images.cache import write_atomically
from mlc.images.locks.answer import answer
from mlc.images.locks.base_digest import BaseDigests
from mlc.images.locks.conda_lock import beside_conda, lock_conda
from mlc.images.locks.reasons import ResolveError, Trouble
from mlc.images.locks.request import Request, package_name, request_of
from mlc.images.locks.standing import Outcome, Standing, State, as_it_is, standing
from mlc.images.locks.text import LockFile, base_note, noted_base, parse, render
from mlc.images.locks.uv import Update
from mlc.images.uv import find_uv
from mlc.ir.lock import Lock, LockedCondaPackage

if TYPE_CHECKING:
    from mlc.config import Config
    from mlc.ir.image import Image
    from mlc.ir.plan import Plan

_AT_ONCE = 4


class MakeLocks:
    """Fresh locks hold; what is missing or stale is resolved, keeping what was pinned, and written.

    ``outcomes`` tells what was done, in the plan's order.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, by keyword
        self,
        folder: Path,
        config: "Config",
        bag: Bag,
        *,
        told: Callable[[Outcome], None] | None = None,
        update: Update | None = None,
        renew: bool = False,
        bases: BaseDigests | None = None,
    ) -> None:
        """``folder`` is the source's; ``told`` hears of each lock that was made; ``update``: resolve all of them;
        ``renew``: as if there were none, which is also the way out of one that cannot be read; ``bases`` knows the
        digests of base images, which are not recorded without it."""
        self._folder = folder
        self._config = config
        self._bag = bag
        self._told = told
        self._update = update
        self._renew = renew
        self._bases = bases
        self.outcomes: tuple[Outcome, ...] | None = None

    def lock_of(self, plan: "Plan", image: "Image") -> Lock | None:
        """The lock of ``image``; at the first call those of all images of ``plan`` are made."""
        if self.outcomes is None:
            self.outcomes = self._all(plan)
        return next((outcome.lock for outcome in self.outcomes if outcome.image == image.name), None)

    def _all(self, plan: "Plan") -> tuple[Outcome, ...]:
        found = [(image, standing(self._folder, plan, image, self._config)) for image in plan.images]
        wanted = [(image, there) for image, there in found if self._is_wanted(there)]
        made: dict[str, Outcome] = {}
        if wanted:
            find_uv()  # once before threads do: what it asks Python for is filled in by the first who asks
            with ThreadPoolExecutor(min(_AT_ONCE, len(wanted))) as pool:
                for outcome in pool.map(lambda pair: self._made(plan, *pair), wanted):
                    made[outcome.image] = outcome
                    self._say(outcome)
        for image, there in found:
            if image.name not in made and there.problem is not None:
                self._bag.items.append(there.problem)
        return tuple(made.get(image.name) or as_it_is(there) for image, there in found if there.state != State.NONE)

    def _is_wanted(self, there: Standing) -> bool:
        match there.state:
            case State.NONE:
                return False
            case State.BROKEN:
                return self._renew
            case State.FRESH:
                return self._renew or self._update is not None
            case _:
                return True

    def _made(self, plan: "Plan", image: "Image", there: Standing) -> Outcome:
        request = request_of(plan, image, self._config)
        assert request is not None, "it has a standing, so there is something to resolve"
        before = None if self._renew else there.file
        base = Outcome(image=image.name, path=there.path, state=there.state, before=there.file, asked=there.changed)
        conda: tuple[LockedCondaPackage, ...] = ()
        said = Bag()
        if request.conda is not None:
            kept = before.lock.conda if before else ()
            chosen = lock_conda(image, request.conda, _kept(kept, self._update), self._config.network, said)
            if chosen is None:
                return replace(base, problem=said.items[0])
            conda, request = chosen, beside_conda(request, chosen)
        elif request.python is None:
            return replace(base, problem=_unknown_python(image, request))
        credentials = dict(pair for item in image.origins for pair in item.credentials)
        try:
            answered = answer(request, before, self._update or Update(), self._config, credentials, conda)
        except ResolveError as error:
            return replace(base, problem=_problem(image, request, error, there))
        notes = (*base_note(request.base, self._base_digest(request, before)), *answered.file.notes)
        text = render(replace(answered.file, notes=notes), image.name)
        try:
            if _text(there.path) != text:
                write_atomically(there.path, text)
        except OSError as error:
            return replace(base, problem=_unwritable(error, there.path))
        warning = _unreached(image, answered.unreached) if answered.unreached else next(iter(said.items), None)
        # What is read back is what later compilations see: sizes are rounded in the file.
        return replace(base, state=State.FRESH, made=True, lock=parse(text).lock, warning=warning)

    def _base_digest(self, request: Request, before: LockFile | None) -> str:
        """As it was recorded, unless everything is to be the newest; else as a registry says, '' if none does."""
        newest = self._update is not None and self._update.everything
        if before is not None and before.lock.base_digest and noted_base(before) == request.base and not newest:
            return before.lock.base_digest
        return self._bases.of(request.base) if self._bases is not None else ""

    def _say(self, outcome: Outcome) -> None:
        self._bag.items += [item for item in (outcome.problem, outcome.warning) if item is not None]
        if outcome.made and self._told is not None:
            self._told(outcome)


def _kept(packages: tuple[LockedCondaPackage, ...], update: Update | None) -> tuple[LockedCondaPackage, ...]:
    """Those that are to stay."""
    if update is None:
        return packages
    return tuple(item for item in packages if not update.everything and item.name not in update.packages)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _problem(image: "Image", request: Request, error: ResolveError, there: Standing) -> Diagnostic:
    name, span = _blamed(image, request, error.log)
    match error.trouble:
        case Trouble.UNSATISFIABLE:
            what = f"The packages of environment {image.name} cannot be resolved"
            what = f"{what}: nothing fits {name!r}" if name else what
            target = f"Python {request.python} on {request.platform}"
            fix = f"Change the versions, or the index they come from; asked was for {target}"
            return Diagnostic("E614", span, what, error.reason, fix)
        case Trouble.UNREACHABLE:
            left = "the stale lock is not used" if there.file else "it is installed without a lock"
            what = f"The packages of environment {image.name} could not be looked up; {left}"
            fix = "Check the connection and the settings of [tool.mlc.network], then run `mlc lock`"
            return Diagnostic("W613", span, what, error.reason, fix)
        case Trouble.OTHER:
            what = f"Environment {image.name} cannot be locked here; it is installed without a lock"
            fix = "Take a version that has wheels, or run `mlc lock` where that works"
            return Diagnostic("W614", span, what, error.reason, fix)


def _blamed(image: "Image", request: Request, reason: str) -> tuple[str, Span]:
    """The requirement that uv's reason is about, as its author wrote it, and its place.

    The one that is named last: uv's sentences end with what is asked for.
    """
    found: tuple[int, str, Span] = (-1, "", image.span)
    lowered = reason.lower().replace("_", "-")
    for origin in image.origins:
        name = package_name(origin.text)
        if name is None:
            places = [lowered.rfind(part) for part in (origin.text.lower(), _address(origin.text)) if part]
            at = max(places, default=-1)
        else:
            word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])(?!\.\w)")
            at = max((match.start() for match in word.finditer(lowered)), default=-1)
        if at > found[0]:
            found = at, origin.text, origin.span
    return found[1], found[2]


def _address(text: str) -> str:
    """Of ``git+https://host/x@rev`` what uv repeats of it: ``https://host/x``."""
    return text.lower().replace("_", "-").partition("://")[2].partition("@")[0].partition("#")[0]


def _unknown_python(image: "Image", request: Request) -> Diagnostic:
    what = f"Environment {image.name} cannot be locked; it is installed without a lock"
    why = f"Its conda file names no Python, and the name of {request.base} does not say which one it has"
    return Diagnostic("W614", image.span, what, why, "Name one in the conda file (`- python=3.11`)")


def _unwritable(error: OSError, path: Path) -> Diagnostic:
    fix = "Make the folder writable, or pass --no-lock"
    return Diagnostic("E615", Span(str(path)), "The lock cannot be written", error.strerror or str(error), fix)


def _unreached(image: "Image", index: str) -> Diagnostic:
    what = f"Environment {image.name} takes PyTorch from the usual index, with its libraries for CUDA"
    why = f"{index} could not be reached; no step of the environment reserves a GPU"
    fix = "Set pytorch_index in [tool.mlc.network] to a mirror, then `mlc lock --upgrade`; or torch_backend to 'off'"
    return Diagnostic("W615", image.span, what, why, fix)
