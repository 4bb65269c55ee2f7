"""The command that builds an image, made of the options in this one place, for bake and for plain builds alike."""

from pathlib import Path

from mlc.diagnostics import NOWHERE, fail
from mlc.images.options import BuildOptions, Secret
from mlc.images.tools import Tools
from mlc.ir.image import Image
from mlc.records import dataclass

BAKE_FILE = "docker-bake.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Makes the commands for the images of one bundle, to be run in its folder."""

    docker: str
    buildx: str | None
    """Its version; None: the client builds itself."""
    targets: dict[str, str]
    """Targets of the bundle's bake file by the Dockerfile that they build; empty: it is not used."""
    platform: str
    options: BuildOptions

    def of(self, image: Image) -> list[str]:
        """``docker buildx bake`` where buildx and the bundle's bake file are there, else ``docker build``."""
        # Bake's --set knows no network before 0.16.
        if self.buildx is None or not self.targets or self.options.network:
            return self._build(image)
        target = self.targets.get(dockerfile(image), image.name)
        # The file lets CI change names and tags by variables such as TAG: here the name is the plan's own.
        settings = [("tags", image.reference), ("platform", self.platform), *self._settings(target)]
        told = [word for name, value in settings for word in ("--set", f"{target}.{_pair(name, value)}")]
        return [self.docker, "buildx", "bake", "--file", BAKE_FILE, "--load", "--progress", "plain", *told, target]

    def _settings(self, target: str) -> list[tuple[str, str | None]]:
        asked = self.options
        return [
            *((f"args.{name}", value or None) for name, value in asked.build_args),
            *((f"labels.{name}", value) for name, value in asked.labels),
            *(("secrets", _secret(secret)) for secret in asked.secrets),
            *(("cache-from", option.replace("{target}", target)) for option in asked.cache_from),
            *(("cache-to", option.replace("{target}", target)) for option in asked.cache_to),
            *([("no-cache", "true")] if asked.no_cache else []),
        ]

    def _build(self, image: Image) -> list[str]:
        asked = self.options
        verb = ["build"] if self.buildx is None else ["buildx", "build", "--load"]
        target = self.targets.get(dockerfile(image), image.name)
        exported = asked.cache_to if self.buildx else ()  # the client's own builder cannot
        flags = [
            *(("--build-arg", _pair(name, value or None)) for name, value in asked.build_args),
            *(("--label", f"{name}={value}") for name, value in asked.labels),
            *(("--secret", _secret(secret)) for secret in asked.secrets),
            *(("--cache-from", option.replace("{target}", target)) for option in asked.cache_from),
            *(("--cache-to", option.replace("{target}", target)) for option in exported),
            *([("--network", asked.network)] if asked.network else []),
        ]
        words = [word for flag in flags for word in flag] + ["--no-cache"] * asked.no_cache
        names = ["--tag", image.reference, "--platform", self.platform, "--file", dockerfile(image)]
        return [self.docker, *verb, "--progress", "plain", *names, *words, "."]


def commands(bundle: Path, platform: str, options: BuildOptions, tools: Tools) -> Commands:
    """The commands for ``bundle``; ``MlcError`` E651 without the ``docker`` command."""
    if tools.docker is None:
        raise fail(
            "E651",
            NOWHERE,
            "Images cannot be built without the `docker` command",
            why="An engine answers, but its client is not installed",
            fix="Install it (Debian: `apt install docker-cli docker-buildx`; else docs.docker.com/engine/install)",
        )
    targets = _bake_targets(bundle)
    return Commands(docker=tools.docker, buildx=tools.buildx, targets=targets, platform=platform, options=options)


def dockerfile(image: Image) -> str:
    """The Dockerfile of ``image``, relative to the bundle."""
    return f"environments/{image.name}/Dockerfile"


def _bake_targets(bundle: Path) -> dict[str, str]:
    import json

    try:
        targets = json.loads((bundle / BAKE_FILE).read_text(encoding="utf-8"))["target"]
        return {target["dockerfile"]: name for name, target in targets.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _pair(name: str, value: str | None) -> str:
    """``NAME=VALUE``; without a value the builder takes the one of its environment."""
    return name if value is None else f"{name}={value}"


def _secret(secret: Secret) -> str:
    place = f"env={secret.variable}" if secret.file is None else f"src={secret.file}"
    return f"id={secret.id},{place}"
