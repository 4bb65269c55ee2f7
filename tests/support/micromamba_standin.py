"""A stand-in for micromamba: a small wrapper over py-rattler, with the part of the command line that bundles use.

Solving and linking are real; the program is not micromamba, and nothing seen here says anything about the real one.
It is ``__main__.py`` of an archive that the base image's Python runs and that holds the libraries too. Compiled ones
cannot be loaded from there: all are unpacked once, below ``MAMBA_ROOT_PREFIX``.

    micromamba create|install --yes --no-rc --prefix DIR --file conda.yaml|explicit.txt [--offline]
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHO = "stand-in for micromamba"
ALIAS = "https://conda.anaconda.org"


def main():
    """Run the command; the exit status is 1 with words on standard error if it cannot be done."""
    parser = argparse.ArgumentParser(prog=f"micromamba ({WHO})")
    parser.add_argument("command", choices=("create", "install"))
    for flag in ("--yes", "--no-rc", "--no-deps", "--quiet", "--offline"):
        parser.add_argument(flag, action="store_true")
    for option in ("--prefix", "--file"):
        parser.add_argument(option, required=True, type=Path)
    parser.add_argument("--channel-alias", default=os.environ.get("MAMBA_CHANNEL_ALIAS", ALIAS))
    asked = parser.parse_args()
    print(f"{WHO}: {asked.command} {asked.prefix}", flush=True)
    _unpack()
    text = asked.file.read_text()
    try:
        if "@EXPLICIT" in text:
            asyncio.run(_explicit(asked, text))
        else:
            asyncio.run(_solved(asked, text))
    except Exception as problem:
        print(f"{WHO}: {problem}", file=sys.stderr, flush=True)
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)  # The library's threads can end an interpreter badly.


def _cache():
    return Path(os.environ.get("CONDA_PKGS_DIRS") or Path(os.environ["MAMBA_ROOT_PREFIX"], "pkgs"))


def _unpack():
    """Make the libraries loadable; where they are unpacked already, that is all."""
    archive = Path(sys.path[0])
    if not archive.is_file():
        return  # Started from a checkout, where they are installed.
    target = Path(os.environ["MAMBA_ROOT_PREFIX"], f"stand-in-{archive.stat().st_size}")
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = tempfile.mkdtemp(dir=target.parent)
        with zipfile.ZipFile(archive) as content:
            content.extractall(partial)
        Path(partial).rename(target)
    sys.path.insert(0, str(target))


async def _explicit(asked, text):
    """Install files as they are listed. What they are is read from the packages themselves."""
    from rattler import RepoDataRecord

    records = []
    for line in text.split("@EXPLICIT", 1)[1].splitlines():
        if line.strip() and not line.startswith("#"):
            url, _, mark = line.strip().partition("#")
            path = _fetched(url, mark.removeprefix("sha256:"), asked)
            records.append(await RepoDataRecord.from_package_archive(path))
    await _link(asked, records)


def _fetched(url, sha256, asked):
    """The package's file, in the cache; its hash is checked."""
    import hashlib
    from urllib.request import urlopen

    target = _cache() / Path(url).name
    if not target.is_file():
        if asked.offline:
            raise RuntimeError(f"{url} is not in the cache")
        print(f"{WHO}: downloads {url}", flush=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with urlopen(url) as answer:
            content = answer.read()
        target.write_bytes(content)
    found = hashlib.sha256(target.read_bytes()).hexdigest()
    if sha256 and found != sha256:
        target.unlink()
        raise RuntimeError(f"{url} has the SHA-256 {found}, not {sha256}")
    return target


async def _solved(asked, text):
    """Choose packages for a conda file, install them, then what its pip section lists."""
    import yaml
    from rattler import Channel, ChannelConfig, ChannelPriority, Gateway, MatchSpec, Subdir, VirtualPackage, solve

    listing = yaml.safe_load(text)
    specs = [item for item in listing["dependencies"] if isinstance(item, str)]
    pip = [line for item in listing["dependencies"] if isinstance(item, dict) for line in item["pip"]]
    config = ChannelConfig(channel_alias=asked.channel_alias)
    machine = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}[os.uname().machine]
    records = await solve(
        sources=[Channel(name, config) for name in listing["channels"]],
        specs=[MatchSpec(spec) for spec in specs],
        gateway=Gateway(cache_dir=_cache() / "index"),
        platforms=[Subdir(machine), Subdir("noarch")],
        virtual_packages=[found.into_generic() for found in VirtualPackage.detect()],
        channel_priority=ChannelPriority.Flexible,
    )
    await _link(asked, records)
    if pip:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("\n".join(pip) + "\n")
            file.flush()
            command = [str(asked.prefix / "bin" / "python"), "-m", "pip", "install", "-U", "-r", file.name]
            subprocess.run(command, check=True)


async def _link(asked, records):
    """Add the packages to the environment; what is there stays, as where the real one installs explicit files."""
    from rattler import PrefixRecord, install

    if asked.command == "create" and (asked.prefix / "conda-meta").is_dir():
        raise RuntimeError(f"there is an environment at {asked.prefix}")
    there = [PrefixRecord.from_path(path) for path in sorted((asked.prefix / "conda-meta").glob("*.json"))]
    names = {record.name.normalized for record in records}
    kept = [record for record in there if record.name.normalized not in names]
    for record in records:
        print(f"{WHO}: links {record.name.normalized} {record.version}", flush=True)
    await install([*kept, *records], asked.prefix, cache_dir=_cache(), installed_packages=there, show_progress=False)


if __name__ == "__main__":
    main()
