"""A conda channel for tests: small real packages in both archive formats, and the index that solvers read.

The package ``python`` in it is a stand-in: links to an interpreter that is there already, with the ``pyvenv.cfg`` that
makes the environment its prefix. ``pip`` is the real one, from the wheel that this Python carries for ``ensurepip``.
"""

import bz2
import ensurepip
import hashlib
import io
import json
import socket
import struct
import tarfile
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SUBDIRS = ("linux-64", "linux-aarch64", "noarch")


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaPackage:
    """One package file. ``noarch`` is '', ``python`` or ``generic``; such packages lie in the folder ``noarch``."""

    name: str
    version: str = "1.0"
    build: str = "0"
    number: int = 0
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    subdir: str = "linux-64"
    noarch: str = ""
    entry_points: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Symbolic links, path -> target."""
    old_form: bool = False
    """``.tar.bz2`` instead of ``.conda``."""

    @property
    def folder(self) -> str:
        """Which part of the channel it is in."""
        return "noarch" if self.noarch else self.subdir

    @property
    def file_name(self) -> str:
        """Name of its file."""
        return f"{self.name}-{self.version}-{self.build}.{'tar.bz2' if self.old_form else 'conda'}"


def python(
    version: str = "3.11.2", interpreter: str = "/usr/bin/python3.11", subdir: str = "linux-64", **more: object
) -> CondaPackage:
    """The stand-in for Python: links to ``interpreter``, whatever ``version`` says."""
    short = ".".join(version.split(".")[:2])
    config = f"home = {Path(interpreter).parent}\ninclude-system-site-packages = false\nversion = {version}\n"
    return CondaPackage(
        name="python",
        version=version,
        build="h0_cpython",
        subdir=subdir,
        files={"pyvenv.cfg": config.encode(), f"lib/python{short}/site-packages/README.txt": b"of a stand-in\n"},
        links={f"bin/{name}": interpreter for name in ("python", "python3", f"python{short}")},
        **more,  # type: ignore[arg-type]
    )


def module(name: str, version: str = "1.0", *depends: str, **more: object) -> CondaPackage:
    """A package of pure Python with one module, which knows its version; any Python will do if none is named."""
    files = {
        f"site-packages/{name.replace('-', '_')}.py": f'__version__ = "{version}"\n\n\ndef main():\n'
        f'    print("{name} {version}")\n'.encode(),
        **_dist_info(name, version),
    }
    wanted = depends if any(item.split()[0] == "python" for item in depends) else (*depends, "python")
    return CondaPackage(name=name, version=version, depends=wanted, noarch="python", files=files, **more)  # type: ignore[arg-type]


def pip(depends: str = "python") -> CondaPackage:
    """The pip that this Python brings along."""
    wheel = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        files = {f"site-packages/{name}": archive.read(name) for name in archive.namelist()}
    return CondaPackage(
        name="pip",
        version=wheel.name.split("-")[1],
        depends=(depends,),
        noarch="python",
        entry_points=("pip = pip._internal.cli.main:main",),
        files=files,
    )


def make_channel(folder: Path, packages: Iterable[CondaPackage]) -> Path:
    """Write the packages and ``repodata.json`` of every subfolder; ``folder`` may hold packages already."""
    index: dict[str, dict[str, dict[str, object]]] = {}
    for name in SUBDIRS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        there = folder / name / "repodata.json"
        found = json.loads(there.read_text()) if there.is_file() else {}
        index[name] = {key: found.get(key, {}) for key in ("packages", "packages.conda")}
    for package in packages:
        content = _archive(package)
        (folder / package.folder / package.file_name).write_bytes(content)
        about = _index_json(package) | {
            "sha256": hashlib.sha256(content).hexdigest(),
            "md5": hashlib.md5(content).hexdigest(),
            "size": len(content),
        }
        index[package.folder]["packages" if package.old_form else "packages.conda"][package.file_name] = about
    for name, content_of in index.items():
        text = json.dumps({"info": {"subdir": name}, **content_of, "removed": [], "repodata_version": 1})
        (folder / name / "repodata.json").write_text(text)
    return folder


@contextmanager
def served(folder: Path, seen: list[str] | None = None) -> Iterator[str]:
    """The URL of ``folder``, a channel, for this machine and for containers on it, while the block runs.

    ``seen`` takes the paths that are asked for.
    """
    paths: list[str] = [] if seen is None else seen

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            paths.append(self.path)
            super().do_GET()

    with ThreadingHTTPServer((_own_address(), 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://{_own_address()}:{server.server_port}"
        server.shutdown()


def _own_address() -> str:
    """The address of this machine on the way out; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


def _dist_info(name: str, version: str) -> dict[str, bytes]:
    """What tells pip that the package is there."""
    folder = f"site-packages/{name.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    return {f"{folder}/METADATA": metadata.encode(), f"{folder}/INSTALLER": b"conda\n", f"{folder}/RECORD": b""}


def _index_json(package: CondaPackage) -> dict[str, object]:
    about: dict[str, object] = {
        "name": package.name,
        "version": package.version,
        "build": package.build,
        "build_number": package.number,
        "depends": list(package.depends),
        "constrains": list(package.constrains),
        "subdir": package.folder,
        "license": "MIT",
    }
    return about | ({"noarch": package.noarch} if package.noarch else {})


def _information(package: CondaPackage) -> dict[str, bytes]:
    """The files below ``info/``."""
    paths: list[dict[str, object]] = [
        {
            "_path": path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size_in_bytes": len(content),
        }
        for path, content in sorted(package.files.items())
    ]
    paths += [{"_path": path, "path_type": "softlink"} for path in sorted(package.links)]
    found = {
        "info/index.json": json.dumps(_index_json(package)).encode(),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}).encode(),
        "info/files": "".join(f"{path}\n" for path in sorted([*package.files, *package.links])).encode(),
    }
    if package.noarch == "python":
        noarch = {"type": "python", "entry_points": list(package.entry_points)}
        found["info/link.json"] = json.dumps({"noarch": noarch, "package_metadata_version": 1}).encode()
    return found


def _archive(package: CondaPackage) -> bytes:
    information, content = _information(package), dict(package.files)
    if package.old_form:
        return bz2.compress(_tar(information | content, package.links))
    stem = package.file_name.removesuffix(".conda")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (
            ("metadata.json", b'{"conda_pkg_format_version": 2}'),
            (f"pkg-{stem}.tar.zst", _zstandard(_tar(content, package.links))),
            (f"info-{stem}.tar.zst", _zstandard(_tar(information, {}))),
        ):
            archive.writestr(zipfile.ZipInfo(name), data)
    return whole.getvalue()


def _tar(files: Mapping[str, bytes], links: Mapping[str, str]) -> bytes:
    """Without times or owners: the same package is the same file."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), 0o755 if path.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(content))
        for path, target in sorted(links.items()):
            member = tarfile.TarInfo(path)
            member.type, member.linkname, member.mode = tarfile.SYMTYPE, target, 0o777
            archive.addfile(member)
    return whole.getvalue()


def _zstandard(data: bytes) -> bytes:
    """A Zstandard frame (RFC 8878) of raw blocks: nothing is compressed, so no library is needed."""
    # One segment, its size in four bytes.
    frame = bytearray(b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)))
    block = 128 * 1024
    starts = range(0, max(len(data), 1), block)
    for start in starts:
        part = data[start : start + block]
        header = (len(part) << 3) | (start == starts[-1])
        frame += struct.pack("<I", header)[:3] + part
    return bytes(frame)
