"""Versions: proved, signed, never changed, and refused when they were."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from pendopo.catalogue import store
from pendopo.catalogue.api import (
    DefinitionInvalid,
    ProofsFailed,
    ServiceNotFound,
    VersionConflict,
    VersionTampered,
    publish,
    service,
    service_version,
)
from pendopo.catalogue.definition.files import digest, manifest
from pendopo.catalogue.models import SearchEntry, ServiceVersion
from pendopo.catalogue.tests.conftest import Edit
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.kernel.errors import Forbidden
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    store.read_version.cache_clear()


def test_a_published_service_is_found_and_pinned(folder: Path) -> None:
    published = publish(folder)
    assert published.version_id is not None
    assert service("dukcapil", "akta-kelahiran").hash == published.hash
    assert service_version(published.version_id).identity.version == published.identity.version
    assert (
        AuditRow.objects.filter(event="catalogue.version_published", object_id=published.version_id).count()
        == 1
    )
    payload = OutboxEvent.objects.get(topic="catalogue.published").payload
    assert payload["version_id"] == str(published.version_id)


def test_publishing_the_same_text_again_changes_nothing(folder: Path) -> None:
    first = publish(folder)
    assert publish(folder).version_id == first.version_id
    assert ServiceVersion.objects.count() == 1
    assert AuditRow.objects.filter(event="catalogue.version_published").count() == 1


def test_a_version_number_stands_for_one_text(folder: Path, edit: Edit) -> None:
    publish(folder)
    edit("text/en.yaml", "Free of charge.", "Free.")
    with pytest.raises(VersionConflict):
        publish(folder)
    assert ServiceVersion.objects.count() == 1


def test_a_new_version_is_served_and_the_old_one_stays_readable(folder: Path, edit: Edit) -> None:
    old = publish(folder)
    edit("service.yaml", f"version: {old.identity.version}", "version: 99.0.0")
    edit("text/en.yaml", "  name: Birth certificate", "  name: Certificate of birth")
    new = publish(folder)
    assert service("dukcapil", "akta-kelahiran").version_id == new.version_id
    assert old.version_id is not None
    assert service_version(old.version_id).name("en") == "Birth certificate"
    assert set(SearchEntry.objects.values_list("version_id", flat=True)) == {new.version_id}


def test_an_unproved_definition_is_not_published(folder: Path, edit: Edit) -> None:
    edit("flow.yaml", "  - mother.family_card\n", "")
    with pytest.raises(ProofsFailed) as caught:
        publish(folder)
    assert caught.value.failed == ("minimisation",)
    assert not ServiceVersion.objects.exists()


def test_an_unreadable_definition_is_not_published(folder: Path, edit: Edit) -> None:
    edit("flow.yaml", "initial: draft", "initial: [")
    with pytest.raises(DefinitionInvalid):
        publish(folder)
    assert not ServiceVersion.objects.exists()


def test_only_those_who_may_publish(folder: Path) -> None:
    officer = Actor(
        kind=ActorKind.OFFICER,
        subject_id=uuid7(),
        assurance=2,
        session_id=uuid7(),
        body_id=uuid7(),
        post_id=uuid7(),
        permissions=frozenset(["casework:case:decide"]),
    )
    with pytest.raises(Forbidden):
        publish(folder, actor=officer)
    assert not ServiceVersion.objects.exists()


@pytest.mark.parametrize("how", ["text", "text and hash", "signature", "key"])
def test_a_changed_version_is_not_served(folder: Path, how: str) -> None:
    publish(folder)
    row = ServiceVersion.objects.get()
    if how == "signature":
        row.signature = bytes(64)
    elif how == "key":
        row.kid = "another"
    else:
        row.files["text/id.yaml"] = row.files["text/id.yaml"].replace(
            "Tidak dipungut biaya.", "Bayar di tempat."
        )
    if how == "text and hash":
        row.hash, row.manifest = digest(row.files), manifest(row.files)
    row.save()
    store.read_version.cache_clear()
    with pytest.raises(VersionTampered):
        service("dukcapil", "akta-kelahiran")


def test_the_database_keeps_one_current_version(folder: Path) -> None:
    publish(folder)
    row = ServiceVersion.objects.get()
    twin = ServiceVersion(
        agency=row.agency,
        code=row.code,
        version="9.9.9",
        hash=row.hash,
        manifest=row.manifest,
        files={},
        kid=row.kid,
        signature=row.signature,
        published_at=row.published_at,
        current=True,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_an_unknown_service_is_not_found() -> None:
    with pytest.raises(ServiceNotFound):
        service("dukcapil", "akta-bulan")
    with pytest.raises(ServiceNotFound):
        service_version(uuid7())
