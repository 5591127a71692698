"""A small registry for tests: a hall asks a population office, two gateways, one agreement."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo_wire.identifiers import ServerId, ServiceId, SubsystemId
from pendopo_wire.keyids import public_key_text, thumbprint
from pendopo_wire.note import Verifier
from pendopo_wire.paths import Endpoint
from pendopo_wire.snapshot import Agreement, LegalBasis, Member, Purpose, Server, Service, Snapshot, Subsystem

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
HALL = SubsystemId.parse("ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO")
OFFICE = SubsystemId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN")
SERVICE = ServiceId(OFFICE, "population-v1")
HALL_SERVER = ServerId(HALL.member, "GW1")
OFFICE_SERVER = ServerId(OFFICE.member, "GW1")
ANCHOR_NAME = "registry.id-demo"
ANCHOR_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ANCHOR = Verifier(ANCHOR_NAME, ANCHOR_KEY.public_key())


@dataclass(frozen=True)
class Keys:
    """Message keys of the two gateways."""

    hall: EllipticCurvePrivateKey
    office: EllipticCurvePrivateKey

    @property
    def hall_id(self) -> str:
        return thumbprint(self.hall.public_key())

    @property
    def office_id(self) -> str:
        return thumbprint(self.office.public_key())


def new_keys() -> Keys:
    return Keys(generate_private_key(SECP256R1()), generate_private_key(SECP256R1()))


def snapshot(keys: Keys) -> Snapshot:
    """One agreement: civil-registration.birth on POST /persons and POST /births."""
    persons, births, photo = (
        Endpoint.checked("POST", "/persons"),
        Endpoint.checked("POST", "/births"),
        Endpoint.checked("GET", "/persons/*/photo"),
    )
    return Snapshot(
        instance="ID-DEMO",
        version=7,
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=24),
        members=(Member(HALL.member, "Pemda Contoh"), Member(OFFICE.member, "Dukcapil Contoh")),
        servers=(
            Server(HALL_SERVER, "127.0.0.1:8201", ("a" * 64,), (public_key_text(keys.hall.public_key()),)),
            Server(OFFICE_SERVER, "[::1]:8202", ("b" * 64,), (public_key_text(keys.office.public_key()),)),
        ),
        subsystems=(
            Subsystem(HALL, "Pendopo", (HALL_SERVER,)),
            Subsystem(OFFICE, "Kependudukan", (OFFICE_SERVER,)),
        ),
        services=(Service(SERVICE, "Data kependudukan", (persons, births, photo)),),
        legal_bases=(LegalBasis("uu-24-2013", "UU 24/2013"), LegalBasis("pp-40-2019", "PP 40/2019")),
        purposes=(
            Purpose(
                "civil-registration.birth", "Pencatatan kelahiran", "Birth registration", ("uu-24-2013",)
            ),
            Purpose("statistics", "Statistik", "Statistics", ("pp-40-2019",)),
        ),
        agreements=(
            Agreement(
                id="PKS-1",
                client=HALL,
                service=SERVICE,
                endpoints=(persons, births),
                purpose="civil-registration.birth",
                legal_bases=("uu-24-2013",),
                valid_from=NOW,
                valid_until=NOW + timedelta(days=365),
            ),
        ),
    )
