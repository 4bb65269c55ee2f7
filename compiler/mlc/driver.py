"""The compiler's table of contents: from a source to a bundle on the disk, in six hops."""

from dataclasses import dataclass
from pathlib import Path

from mlc import backends, frontend, passes
from mlc.backends import EmitOptions
from mlc.backends.reparse import reparse
from mlc.catalog import Catalog
from mlc.config import Config
from mlc.diagnostics import Bag
from mlc.files import FileTree, Written, write_tree
from mlc.ir.pipeline import Pipeline
from mlc.ir.plan import Plan
from mlc.passes.context import Context
from mlc.passes.lower import lower
from mlc.render.runtime import runtime_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a command asks of the compiler. ``out``: the bundle's folder, None: ``out/<pipeline>`` below ``cwd``."""

    cwd: Path
    config: Config = Config()
    out: Path | None = None
    arguments: tuple[str, ...] = ()
    pipeline: str | None = None
    component_paths: tuple[Path, ...] = ()
    vendor_data: bool = False
    emit: EmitOptions = EmitOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A plan and the files of its bundle, not written yet."""

    plan: Plan
    bundle: Path
    tree: FileTree


def check(source: Path, options: Options, bag: Bag) -> Plan | None:
    """Load ``source`` and run every pass; None if ``bag`` has errors. Nothing is written."""
    request = frontend.Request(
        arguments=options.arguments, pipeline=options.pipeline, component_paths=options.component_paths
    )
    pipeline = frontend.load(source, request, bag)
    if pipeline is None:
        return None
    context = _context(source, pipeline, options, bag)
    for check_or_rewrite in passes.PIPELINE_PASSES:
        pipeline = check_or_rewrite(pipeline, context)
    if bag.has_errors:
        return None
    plan = lower(pipeline, context)
    for complete in passes.PLAN_PASSES:
        plan = complete(plan, context)
    return None if bag.has_errors else plan


def compile(source: Path, options: Options, bag: Bag) -> Compiled | None:  # noqa: A001 - the word of the house
    """From ``source`` to the files of a bundle; None if ``bag`` has errors."""
    plan = check(source, options, bag)
    if plan is None:
        return None
    tree: dict[str, object] = {}
    for emit in backends.BUNDLE:
        tree |= emit(plan, options.emit)
    return Compiled(plan=plan, bundle=bundle_folder(plan.name, options), tree=reparse(tree))


def write(compiled: Compiled) -> Written:
    """Put the bundle on the disk, if anything changed."""
    return write_tree(compiled.tree, compiled.bundle)


def bundle_folder(name: str, options: Options) -> Path:
    """Where the bundle of the pipeline ``name`` goes."""
    return options.cwd / (options.out or Path("out") / name)


def _context(source: Path, pipeline: Pipeline, options: Options, bag: Bag) -> Context:
    catalog = Catalog(source.parent, options.component_paths + options.config.component_paths)
    return Context(
        config=options.config,
        bag=bag,
        bundle=bundle_folder(passes.plan_name(pipeline), options),
        source=source,
        vendor_data=options.vendor_data,
        runtime_digest=runtime_digest(),
        find_environment=catalog.find_environment,
    )
