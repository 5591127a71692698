"""Publish a definition: prove it, sign it, store it as a version that never changes, make it current."""

from pathlib import Path
from uuid import UUID

from django.db import transaction

from pendopo.catalogue import search, store
from pendopo.catalogue.definition.files import manifest, read_folder
from pendopo.catalogue.definition.load import load
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.errors import ProofsFailed, VersionConflict
from pendopo.catalogue.events import PUBLISHED
from pendopo.catalogue.models import ServiceVersion
from pendopo.catalogue.proofs.run import definitions_folder, prove
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.outbox import emit
from pendopo.keys import api as keys

VERSION_PUBLISHED = event_type("catalogue.version_published", "A service definition was proved and published")

PERMISSION = "catalogue:service:publish"


def publish(folder: Path, *, actor: Actor = SYSTEM) -> Service:
    """Publish the definition in ``folder`` and return the published service.

    Publishing the same text again changes nothing. Raises DefinitionInvalid, ProofsFailed, VersionConflict
    (this version number stands for another text), Forbidden.
    """
    if actor != SYSTEM:
        actor.require(PERMISSION)
    service = load(read_folder(folder))
    report = prove(service, definitions_folder(folder))
    if not report.passed:
        raise ProofsFailed(report.failed)
    with transaction.atomic(durable=True):
        lock(f"catalogue.publish.{service.agency}.{service.code}")
        version_id = _store(service, folder, actor)
    return store.read_version(version_id)


def _store(service: Service, folder: Path, actor: Actor) -> UUID:
    version = service.identity.version
    versions = ServiceVersion.objects.filter(agency=service.agency, code=service.code)
    known = versions.filter(version=version).first()
    if known is not None and known.hash != service.hash:
        raise VersionConflict(
            f"version {version} was already published with another text: raise `version` in service.yaml"
            " (a demonstration may also start anew with ./pendopo up --fresh)",
            version=version,
            service=f"{service.agency}/{service.code}",
        )
    if known is not None and known.current:
        return known.id
    versions.filter(current=True).update(current=False)
    row = known or _insert(service)
    row.current = True
    row.save(update_fields=["current"])
    search.index(row, service, definitions_folder(folder))
    detail = {"service": f"{service.agency}/{service.code}", "version": version, "hash": service.hash}
    audit(VERSION_PUBLISHED, actor=actor, object_id=row.id, detail=detail)
    emit(PUBLISHED, {**detail, "version_id": str(row.id)})
    return row.id


def _insert(service: Service) -> ServiceVersion:
    keys.ensure(store.PURPOSE, "Ed25519")
    signer = keys.signer(store.PURPOSE)
    content = manifest(service.files)
    return ServiceVersion.objects.create(
        agency=service.agency,
        code=service.code,
        version=service.identity.version,
        hash=service.hash,
        manifest=content,
        files=dict(service.files),
        kid=signer.kid,
        signature=signer.sign(content),
        published_at=now(),
    )
