"""A registry with two members and their gateways' keys."""

import datetime as dt
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from pendopo.exchange.actions.add_server import ServerFiles, add_server
from pendopo.exchange.actions.load import load
from pendopo.foundation.actor import SYSTEM

HALL = "ID-DEMO/GOV/PEMDA-CONTOH"
OFFICE = "ID-DEMO/GOV/DUKCAPIL-CONTOH"


@dataclass(frozen=True, slots=True)
class GatewayKeys:
    """The message key of a gateway and what it handed in."""

    key: EllipticCurvePrivateKey
    files: ServerFiles


def gateway_keys() -> GatewayKeys:
    """Keys as a gateway's operator makes them; the certificate signs itself, only its hash matters here."""
    key, tls = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(tls.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(tls, SHA256())
    )
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return GatewayKeys(key, ServerFiles(certificate.public_bytes(Encoding.PEM), public))


@dataclass(frozen=True, slots=True)
class Registry:
    """The keys behind a loaded registry."""

    hall: GatewayKeys
    office: GatewayKeys


@pytest.fixture
def registry(db: None) -> Registry:
    """Members, agreements and two gateways."""
    made = Registry(gateway_keys(), gateway_keys())
    load(SYSTEM)
    add_server(f"{HALL}/GW1", "127.0.0.1:8201", made.hall.files, SYSTEM)
    add_server(f"{OFFICE}/GW1", "127.0.0.1:8202", made.office.files, SYSTEM)
    return made
