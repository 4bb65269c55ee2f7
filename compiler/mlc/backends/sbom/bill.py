"""A CycloneDX bill of materials from a lock: the base image, every package, and who asks for it."""

import re
from collections.abc import Iterable
from uuid import UUID

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


def bill(name: str, base: str, lock: Lock, digest: str) -> str:
    """The text of the file.

    Its serial number is made of ``digest`` (hex), and it has no time: the same lock gives the same bytes.
    """
    root = Component(name=name, type=ComponentType.CONTAINER, bom_ref=name)
    metadata = BomMetaData(component=root)
    metadata.timestamp = None  # type: ignore[assignment]  # "now" unless it is taken away
    bom = Bom(serial_number=UUID(hex=digest[:32], version=5), metadata=metadata)
    image = _image(base, lock.base_digest)
    # Pip installs into conda's environment: a name that both have is pip's then.
    packages = {one.name: (_conda(one), one.via) for one in lock.conda}
    packages |= {one.name: (_python(one), one.via) for one in lock.pip}
    for component in (image, *(component for component, _ in packages.values())):
        bom.components.add(component)
    asked: dict[str, list[Component]] = {name: [] for name in packages}
    for component, via in packages.values():
        for parent in via:
            asked.setdefault(parent, []).append(component)
    bom.register_dependency(root, [image, *_asked_for_by_nobody(list(packages.values()))])
    for parent, (component, _) in packages.items():
        bom.register_dependency(component, asked[parent])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _asked_for_by_nobody(packages: list[tuple[Component, tuple[str, ...]]]) -> list[Component]:
    """What the author asks for; also what only packages that are not in the lock are said to ask for."""
    known = {component.name for component, _ in packages}
    return [component for component, via in packages if not known.intersection(via)]


def _image(base: str, digest: str) -> Component:
    reference, _, pinned = base.partition("@")
    repository, _, tag = reference.rpartition("/")[2].partition(":")
    digest = pinned or digest
    purl = None
    if digest:
        where = reference.removesuffix(f":{tag}") if tag else reference
        qualifiers = {"repository_url": where} | ({"tag": tag} if tag else {})
        purl = PackageURL("oci", None, repository.lower(), digest, qualifiers)
    return Component(
        name=reference,
        version=digest or tag or None,
        type=ComponentType.CONTAINER,
        purl=purl,
        bom_ref=f"base image {base}",
        hashes=_hashes([digest] if digest else []),
    )


def _python(package: LockedPackage) -> Component:
    source = _CREDENTIALS.sub("", package.source)
    name = "vcs_url" if source.startswith("git+") else "download_url"
    qualifiers = {name: source} if "://" in source else None
    purl = PackageURL("pypi", None, package.name, package.version or None, qualifiers)
    return _library(package.name, package.version, purl, package.hashes)


def _conda(package: LockedCondaPackage) -> Component:
    channel, subdir, file = ("", "", *_CREDENTIALS.sub("", package.url).rsplit("/", 2))[-3:]
    kind = "conda" if file.endswith(".conda") else "tar.bz2"
    qualifiers = {"build": package.build, "channel": channel.rpartition("/")[2], "subdir": subdir, "type": kind}
    told = {name: text for name, text in qualifiers.items() if text}
    purl = PackageURL("conda", None, package.name, package.version, told)
    return _library(package.name, package.version, purl, (f"sha256:{package.sha256}",) if package.sha256 else ())


def _library(name: str, version: str, purl: PackageURL, hashes: Iterable[str]) -> Component:
    return Component(
        name=name,
        version=version or None,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=purl.to_string(),
        hashes=_hashes(hashes),
    )


def _hashes(hashes: Iterable[str]) -> list[HashType]:
    """One for each file that may be what is installed: a lock allows all that fit its platform and Python."""
    found = [text.removeprefix("sha256:") for text in hashes if text.startswith("sha256:")]
    return [HashType(alg=HashAlgorithm.SHA_256, content=text) for text in found]
