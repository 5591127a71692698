"""Pulling access records: what is believed, what is put aside, and what survives a failure."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from django.db import IntegrityError, connection, transaction

from pendopo.exchange import access_records, gateway, models
from pendopo.exchange.access_records import OWN, Source
from pendopo.exchange.snapshots import build_snapshot
from pendopo.exchange.tests.conftest import HALL, OFFICE, Registry
from pendopo.exchange.tests.crooked import CrookedGateway, Reply, crooked_gateway
from pendopo.foundation.settings import current
from pendopo.ledger import api as ledger
from pendopo_wire import access
from pendopo_wire.access import AccessRecord, Side
from pendopo_wire.identifiers import ServiceId, SubsystemId
from pendopo_wire.keyids import thumbprint

PEER = f"{OFFICE}/KEPENDUDUKAN"
OWN_SPOOL = Source(OWN, "/accessRecords")
PEER_SPOOL = Source(PEER, f"/r1/{PEER}/listAccessRecords")
WHO = "a-pseudonym"


def record(number: int, side: Side = Side.CONSUMER, **changes: object) -> AccessRecord:
    made = AccessRecord(
        id=f"digest-{number}",
        message_id=f"ID-DEMO-{number}",
        at=dt.datetime(2026, 11, 22, 1, 2, 3, tzinfo=dt.UTC),
        side=side,
        consumer=SubsystemId.parse(f"{HALL}/PENDOPO"),
        service=ServiceId.parse(f"{PEER}/population-v1"),
        method="POST",
        path="/persons",
        agreement="CONTOH/PKS/001/2026/identity.activation",
        purpose="identity.activation",
        legal_basis="permendagri-72-2022",
        subjects=(WHO,),
        fields=("name",),
        user="an-officer",
        issue="AKT-1",
        status=200,
        request_digest="sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def signed(entry: AccessRecord, key: EllipticCurvePrivateKey) -> str:
    return access.sign(entry, key=key, keyid=thumbprint(key.public_key()))


def page(*statements: str, first: int = 1, more: bool = False) -> Reply:
    items = [{"cursor": f"1-{first + n}", "record": text} for n, text in enumerate(statements)]
    following = items[-1]["cursor"] if items else f"1-{first}"
    return Reply(200, {}, json.dumps({"records": items, "next": following, "more": more}).encode())


@contextmanager
def spool_says(*replies: Reply) -> Iterator[CrookedGateway]:
    with pytest.MonkeyPatch.context() as patch, crooked_gateway(*replies) as told:
        patch.setenv("PENDOPO_GATEWAY_URL", told.url)
        current.cache_clear()
        yield told
        gateway.http_client().close()
        gateway._client.cache_clear()
    current.cache_clear()


def pull(source: Source, *replies: Reply) -> list[str]:
    """Pull once; return the paths that were asked."""
    with spool_says(*replies) as told:
        access_records.pull(source, build_snapshot)
    return [seen.path for seen in told.seen]


def test_a_record_of_each_side_becomes_one_confirmed_entry(registry: Registry) -> None:
    pull(OWN_SPOOL, page(signed(record(1), registry.hall.key)))
    pull(PEER_SPOOL, page(signed(record(1, Side.PROVIDER), registry.office.key)))
    (entry,) = ledger.access_of(WHO)
    assert (entry.purpose, entry.fields, entry.issue, entry.confirmed) == (
        "identity.activation",
        ("name",),
        "AKT-1",
        True,
    )


def test_two_sides_that_differ_are_shown_as_disputed(registry: Registry) -> None:
    pull(OWN_SPOOL, page(signed(record(1), registry.hall.key)))
    told = record(1, Side.PROVIDER, fields=("name", "address"))
    pull(PEER_SPOOL, page(signed(told, registry.office.key)))
    assert [entry.disputed for entry in ledger.access_of(WHO)] == [True, True]


def test_the_cursor_moves_with_what_was_kept(registry: Registry) -> None:
    first = page(signed(record(1), registry.hall.key), signed(record(2), registry.hall.key), more=True)
    paths = pull(OWN_SPOOL, first, page(signed(record(3), registry.hall.key), first=3))
    assert paths == ["/accessRecords?limit=200", "/accessRecords?limit=200&after=1-2"]
    assert pull(OWN_SPOOL, page(first=3)) == ["/accessRecords?limit=200&after=1-3"]
    assert len(ledger.access_of(WHO)) == 3


def test_a_page_read_twice_changes_nothing(registry: Registry) -> None:
    for _ in range(2):
        models.PullCursor.objects.all().delete()
        pull(OWN_SPOOL, page(signed(record(1), registry.hall.key)))
    assert len(ledger.access_of(WHO)) == 1


def test_a_page_that_fails_half_way_is_kept_not_at_all(registry: Registry) -> None:
    """The database refuses the second record: neither the first nor the cursor stays."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_accessrecord ADD CHECK (message_id <> 'digest-2')")
    first = page(signed(record(1), registry.hall.key), signed(record(2), registry.hall.key))
    with spool_says(first), pytest.raises(IntegrityError), transaction.atomic():
        access_records.pull(OWN_SPOOL, build_snapshot)
    assert ledger.access_of(WHO) == []
    assert not models.PullCursor.objects.exists()


