"""The registry: what it permits, and what it refuses to be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo_wire import canonical, note
from pendopo_wire.errors import NoteError, SnapshotError, WireError
from pendopo_wire.identifiers import MemberId, ServiceId, SubsystemId
from pendopo_wire.paths import Endpoint
from pendopo_wire.snapshot import Permit, Question, Refusal, Snapshot, sign
from pendopo_wire.tests.registry import (
    ANCHOR,
    ANCHOR_KEY,
    ANCHOR_NAME,
    HALL,
    NOW,
    OFFICE,
    OFFICE_SERVER,
    SERVICE,
    Keys,
    new_keys,
    snapshot,
)

QUESTION = Question(HALL, SERVICE, "POST", ("persons",), "civil-registration.birth", "uu-24-2013")


@pytest.fixture(scope="module")
def keys() -> Keys:
    return new_keys()


@pytest.fixture
def registry(keys: Keys) -> Snapshot:
    return snapshot(keys)


def test_a_signed_snapshot_reads_back(registry: Snapshot) -> None:
    text = sign(registry, name=ANCHOR_NAME, key=ANCHOR_KEY)
    assert Snapshot.load(text, ANCHOR) == registry
    assert registry.is_current(NOW)
    assert not registry.is_current(NOW + timedelta(hours=24))
    assert not registry.is_current(NOW - timedelta(seconds=61))


def test_another_signer_or_a_changed_line_is_refused(registry: Snapshot) -> None:
    text = sign(registry, name=ANCHOR_NAME, key=ANCHOR_KEY)
    with pytest.raises(NoteError):
        Snapshot.load(text.replace("PKS-1", "PKS-2"), ANCHOR)
    with pytest.raises(NoteError):
        Snapshot.load(sign(registry, name=ANCHOR_NAME, key=Ed25519PrivateKey.generate()), ANCHOR)


def test_an_agreed_question_is_permitted(registry: Snapshot) -> None:
    permit = registry.judge(QUESTION, NOW)
    assert isinstance(permit, Permit)
    assert (permit.agreement.id, permit.endpoint) == ("PKS-1", Endpoint("POST", "/persons"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"client": SubsystemId(HALL.member, "LAIN")}, Refusal.UNKNOWN_CLIENT),
        ({"service": ServiceId(OFFICE, "other-v1")}, Refusal.UNKNOWN_SERVICE),
        ({"client": OFFICE}, Refusal.NO_AGREEMENT),
        ({"method": "GET"}, Refusal.ENDPOINT_NOT_AGREED),
        ({"segments": ("persons", "1")}, Refusal.ENDPOINT_NOT_AGREED),
        ({"segments": ("persons", "")}, Refusal.ENDPOINT_NOT_AGREED),
        ({"segments": ()}, Refusal.ENDPOINT_NOT_AGREED),
        ({"purpose": "statistics"}, Refusal.PURPOSE_NOT_AGREED),
        ({"purpose": ""}, Refusal.PURPOSE_NOT_AGREED),
        ({"legal_basis": "pp-40-2019"}, Refusal.BASIS_NOT_AGREED),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    registry: Snapshot, change: dict[str, str], reason: Refusal
) -> None:
    assert registry.judge(replace(QUESTION, **change), NOW) is reason  # type: ignore[arg-type]  # field by name


def test_an_agreement_has_a_beginning_and_an_end(registry: Snapshot) -> None:
    assert registry.judge(QUESTION, NOW - timedelta(seconds=1)) is Refusal.NOT_IN_FORCE
    assert registry.judge(QUESTION, NOW + timedelta(days=365)) is Refusal.NOT_IN_FORCE
    assert registry.endpoints_allowed(HALL, SERVICE, NOW) == (
        Endpoint("POST", "/births"),
        Endpoint("POST", "/persons"),
    )
    assert registry.endpoints_allowed(HALL, SERVICE, NOW + timedelta(days=365)) == ()


def test_look_ups(registry: Snapshot, keys: Keys) -> None:
    owner = registry.signing_key(keys.office_id)
    assert owner is not None
    assert owner.server.id == OFFICE_SERVER
    assert registry.server_of_certificate("b" * 64) == owner.server
    assert registry.server_of_certificate("c" * 64) is None
    assert registry.signing_key("nobody") is None
    assert [service.id for service in registry.services_of(OFFICE)] == [SERVICE]


def test_a_registry_that_contradicts_itself_is_refused(registry: Snapshot) -> None:
    hall, office = registry.servers
    agreement = registry.agreements[0]
    wrong = [
        {"members": registry.members[:1]},
        {"members": (*registry.members, registry.members[0])},
        {
            "members": tuple(
                replace(item, id=MemberId("OTHER", "GOV", item.id.member_code)) for item in registry.members
            )
        },
        {"servers": (hall, replace(office, tls_certificates=hall.tls_certificates))},
        {"servers": (hall, replace(office, signing_keys=hall.signing_keys))},
        {"servers": (hall, replace(office, signing_keys=("AAAA",)))},
        {"servers": (hall, replace(office, tls_certificates=("B" * 64,)))},
        {"servers": (hall, replace(office, address="https://office"))},
        {"servers": (hall,)},
        {"subsystems": (replace(registry.subsystems[0], servers=(OFFICE_SERVER,)), registry.subsystems[1])},
        {"services": (replace(registry.services[0], id=ServiceId(OFFICE, "listMethods")),)},
        {"purposes": (registry.purposes[0], replace(registry.purposes[1], legal_bases=("none",)))},
        {"purposes": registry.purposes[1:]},
        {"legal_bases": (replace(registry.legal_bases[0], code="no spaces"), *registry.legal_bases)},
        {"agreements": (agreement, agreement)},
        {"agreements": (replace(agreement, endpoints=(Endpoint("DELETE", "/persons"),)),)},
        {"agreements": (replace(agreement, legal_bases=("pp-40-2019",)),)},
        {"agreements": (replace(agreement, legal_bases=()),)},
    ]
    for change in wrong:
        with pytest.raises(SnapshotError):
            replace(registry, **change)  # type: ignore[arg-type]  # field by name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version":7', '"version":"7"'),
        ('"version":7', '"version":true'),
        ('"version":7', '"version":7,"more":1'),
        ('"instance":"ID-DEMO",', ""),
        ("pendopo-exchange-snapshot/1", "pendopo-exchange-snapshot/2"),
        ("2026-03-02T04:05:06.000Z", "yesterday"),
        ("2026-03-02T04:05:06.000Z", "2026-03-02T04:05:06.000"),
        ('"POST"', '"post"'),
        ("ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO", "ID-DEMO/GOV"),
        ('"legal_bases":["uu-24-2013"]', '"legal_bases":[1]'),
        ('"members":[', '"members":[1,'),
        ("{", "["),
    ],
)
def test_a_signed_text_of_another_shape_is_refused(registry: Snapshot, old: str, new: str) -> None:
    text = registry.text()
    assert old in text
    with pytest.raises(WireError):
        Snapshot.load(note.sign(text.replace(old, new, 1), name=ANCHOR_NAME, key=ANCHOR_KEY), ANCHOR)


def test_the_text_is_canonical(registry: Snapshot) -> None:
    line = registry.text().encode()
    assert canonical.dumps(canonical.loads(line)) + b"\n" == line
