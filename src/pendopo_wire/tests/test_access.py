"""Access records: signed, read back, refused when touched, and readable by any JOSE library."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from pendopo_wire import access
from pendopo_wire.access import AccessRecord, Side
from pendopo_wire.errors import AccessRecordError
from pendopo_wire.tests.registry import HALL, NOW, SERVICE, Keys, new_keys, snapshot

RECORD = AccessRecord(
    id="x" * 43,
    message_id="ID-DEMO-1",
    at=NOW,
    side=Side.PROVIDER,
    consumer=HALL,
    service=SERVICE,
    method="POST",
    path="/persons",
    agreement="PKS-1",
    purpose="civil-registration.birth",
    legal_basis="uu-24-2013",
    subjects=("aaa", "bbb"),
    fields=("name",),
    user=None,
    issue="case-1",
    status=200,
    request_digest="sha-256=:AAAA:",
)


@pytest.fixture(scope="module")
def keys() -> Keys:
    return new_keys()


@pytest.mark.parametrize(
    "record", [RECORD, replace(RECORD, status=None, user="ccc", issue=None, subjects=())]
)
def test_a_record_reads_back(record: AccessRecord, keys: Keys) -> None:
    text = access.sign(record, key=keys.office, keyid=keys.office_id)
    assert access.verify_with(text, snapshot(keys)) == record


def test_the_signer_must_be_the_side_that_the_record_names(keys: Keys) -> None:
    registry = snapshot(keys)
    consumer = replace(RECORD, side=Side.CONSUMER)
    assert access.verify_with(access.sign(consumer, key=keys.hall, keyid=keys.hall_id), registry) == consumer
    with pytest.raises(AccessRecordError):
        access.verify_with(access.sign(consumer, key=keys.office, keyid=keys.office_id), registry)
    with pytest.raises(AccessRecordError):
        access.verify_with(access.sign(RECORD, key=keys.hall, keyid=keys.hall_id), registry)


def test_a_false_or_unknown_signature_is_refused(keys: Keys) -> None:
    registry, stranger = snapshot(keys), new_keys()
    for text in (
        access.sign(RECORD, key=stranger.office, keyid=keys.office_id),
        access.sign(RECORD, key=stranger.office, keyid=stranger.office_id),
    ):
        with pytest.raises(AccessRecordError):
            access.verify_with(text, registry)


def test_each_part_is_bound(keys: Keys) -> None:
    registry = snapshot(keys)
    head, body, tail = access.sign(RECORD, key=keys.office, keyid=keys.office_id).split(".")
    other = access.sign(replace(RECORD, subjects=()), key=keys.office, keyid=keys.office_id).split(".")[1]
    none = (
        urlsafe_b64encode(b'{"alg":"none","typ":"pendopo-access-record+jws","kid":"x"}').rstrip(b"=").decode()
    )
    for text in (
        f"{head}.{other}.{tail}",
        f"{head}.{body}.",
        f"{none}.{body}.{tail}",
        f"{head}.{body}",
        "",
        "a.b.c",
    ):
        with pytest.raises(AccessRecordError):
            access.verify_with(text, registry)


def test_a_jose_library_reads_it(keys: Keys) -> None:
    text = access.sign(RECORD, key=keys.office, keyid=keys.office_id)
    key = ECKey.import_key(keys.office.public_key())
    assert key.thumbprint() == keys.office_id
    assert b'"purpose":"civil-registration.birth"' in (
        jws.deserialize_compact(text, key, algorithms=["ES256"]).payload or b""
    )
