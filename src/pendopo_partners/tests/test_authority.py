"""The example authority: chains for strict verifiers, requests that it refuses, no work for production."""

import datetime as dt
import ssl
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store

from pendopo_partners import ProductionRefusedError, certificates
from pendopo_partners.authority import Authority, new_key, open_authority, read_key


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return open_authority(tmp_path / "ca")


def request(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    subject = certificates.name("Segel Dinas (CONTOH)", "Dinas")
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def test_a_gateway_chain_verifies_strictly_on_both_sides(authority: Authority, tmp_path: Path) -> None:
    key = new_key(tmp_path / "tls.pem")
    chain = x509.load_pem_x509_certificates(
        authority.issue_for_gateway("ID-DEMO/GOV/X/GW1", "X", key.public_key()).encode()
    )
    store = Store([x509.load_pem_x509_certificate(authority.root_file.read_bytes())])
    server = PolicyBuilder().store(store).build_server_verifier(x509.DNSName("localhost"))
    assert len(server.verify(chain[0], chain[1:])) == 3
    client = PolicyBuilder().store(store).build_client_verifier()
    assert client.verify(chain[0], chain[1:]).subjects is not None
    usage = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(usage) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}


def test_a_gateway_chain_carries_a_strict_mutual_handshake(authority: Authority, tmp_path: Path) -> None:
    key = new_key(tmp_path / "tls.pem")
    (tmp_path / "chain.pem").write_text(
        authority.issue_for_gateway("ID-DEMO/GOV/X/GW1", "X", key.public_key())
    )
    sides = []
    for purpose in (ssl.Purpose.CLIENT_AUTH, ssl.Purpose.SERVER_AUTH):
        context = ssl.create_default_context(purpose, cafile=str(authority.root_file))
        context.load_cert_chain(tmp_path / "chain.pem", tmp_path / "tls.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        is_server = purpose is ssl.Purpose.CLIENT_AUTH
        name = None if is_server else "localhost"
        sides.append((context.wrap_bio(incoming, outgoing, is_server, name), incoming, outgoing))
    (server, to_server, from_server), (client, to_client, from_client) = sides
    for _ in range(4):
        for side in (client, server):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
        to_server.write(from_client.read())
        to_client.write(from_server.read())
    assert client.version() == "TLSv1.3"
    assert server.getpeercert()


def test_a_seal_certificate_may_seal_and_nothing_else(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf, issuing, root = x509.load_pem_x509_certificates(authority.issue_for_seal(request(key)).encode())
    leaf.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert leaf.public_key() == key.public_key()
    assert "CONTOH" in leaf.subject.rfc4514_string()
    assert "CONTOH" in root.subject.rfc4514_string()
    assert leaf.not_valid_before_utc < dt.datetime.now(dt.UTC) < leaf.not_valid_after_utc


def test_requests_that_are_refused(authority: Authority) -> None:
    with pytest.raises(ValueError, match="P-256"):
        authority.issue_for_seal(request(rsa.generate_private_key(65537, 2048)))
    with pytest.raises(ValueError, match="P-256"):
        authority.issue_for_seal(request(ec.generate_private_key(ec.SECP384R1())))
    whole = x509.load_pem_x509_csr(request(ec.generate_private_key(ec.SECP256R1())).encode())
    der = bytearray(whole.public_bytes(serialization.Encoding.DER))
    der[der.find(b"Segel")] ^= 0x01
    changed = x509.load_der_x509_csr(bytes(der)).public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(ValueError, match="not signed"):
        authority.issue_for_seal(changed)


def test_the_authority_stays_the_same_and_its_keys_are_closed(authority: Authority) -> None:
    before = authority.root_file.read_bytes()
    assert open_authority(authority.folder).root_file.read_bytes() == before
    for key in authority.folder.glob("*.key.pem"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert read_key(authority.folder / "root.key.pem").curve.name == "secp256r1"


def test_it_does_not_work_for_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_PRODUCTION", "1")
    with pytest.raises(ProductionRefusedError):
        open_authority(tmp_path / "ca")
    assert not (tmp_path / "ca").exists()
