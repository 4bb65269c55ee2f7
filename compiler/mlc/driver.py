"""The compiler's table of contents: from a source to a bundle on the disk, in six hops."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlc import backends, frontend, passes
from mlc.backends import EmitOptions
from mlc.backends.reparse import reparse
from mlc.catalog import Catalog, Places, Readers
from mlc.config import Config
from mlc.diagnostics import Bag
from mlc.files import File, FileTree, Written, make_folder, write_tree
from mlc.frontend.data_assets import load_data_asset
from mlc.frontend.environments import load_environment_file
from mlc.images.memo import recalled
from mlc.ir.pipeline import Pipeline
from mlc.ir.plan import Plan
from mlc.passes.context import Context, Locks, NoLocks
from mlc.passes.lower import lower
from mlc.records import dataclass
from mlc.render.runtime import runtime_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a command asks of the compiler. ``out``: the bundle's folder, None: ``out/<pipeline>`` below ``cwd``."""

    cwd: Path
    config: Config = Config()
    out: Path | None = None
    arguments: tuple[str, ...] = ()
    """For the script itself."""
    pipeline: str | None = None
    """Which one, where a source has several."""
    component_paths: tuple[Path, ...] = ()
    maps: tuple[str, ...] = ()
    """``NAME=TARGET``: what names stand for here."""
    vendor_data: bool = False
    locks: Locks = NoLocks()
    """Where the locks of environments come from."""
    emit: EmitOptions = EmitOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A plan and the files of its bundle, not written yet."""

    plan: Plan
    bundle: Path
    tree: FileTree


def check(source: Path, options: Options, bag: Bag, *, for_bundle: bool = False) -> Plan | None:
    """Load ``source`` and run every pass; None if ``bag`` has errors. Nothing is written.

    ``for_bundle``: the plan is to be built, so what can only be planned yet (sweeps, ...) is an error.
    """
    # Read: run the script or the notebook's cells, parse the YAML. What the author said, checked for shape only.
    names = names_for(source.parent, options, bag)
    request = frontend.Request(arguments=options.arguments, pipeline=options.pipeline, names=names)
    pipeline = frontend.load(source, request, bag)
    if pipeline is None:
        names.report()
        return None
    context = replace(_context(source, pipeline, names, options, bag), for_bundle=for_bundle)
    # Check and simplify what was said: references, types, cycles, names.
    for check_or_rewrite in passes.PIPELINE_PASSES:
        pipeline = check_or_rewrite(pipeline, context)
    # What was asked for by name and found nowhere is said once, all of it.
    names.report()
    if bag.has_errors:
        return None
    # Turn it into what will be built: flat tasks, images, mounts, edges.
    plan = lower(pipeline, context)
    # Complete and check that: resources, keys, names of images.
    for complete in passes.PLAN_PASSES:
        plan = complete(plan, context)
    return None if bag.has_errors else plan


def compile(source: Path, options: Options, bag: Bag) -> Compiled | None:  # noqa: A001 - the word of the house
    """From ``source`` to the files of a bundle; None if ``bag`` has errors."""
    plan = check(source, options, bag, for_bundle=True)
    if plan is None:
        return None
    # Each back end adds its files: Dockerfiles, Compose, bake, graph, code, runtime, the plan itself.
    return emitted(plan, bundle_folder(plan.name, options), options)


def with_digests(compiled: Compiled, digests: Mapping[str, str], options: Options) -> Compiled:
    """The bundle with what is now known of the registry: ``sha256:...`` by name of image; the rest is built."""
    images = tuple(replace(image, digest=digests.get(image.name, "")) for image in compiled.plan.images)
    if images == compiled.plan.images:
        return compiled
    return emitted(replace(compiled.plan, images=images), compiled.bundle, options)


def emitted(plan: Plan, bundle: Path, options: Options) -> Compiled:
    """The files of a bundle for ``plan``. Where its folder holds all that the images are made of, they use that."""
    tree: dict[str, File] = {}
    vendored = False
    if (bundle / "vendor").is_dir():
        from mlc.images.vendor import is_vendored

        vendored = is_vendored(plan, bundle)
    for emit in backends.BUNDLE:
        tree |= emit(plan, replace(options.emit, recall=recalled, vendored=vendored))
    # What was rendered is parsed again before anybody relies on it.
    return Compiled(plan=plan, bundle=bundle, tree=reparse(tree))


def write(compiled: Compiled) -> Written:
    """Put the bundle on the disk, if anything changed, and make the folders that its steps deliver to."""
    written = write_tree(compiled.tree, compiled.bundle)
    for given in compiled.plan.inputs:
        if given.written and not given.remote and given.value:
            with suppress(OSError):  # The step that writes there says what is wrong.
                make_folder(compiled.bundle / given.value)
    return written


def bundle_folder(name: str, options: Options) -> Path:
    """Where the bundle of the pipeline ``name`` goes."""
    return options.cwd / (options.out or Path("out") / name)


def names_for(folder: Path, options: Options, bag: Bag) -> Catalog:
    """What finds things by name for a source in ``folder``."""
    places = Places(
        start=folder,
        config=options.config,
        folders=tuple(options.cwd / path for path in options.component_paths + options.config.component_paths),
        maps=options.maps,
        cwd=options.cwd,
    )
    readers = Readers(
        environment=lambda file: load_environment_file(file, bag), data=lambda file: load_data_asset(file, bag)
    )
    return Catalog(places, readers, bag)


def _context(source: Path, pipeline: Pipeline, names: Catalog, options: Options, bag: Bag) -> Context:
    return Context(
        config=options.config,
        bag=bag,
        bundle=bundle_folder(passes.plan_name(pipeline), options),
        source=source,
        vendor_data=options.vendor_data,
        runtime_digest=runtime_digest(),
        names=names,
        locks=options.locks,
    )
