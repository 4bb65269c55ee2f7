"""``mlc vendor``: a bundle with all that its images are made of, to be built where there is no network."""

from typing import Any

import click

from mlc.cli import compiling, console, locking


@click.command(epilog=compiling.example("mlc vendor pipeline.py", "mlc vendor pipeline.yml --out carried"))
@compiling.source_options
@compiling.bundle_options
@locking.options
@compiling.json_option
def command(as_json: bool, **asked: Any) -> None:
    """Compile SOURCE, and collect base images, tools and wheels in vendor/ of its bundle.

    The folder then builds with no network: `mlc build` or `mlc run` there, or `docker load` of each file of
    vendor/images and `docker compose up`. What is there already is not fetched again.
    """
    from mlc import driver
    from mlc.backends.docker.site import images_in
    from mlc.cli.build import shown, write
    from mlc.images.vendor import vendor

    given = locking.asked(asked, make=True)
    session, compiled = compiling.compile_source(compiling.Asked(online=True, **given))
    write(compiled)
    network = session.options.config.network
    texts = [compiled.tree[f"environments/{image.name}/Dockerfile"].read().decode() for image in compiled.plan.images]
    names = tuple(sorted({name for text in texts for name in images_in(text)}))
    done = vendor(compiled.plan, compiled.bundle, names, network, lambda name: console.note(f"fetched {name}"))
    console.diagnostics(done.warnings, {}, console.here())
    # Now that all of it is there, its Dockerfiles look there and nowhere else.
    write(driver.emitted(compiled.plan, compiled.bundle, session.options))
    if as_json:
        told = {"bundle": str(compiled.bundle), "files": list(done.files), "fetched": list(done.fetched)}
        console.out_json(told | {"bytes": done.size})
        return
    folder = shown(compiled.bundle)
    console.out(f"{folder}/vendor: {len(done.files)} files, {len(done.fetched)} new, {done.size / 1e6:,.1f} MB")
