"""The files of a lock, from the indexes that it was resolved with, checked against its hashes."""

import os
import subprocess
import tempfile
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mlc.config.network import Network
from mlc.diagnostics import NOWHERE, fail
from mlc.hashing import digest_bytes, digest_file
from mlc.images.site import installing
from mlc.images.uv import find_uv
from mlc.ir.image import Image, UvInstall
from mlc.ir.plan import Plan

SEED = ("pip", "setuptools", "wheel")
"""What a virtual environment begins with."""
_TRIPLES = {"linux/amd64": "x86_64-manylinux_2_36", "linux/arm64": "aarch64-manylinux_2_36"}
SECONDS = 600


def wheels(
    plan: Plan, image: Image, folder: Path, network: Network, told: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Files below ``wheels/`` by path, with what the manifest says of them; what ``folder`` lacks is fetched."""
    recipe = image.recipe
    assert isinstance(recipe, UvInstall)
    if recipe.lock is None:
        what = f"Environment {image.name} has no lock, so nobody knows its packages"
        raise fail("E638", image.span, what, fix="Run `mlc lock` first, and leave out --no-lock and MLC_NO_LOCK")
    variables = installing(image, network)
    wanted = {package.name: package for package in recipe.lock.pip}
    elsewhere = [package.name for package in recipe.lock.pip if package.source]
    if elsewhere:
        what = f"{elsewhere[0]} of environment {image.name} is no package of an index, and cannot be vendored"
        raise fail("E638", image.span, what, fix="Put its wheel into an index, or its code into the component")
    pins = [f"{package.name}=={package.version}" for package in recipe.lock.pip]
    options = [line for line in recipe.requirements if line.startswith(("-i", "-f", "--index", "--extra", "--find"))]
    options += [f"--extra-index-url {index}" for index in recipe.lock.indexes]
    seeds = [name for name in SEED if name not in wanted]
    found: dict[str, dict[str, Any]] = {}
    opener = _opener(network, variables)
    for name, file in _files(plan, recipe, [*pins, *seeds], options, variables):
        package = wanted.get(name)
        hash_ = f"sha256:{file['hashes'].get('sha256', '')}"
        if package is None or hash_ in package.hashes:
            path = f"wheels/{unquote(urlsplit(file['url']).path.rpartition('/')[2])}"
            _fetch(file["url"], hash_, folder / path, opener, variables, told)
            found[path] = {"package": name, "sha256": hash_.removeprefix("sha256:")}
    missing = set(wanted) - {about["package"] for about in found.values()}
    if missing:
        what = f"No index has the files any more that the lock of {image.name} names: {', '.join(sorted(missing))}"
        raise fail("E638", image.span, what, fix="`mlc lock --fresh` takes those that are there")
    return found


def _files(
    plan: Plan, recipe: UvInstall, pins: list[str], options: list[str], variables: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Package and file (``url``, ``hashes``) of all that uv would take for the lock's platform and Python."""
    assert recipe.lock is not None
    with tempfile.TemporaryDirectory(prefix="mlc-vendor-") as scratch:
        Path(scratch, "pins.txt").write_text("".join(f"{line}\n" for line in (*options, *pins)), encoding="utf-8")
        command = [find_uv(), "pip", "compile", "pins.txt", "--no-deps", "--format", "pylock.toml", "--quiet"]
        command += ["--output-file", "pylock.toml", "--index-strategy", "unsafe-best-match"]
        command += ["--python-platform", _TRIPLES.get(plan.platform, "x86_64-manylinux_2_36")]
        command += ["--python-version", recipe.lock.python] if recipe.lock.python else []
        done = subprocess.run(
            command,
            cwd=scratch,
            env=os.environ | dict(variables),
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
        )
        if done.returncode:
            why = " ".join(done.stderr.split())[-300:]
            raise fail("E638", NOWHERE, "The indexes do not say where the lock's files are", why=why)
        table = tomllib.loads(Path(scratch, "pylock.toml").read_text(encoding="utf-8"))
    for package in table.get("packages", ()):
        for file in package.get("wheels") or ([package["sdist"]] if "sdist" in package else []):
            yield package["name"], file


def _fetch(
    url: str, hash_: str, target: Path, opener: Any, variables: Mapping[str, str], told: Callable[[str], None]
) -> None:
    """Have the file there, whole and with that hash; one that is there already is looked at only."""
    if target.is_file() and f"sha256:{digest_file(target)}" == hash_:
        return
    from urllib.request import Request

    address, authorization = _authorized(url, variables)
    try:
        with opener.open(Request(address, headers=authorization), timeout=60) as answer:
            content = answer.read()
    except (OSError, ValueError) as error:
        raise fail("E638", NOWHERE, f"{target.name} cannot be fetched", why=str(error), fix="Try again") from None
    if f"sha256:{digest_bytes(content)}" != hash_:
        why = "Its hash is another one"
        fix = "Somebody between here and there, or the index itself, has replaced it"
        raise fail("E639", NOWHERE, f"{target.name} is not the file that the lock names", why=why, fix=fix)
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    scratch.write_bytes(content)
    scratch.replace(target)
    told(target.name)


def _authorized(url: str, variables: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The URL without a name and password, and the header that has them: its own, or its index's."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    own = parts.netloc.rpartition("@")[0]
    known = [urlsplit(text) for name in ("UV_DEFAULT_INDEX", "UV_INDEX") for text in variables.get(name, "").split()]
    users = [own, *(index.netloc.rpartition("@")[0] for index in known if index.netloc.rpartition("@")[2] == host)]
    user = next((found for found in users if found), "")
    basic = b64encode(unquote(user).encode()).decode()
    return parts._replace(netloc=host).geturl(), {"Authorization": f"Basic {basic}"} if user else {}


def _opener(network: Network, variables: Mapping[str, str]) -> Any:
    """Knows the site's proxies and authorities."""
    import ssl
    from urllib.request import HTTPSHandler, ProxyHandler, build_opener, getproxies

    ours = {kind: variables[f"{kind}_proxy"] for kind in ("http", "https") if f"{kind}_proxy" in variables}
    if hosts := variables.get("no_proxy"):
        os.environ["no_proxy"] = hosts
    context = ssl.create_default_context(cafile=str(network.ca_bundle) if network.ca_bundle else None)
    return build_opener(ProxyHandler(getproxies() | ours), HTTPSHandler(context=context))
