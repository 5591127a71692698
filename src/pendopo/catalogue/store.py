"""Published versions: from rows to services, with the check that nothing was changed meanwhile."""

import hmac
from collections.abc import Container
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pendopo.catalogue.definition.files import digest, manifest
from pendopo.catalogue.definition.load import load
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.errors import ServiceNotFound, VersionTampered
from pendopo.catalogue.models import ServiceVersion
from pendopo.keys import api as keys

PURPOSE = "definition"
"""Purpose of the key that signs versions."""
MOST_VERSIONS = 512
"""How many versions a process keeps: a province has some hundred services, and cases pin older ones."""


def current_version(agency: str, code: str) -> Service:
    """Return the current version of a service. Raises ServiceNotFound."""
    found = ServiceVersion.objects.filter(agency=agency, code=code, current=True).values_list("id", flat=True)
    version_id = found.first()
    if version_id is None:
        raise ServiceNotFound
    return read_version(version_id)


def current_versions(names: Container[tuple[str, str]] | None = None) -> dict[tuple[str, str], Service]:
    """Return the current versions of these services by agency and code; None: of all.

    One query once they were read. One that was tampered with stops only the lists in which it stands.
    """
    rows = ServiceVersion.objects.filter(current=True).values_list("id", "agency", "code")
    return {
        (agency, code): read_version(version_id)
        for version_id, agency, code in rows
        if names is None or (agency, code) in names
    }


@lru_cache(maxsize=MOST_VERSIONS)
def read_version(version_id: UUID) -> Service:
    """Return a version, checked against its hash and signature once a process.

    Raises ServiceNotFound and VersionTampered. Cached: a published version never changes.
    """
    row = ServiceVersion.objects.filter(id=version_id).first()
    if row is None:
        raise ServiceNotFound
    _check(row)
    return load(row.files, version_id=row.id, published_at=row.published_at)


def _check(row: ServiceVersion) -> None:
    same = hmac.compare_digest(digest(row.files), row.hash)
    if not (same and manifest(row.files) == bytes(row.manifest) and _signed(row)):
        raise VersionTampered(version=f"{row.agency}/{row.code} {row.version}")


def _signed(row: ServiceVersion) -> bool:
    key = keys.public_keys(PURPOSE).get(row.kid)
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(bytes(row.signature), bytes(row.manifest))
    except InvalidSignature:
        return False
    return True
