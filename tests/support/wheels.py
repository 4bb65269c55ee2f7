"""Wheels that a test makes itself: small or large, pure, the same bytes for the same call."""

import hashlib
import io
import random
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel with one module of the package's name."""

    name: str
    version: str
    content: bytes
    unpacked: int
    """Bytes of its files."""

    @property
    def file_name(self) -> str:
        """As on an index."""
        return f"{self.name}-{self.version}-py3-none-any.whl"

    @property
    def sha256(self) -> str:
        """As in a lock: ``sha256:...``."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"


def wheel(name: str, version: str = "1.0", *, weight: int = 0, requires: tuple[str, ...] = ()) -> Wheel:
    """A wheel; ``weight``: bytes of data in it that cannot be compressed."""
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files: dict[str, bytes] = {
        f"{name}/__init__.py": f'__version__ = "{version}"\n'.encode(),
        f"{about}/METADATA": (metadata + "".join(f"Requires-Dist: {item}\n" for item in requires)).encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if weight:
        files[f"{name}/weights.bin"] = random.Random(f"{name} {version}").randbytes(weight)
    files[f"{about}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD")).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    unpacked = sum(map(len, files.values()))
    return Wheel(name=name, version=version, content=stream.getvalue(), unpacked=unpacked)
