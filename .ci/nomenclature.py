"""
Write the software bill of materials of the service: CycloneDX 1.6, in JSON, to the path given.

It is read from the locks and from `static/VENDORED.md` alone: the same sources give the same bytes, on any machine.
Packages of the tests are not in it: they never reach a server.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("build.txt", "run.txt")
VENDORED = re.compile(
    r"^\| `(?P<file>[\w.-]+)` \|.*npm package `(?P<name>[\w.-]+)`.*\| `(?P<sha256>\w{64})` \|$", re.MULTILINE
)


@dataclass(frozen=True)
class Pin:
    """A line of the lock: a package, the SHA-256 of its files, and the packages that ask for it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def pins(lock: str) -> Iterator[Pin]:
    """The packages of a lock, in its order."""
    for entry in re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", lock, flags=re.MULTILINE)[1:]:
        name, version = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", entry)[0]
        via = entry.partition("# via")[2].replace("#", " ").split()
        yield Pin(name, version, tuple(re.findall(r"sha256:(\w{64})", entry)), tuple(via))


def packaged(pin: Pin) -> Component:
    """A Python package. Any of the files that the lock allows may be the one installed."""
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=content) for content in pin.hashes]
    files = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(purl)), hashes=hashes)
    return Component(
        name=pin.name, version=pin.version, purl=purl, bom_ref=str(purl), external_references=[files]
    )


def vendored(row: re.Match[str]) -> Component:
    """A script of another project that is served as it is, from `static/`."""
    version, licence = (cell.strip() for cell in row[0].split("|")[3:5])
    purl = PackageURL("npm", name=row["name"], version=version)
    return Component(
        name=row["name"],
        version=version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[DisjunctiveLicense(name=licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=row["sha256"])],
        description=f"static/{row['file']}",
    )


def nomenclature() -> str:
    """The whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = [pin for lock in LOCKS for pin in pins((ROOT / ".ci/lock" / lock).read_text(encoding="utf-8"))]
    scripts = [
        vendored(row) for row in VENDORED.finditer((ROOT / "static/VENDORED.md").read_text(encoding="utf-8"))
    ]
    service = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
    )
    packages = {pin.name: packaged(pin) for pin in locked}
    bom = Bom(components=[*packages.values(), *scripts])
    bom.metadata.component = service
    bom.register_dependency(service, scripts)
    for pin in locked:
        for asking in pin.asked_by or (service.name,):
            if asking in packages or asking == service.name:
                bom.register_dependency(packages.get(asking, service), [packages[pin.name]])
    return without_chance(bom)


def without_chance(bom: Bom) -> str:
    """The document, numbered by its content rather than at random, and without the hour at which it was written."""
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    del written["metadata"]["timestamp"], written["serialNumber"]
    text = json.dumps(written, sort_keys=True)
    return (
        json.dumps(written | {"serialNumber": uuid5(NAMESPACE_URL, text).urn}, indent=2, ensure_ascii=False)
        + "\n"
    )


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nomenclature(), encoding="utf-8")
    print(path)
