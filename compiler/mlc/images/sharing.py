"""What a build does besides building where images are shared: take what the registry has, give it what is new."""

import threading
from collections.abc import Callable
from dataclasses import replace

from mlc.diagnostics import Diagnostic, MlcError
from mlc.images.digests import forget_digest, known_digest, remember_digest
from mlc.images.layer_cache import Export, LayerCache, can_export
from mlc.images.options import BuildOptions
from mlc.images.registry import Absent, Run, pull, push
from mlc.ir.image import Image
from mlc.ir.plan import Plan


def to_push(image: Image, options: BuildOptions) -> bool:
    """Whether the registry is to get ``image`` and is not known to have it."""
    return options.push and not known_digest(image.reference)


class Sharing:
    """For one build of one plan; its methods are called from several threads, for an image each."""

    def __init__(self, plan: Plan, options: BuildOptions, docker: str, warn: Callable[[Diagnostic], None]) -> None:
        self._plan, self._options, self._docker, self._warn = plan, options, docker, warn
        self._lock = threading.Lock()
        self._silent = False
        self._cache: LayerCache | None = None

    def obtain(self, image: Image, run: Run) -> bool:
        """Pull ``image``; False where the registry does not have it, or, if nothing is to be pushed, does not answer.

        That is a warning, once: the next images are built without asking.
        """
        if not (self._plan.registry or image.digest) or self._silent:
            return False
        known = image.digest or known_digest(image.reference)
        try:
            found = pull(self._docker, replace(image, digest=known), self._plan.platform, run)
        except MlcError as error:
            if self._options.push:
                raise
            self._say_once(error.diagnostic)
            return False
        if found is Absent.ABSENT:
            forget_digest(image.reference)
            return False
        remember_digest(image.reference, found)
        return True

    def built(self, image: Image) -> None:
        """Note that the engine's image is one that no registry has seen."""
        forget_digest(image.reference)

    def publish(self, image: Image, run: Run) -> str:
        """Push ``image`` and, where its layers travel with it, its cache; the digest."""
        found = push(self._docker, image, run)
        cache = self.cache(run)
        if cache is not None and cache.export is Export.INLINE:
            for tag in cache.tags(self._plan, image):
                run([self._docker, "tag", image.reference, tag])
                push(self._docker, replace(image, reference=tag), run)
                run([self._docker, "rmi", tag])
        remember_digest(image.reference, found)
        return found

    def cache(self, run: Run) -> LayerCache | None:
        """Where layers are kept; the engine is asked once what it can do."""
        if not self._options.cache:
            return None
        with self._lock:
            if self._cache is None:
                export = can_export(self._docker, run) if self._options.push else None
                self._cache = LayerCache(repository=self._options.cache, export=export)
            return self._cache

    def with_cache(self, image: Image, run: Run) -> BuildOptions:
        """The options for building ``image``: those of all, and where its layers are kept."""
        cache = self.cache(run)
        if cache is None:
            return self._options
        return replace(
            self._options,
            cache_from=(*self._options.cache_from, *cache.sources(self._plan, image)),
            cache_to=(*self._options.cache_to, *cache.targets(self._plan, image)),
        )

    def _say_once(self, told: Diagnostic) -> None:
        with self._lock:
            if not self._silent:
                self._silent = True
                fix = f"{told.fix}. What is missing is built here" if told.fix else "What is missing is built here"
                self._warn(replace(told, code="W630", fix=fix))