def _false(registry: Registry) -> dict[str, tuple[Source, str]]:
    """Eight ways to be false, with the spool that hands each out."""
    other = SubsystemId.parse("ID-DEMO/GOV/OTHER/SYSTEM")
    elsewhere = ServiceId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH/LAIN/population-v1")
    good = signed(record(1), registry.hall.key)
    head, body, signature = good.split(".")
    return {
        "no statement": (OWN_SPOOL, "nonsense"),
        "changed": (OWN_SPOOL, f"{head}.{body[:-4]}AAAA.{signature}"),
        "signed by another member": (OWN_SPOOL, signed(record(1), registry.office.key)),
        "another consumer": (OWN_SPOOL, signed(record(1, consumer=other), registry.hall.key)),
        "the provider's side from our gateway": (
            OWN_SPOOL,
            signed(record(1, Side.PROVIDER), registry.office.key),
        ),
        "an id that no table holds": (OWN_SPOOL, signed(record(1, id="x" * 101), registry.hall.key)),
        "our side from a peer": (PEER_SPOOL, signed(record(1), registry.hall.key)),
        "another provider": (
            PEER_SPOOL,
            signed(record(1, Side.PROVIDER, service=elsewhere), registry.office.key),
        ),
    }


@pytest.mark.parametrize("case", range(8))
def test_a_false_record_is_put_aside_and_those_behind_it_are_read(registry: Registry, case: int) -> None:
    name, (source, statement) = list(_false(registry).items())[case]
    side = Side.CONSUMER if source is OWN_SPOOL else Side.PROVIDER
    key = registry.hall.key if source is OWN_SPOOL else registry.office.key
    pull(source, page(statement, signed(record(2, side), key)))
    assert len(ledger.access_of(WHO)) == 1, name
    rejected = models.RejectedRecord.objects.get()
    assert (rejected.source, rejected.cursor) == (source.name, "1-1")
    assert WHO not in rejected.reason


def test_an_unregistered_key_is_not_believed(registry: Registry) -> None:
    pull(OWN_SPOOL, page(signed(record(1), generate_private_key(SECP256R1()))))
    assert ledger.access_of(WHO) == []
    assert models.RejectedRecord.objects.count() == 1


def test_a_record_about_nobody_is_no_entry(registry: Registry) -> None:
    pull(OWN_SPOOL, page(signed(record(1, subjects=()), registry.hall.key)))
    assert ledger.access_of(WHO) == []
    assert models.RejectedRecord.objects.count() == 0
    assert models.PullCursor.objects.get(source=OWN).cursor == "1-1"


@pytest.mark.parametrize(
    "reply",
    [Reply(503), Reply(200, {}, b"not json"), Reply(200, {}, b'{"records": 1}'), Reply(401)],
    ids=["503", "no json", "another form", "401"],
)
def test_a_spool_that_cannot_be_read_keeps_its_place(registry: Registry, reply: Reply) -> None:
    models.PullCursor.objects.create(source=OWN, cursor="1-9", moved_at=dt.datetime.now(dt.UTC))
    with spool_says(reply):
        assert access_records.pull_all() == 0
    assert models.PullCursor.objects.get(source=OWN).cursor == "1-9"


def test_one_source_that_is_down_does_not_stop_the_other(registry: Registry) -> None:
    """Sources are read in order: our own first, here down, then the office's."""
    statement = signed(record(1, Side.PROVIDER), registry.office.key)
    with spool_says(Reply(503), page(statement)):
        assert access_records.pull_all() == 1
    assert [source.name for source in access_records.sources()] == [OWN, PEER]
    assert len(ledger.access_of(WHO)) == 1
