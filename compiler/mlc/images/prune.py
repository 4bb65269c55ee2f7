"""What may be thrown away, decided before anything is: each item with the reason why it goes or stays.

Never goes: what is not ours, what a container (running or stopped) was made from, what has a name that somebody else
gave it, what a build or a run holds.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from mlc.hashing import digest_bytes
from mlc.images.cache import is_locked, try_locked
from mlc.images.engine import Engine
from mlc.images.inventory import LOCKS, Inventory, KeptEnvironment, KeptFolder
from mlc.images.kept_images import KeptImage
from mlc.records import dataclass

FOLDERS_THAT_STAY = (LOCKS, "used")
"""A lock that is removed while it is waited for protects nothing; notes of uses go with what they are about."""

Item = KeptImage | KeptEnvironment | KeptFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user wants gone; several conditions must all hold. None of them: all that is not in use.

    ``older``: not used for that many seconds. ``unused``: no bundle on this machine asks for it. ``keep``: of what the
    other conditions name, the longest unused go until so many bytes are left. ``records``: what was remembered, too.
    """

    older: float | None = None
    unused: bool = False
    keep: int | None = None
    records: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``why`` is a reason in a few words; ``frees``: bytes that go with it, after those before it in the list."""

    item: Item
    goes: bool
    why: str
    frees: int = 0
    failed: bool = False
    """It was to go, and could not be removed."""

    @property
    def name(self) -> str:
        """Of the item."""
        return self.item.path.name if isinstance(self.item, KeptFolder) else self.item.name


def decide(kept: Inventory, wish: Wish, now: float) -> tuple[Decision, ...]:
    """What goes and what stays, the longest unused first; ``now`` in seconds since 1970."""
    images = kept.images.ours if kept.images is not None else ()
    items: list[KeptImage | KeptEnvironment] = sorted(
        (*images, *kept.environments), key=lambda item: (kept.used(item), item.name)
    )
    found: list[Decision] = []
    gone: list[KeptImage] = []
    left = sizes(kept)
    for item in items:
        reason = _holds(kept, item) or _spared(kept, item, wish, now)
        if reason is None and wish.keep is not None and left <= wish.keep:
            reason = "fits"
        if reason is not None:
            found.append(Decision(item=item, goes=False, why=reason))
            continue
        frees = _frees(kept, item, gone)
        left -= frees
        found.append(Decision(item=item, goes=True, why=_why(kept, item, now), frees=frees))
    if wish.records:
        folders = [folder for folder in kept.folders if folder.path.name not in FOLDERS_THAT_STAY]
        why = "made again when needed"
        found += [Decision(item=folder, goes=True, why=why, frees=folder.size) for folder in folders]
    return tuple(found)


def sizes(kept: Inventory) -> int:
    """Bytes of our images, without what images of others hold anyway, and of environments."""
    images = kept.images.freed(kept.images.ours) if kept.images is not None else 0
    return images + sum(environment.size for environment in kept.environments)


def _frees(kept: Inventory, item: KeptImage | KeptEnvironment, gone: list[KeptImage]) -> int:
    """Bytes that go with ``item`` when ``gone`` have gone before; it is added to them."""
    if isinstance(item, KeptEnvironment):
        return item.size
    assert kept.images is not None
    before = kept.images.freed(gone)
    gone.append(item)
    return kept.images.freed(gone) - before


def _holds(kept: Inventory, item: KeptImage | KeptEnvironment) -> str | None:
    """What keeps ``item`` from being removed at all."""
    if isinstance(item, KeptEnvironment):
        run = any(is_locked(bundle / ".mlc" / "lock") for bundle in kept.bundles(item))
        return "a build holds it" if item.busy else "a run uses it" if run else None
    if item.containers:
        more = f" and {len(item.containers) - 1} more" if len(item.containers) > 1 else ""
        return f"container {item.containers[0]}{more} is made from it"
    if item.others:
        return f"mlc did not name it {item.others[0]}"
    if any(is_locked(_lock(kept.root, reference)) for reference in item.references):
        return "a build holds it"
    if item.pipeline and is_locked(kept.root / LOCKS / f"run-{item.pipeline}"):
        return f"a run of {item.pipeline} is going on"
    return None


def _spared(kept: Inventory, item: KeptImage | KeptEnvironment, wish: Wish, now: float) -> str | None:
    """Which condition of the wish does not hold."""
    if wish.older is not None and now - kept.used(item) < wish.older:
        return "used since"
    if wish.unused and (bundles := kept.bundles(item)):
        return f"{bundles[0]} asks for it"
    return None


def _why(kept: Inventory, item: KeptImage | KeptEnvironment, now: float) -> str:
    if isinstance(item, KeptEnvironment) and not item.whole:
        return "half made"
    days = int(max(0.0, now - kept.used(item)) // 86400)
    told = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"last used {told}" if kept.bundles(item) else f"last used {told}, by no bundle that is still here"


def carry_out(decisions: tuple[Decision, ...], kept: Inventory, engine: Engine | None) -> tuple[Decision, ...]:
    """Remove what goes; what could not be removed comes back as staying, with the reason.

    ``kept`` is the inventory of now: what came into use since the decision stays.
    """
    done: list[Decision] = []
    now_there = {item.id: item for item in kept.images.ours} if kept.images is not None else {}
    remove_image = _remover(engine) if engine is not None else None
    for decision in decisions:
        if not decision.goes:
            done.append(decision)
            continue
        item = decision.item
        if isinstance(item, KeptImage):
            item = now_there.get(item.id, item)
        held = None if isinstance(item, KeptFolder) else _holds(kept, item)
        reason = held or _remove(item, kept, remove_image)
        done.append(decision if reason is None else Decision(item=item, goes=False, why=reason, failed=True))
    _forget(kept, tuple(decision for decision in done if decision.goes))
    return tuple(done)


def _remove(item: Item, kept: Inventory, remove_image: Callable[[str], str | None] | None) -> str | None:
    match item:
        case KeptImage():
            assert remove_image is not None
            for reference in item.references or (item.id,):
                with try_locked(_lock(kept.root, reference)) as free:
                    reason = remove_image(reference) if free else "a build holds it"
                if reason is not None:
                    return reason
            return None
        case KeptEnvironment():
            key = item.pointer.stem if item.pointer is not None else item.name
            with try_locked(kept.root / LOCKS / f"environment-{key}") as free:
                return _remove_environment(item) if free else "a build holds it"
        case KeptFolder():
            return _remove_path(item.path)


def _remove_environment(item: KeptEnvironment) -> str | None:
    """The pointer first: without it nobody takes the folder for a whole environment."""
    try:
        if item.pointer is not None:
            item.pointer.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or str(error)
    return _remove_path(item.folder)


def _remove_path(path: Path) -> str | None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or str(error)
    return None


def _remover(engine: Engine) -> Callable[[str], str | None]:
    """Removes an image by one of its names; never by force. None, or why the engine does not want to."""
    from docker.errors import DockerException, ImageNotFound

    from mlc.images.client import connect

    client = connect(engine.endpoint)

    def remove(reference: str) -> str | None:
        try:
            client.api.remove_image(reference, force=False)
        except ImageNotFound:
            return None
        except (DockerException, OSError) as error:
            return str(getattr(error, "explanation", None) or error)
        return None

    return remove


def _forget(kept: Inventory, gone: tuple[Decision, ...]) -> None:
    """Remove the notes of what went, and those of bundles that went before."""
    names = {name for one in gone if isinstance(one.item, KeptImage) for name in one.item.references}
    names |= {one.item.name for one in gone if isinstance(one.item, KeptEnvironment)}
    for use in kept.uses:
        if use.what in names:
            _remove_path(use.record)


def _lock(root: Path, reference: str) -> Path:
    """As builds take it (:mod:`mlc.images.builder`)."""
    return root / LOCKS / f"image-{digest_bytes(reference.encode())[:24]}"
