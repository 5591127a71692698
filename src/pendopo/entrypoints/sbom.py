"""The bill of materials as CycloneDX 1.6 JSON, written from the locks alone.

The same locks give the same bytes (no time, a serial number made of the content), so that two people can
compare. Licences of Python packages are read from what is installed; a package of another platform carries
the property ``pendopo:licence-unread``.
"""

import hashlib
import json
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from pendopo.entrypoints import locks
from pendopo.entrypoints.locks import Pinned
from pendopo.entrypoints.places import CHECKOUT

type Json = str | int | bool | list[Json] | dict[str, Json] | None

READ_BY_HAND: Final = {"aiosmtpd": "Apache-2.0"}
"""Packages whose metadata says nothing usable, read by a person."""
LONGEST_NAME = 200


def document(root: Path = CHECKOUT) -> dict[str, Json]:
    """Return the document: the shipped Python groups and the npm packages that assets are built from."""
    parts = [*locks.python(locks.SHIPPED, root), *locks.npm(root)]
    project = json.loads((root / "package.json").read_text())
    own = f"pkg:generic/pendopo@{project['version']}"
    components: list[Json] = [_component(part) for part in parts]
    references: list[Json] = [part.purl for part in parts]
    content = json.dumps(components, sort_keys=True).encode()
    serial = uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "pendopo",
                "version": project["version"],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": references}],
    }


def _component(part: Pinned) -> Json:
    licence = part.licence or _licence(part)
    properties: list[Json] = [{"name": "pendopo:lock", "value": group} for group in part.groups]
    if not licence:
        properties.append({"name": "pendopo:licence-unread", "value": "not installed on this platform"})
    component: dict[str, Json] = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "scope": "excluded" if part.groups == ("npm-dev",) else "required",
        "hashes": _hashes(part),
        "properties": properties,
    }
    return component | ({"licenses": licence} if isinstance(licence, list) else _told(licence))


def _told(licence: str) -> dict[str, Json]:
    return {"licenses": [{"expression": licence}]} if licence else {}


def _hashes(part: Pinned) -> list[Json]:
    named = (("SHA-256", part.sha256), ("SHA-512", part.sha512))
    return [{"alg": algorithm, "content": value} for algorithm, values in named for value in values]


def _licence(part: Pinned) -> str | list[Json]:
    """Return an SPDX expression where the package gives one, else the names that it gives."""
    if part.kind != "pypi":
        return ""
    if part.name in READ_BY_HAND:
        return READ_BY_HAND[part.name]
    try:
        info = metadata(part.name)
    except PackageNotFoundError:
        return ""
    if info.get("License-Expression"):
        return str(info["License-Expression"])
    lines = [str(line) for line in info.get_all("Classifier", [])]
    names = [line.split(" :: ")[-1] for line in lines if line.startswith("License ::")]
    names = [name for name in names if name != "OSI Approved"] or [_first_line(info.get("License") or "")]
    return [{"license": {"name": name}} for name in names if name]


def _first_line(text: str) -> str:
    """A licence field may hold the whole text; its first line names it."""
    return next((line.strip()[:LONGEST_NAME] for line in text.splitlines() if line.strip()), "")
