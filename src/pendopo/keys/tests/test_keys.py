"""Keys through their door."""

import datetime as dt
import json
import threading

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, connection, transaction

from pendopo.foundation.crypto import SealBrokenError
from pendopo.keys import api, pairs
from pendopo.keys.api import UnknownPurposeError
from pendopo.keys.models import SigningKey
from pendopo.keys.tests.verbs import run

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)


def chain_for(csr_pem: str, *, days: int = 30, key: ec.EllipticCurvePublicKey | None = None) -> str:
    """Sign a request with a fresh authority; return leaf and root in PEM."""
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    request = x509.load_pem_x509_csr(csr_pem.encode())
    subject_key = key or request.public_key()
    assert isinstance(subject_key, ec.EllipticCurvePublicKey)
    made = []
    for subject, public in ((request.subject, subject_key), (name, authority.public_key())):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=60))
            .not_valid_after(NOW + dt.timedelta(days=days))
        )
        made.append(builder.sign(authority, SHA256()).public_bytes(Encoding.PEM).decode())
    return "".join(made)


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
def test_a_key_is_made_once_and_signs_64_bytes(algorithm: api.Algorithm) -> None:
    first = api.ensure("test", algorithm)
    assert api.ensure("test", algorithm).kid == first.kid
    signer = api.signer("test")
    signature = signer.sign(b"message")
    assert len(signature) == 64
    pairs.verify(api.public_keys("test")[first.kid], b"message", signature)
    with pytest.raises(InvalidSignature):
        pairs.verify(signer.public_key, b"other message", signature)


@pytest.mark.django_db(transaction=True)
def test_racing_processes_make_one_key() -> None:
    made: list[str] = []

    def make() -> None:
        made.append(api.ensure("test", "ES256").kid)
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_another_algorithm_for_a_known_purpose_is_refused() -> None:
    api.ensure("test", "ES256")
    with pytest.raises(api.WrongAlgorithmError):
        api.ensure("test", "Ed25519")


def test_a_purpose_without_key_says_so() -> None:
    with pytest.raises(api.NoKeyError):
        api.signer("never-made")


def test_rotation_keeps_the_old_key_for_verifying() -> None:
    old = api.ensure("test", "ES256")
    signature = api.signer("test").sign(b"message")
    new = api.rotate("test")
    assert new.kid != old.kid
    assert [key["kid"] for key in api.jwks("test")["keys"]] == [new.kid, old.kid]
    pairs.verify(api.public_keys("test")[old.kid], b"message", signature)


def test_a_key_set_holds_nothing_private() -> None:
    api.ensure("oidc-test", "ES256")
    (key,) = api.jwks("oidc-test")["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_the_kid_is_the_thumbprint_of_rfc_7638() -> None:
    # RFC 8037 appendix A.3 gives this key and its thumbprint.
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert pairs.thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_no_second_active_key_even_behind_the_door() -> None:
    api.ensure("test", "ES256")
    row = SigningKey.objects.get(purpose="test")
    copy = SigningKey(
        purpose="test", algorithm="ES256", kid="other", public_jwk={}, sealed_private=row.sealed_private
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_sealed_key_moved_to_another_row_does_not_open() -> None:
    api.ensure("one", "ES256")
    api.ensure("two", "ES256")
    stolen = SigningKey.objects.get(purpose="one").sealed_private
    SigningKey.objects.filter(purpose="two").update(sealed_private=stolen)
    with pytest.raises(SealBrokenError):
        api.signer("two")


def test_the_private_key_is_not_in_the_row() -> None:
    api.ensure("test", "ES256")
    plain = pairs.to_pkcs8(api.signer("test").private_key)
    assert plain not in bytes(SigningKey.objects.get(purpose="test").sealed_private)


def test_a_certificate_comes_back_with_the_signer() -> None:
    api.ensure("seal:test", "ES256")
    chain = chain_for(api.certificate_request("seal:test", "Seal of a test"))
    info = api.install_certificate("seal:test", chain)
    assert info.certified_until is not None
    assert [item.subject.rfc4514_string() for item in api.signer("seal:test").certificates] == [
        "CN=Seal of a test,O=Seal of a test,C=ID",
        "CN=Authority of a test",
    ]


def test_a_long_name_is_cut_at_a_words_end() -> None:
    api.ensure("seal:test", "ES256")
    name = "Segel Elektronik Dinas Kependudukan dan Pencatatan Sipil Kabupaten Contoh"
    request = x509.load_pem_x509_csr(api.certificate_request("seal:test", name).encode())
    (found,) = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert found.value == "Segel Elektronik Dinas Kependudukan dan Pencatatan Sipil"


def test_a_certificate_of_another_key_is_refused() -> None:
    api.ensure("seal:test", "ES256")
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    chain = chain_for(api.certificate_request("seal:test", "Seal"), key=other)
    with pytest.raises(api.ChainRefusedError) as caught:
        api.install_certificate("seal:test", chain)
    assert caught.value.params["reason"] == "other_key"


def test_an_expired_certificate_is_refused() -> None:
    api.ensure("seal:test", "ES256")
    chain = chain_for(api.certificate_request("seal:test", "Seal"), days=-1)
    with pytest.raises(api.ChainRefusedError) as caught:
        api.install_certificate("seal:test", chain)
    assert caught.value.params["reason"] == "not_in_time"


def test_a_chain_whose_links_do_not_hold_is_refused() -> None:
    api.ensure("seal:test", "ES256")
    request = api.certificate_request("seal:test", "Seal")
    leaf = chain_for(request).partition("-----END CERTIFICATE-----\n")
    foreign_root = chain_for(request).split("-----END CERTIFICATE-----\n")[1] + "-----END CERTIFICATE-----\n"
    with pytest.raises(api.ChainRefusedError) as caught:
        api.install_certificate("seal:test", leaf[0] + leaf[1] + foreign_root)
    assert caught.value.params["reason"] == "broken_link"


@pytest.mark.parametrize(
    "text", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_refused(text: str) -> None:
    api.ensure("seal:test", "ES256")
    with pytest.raises(api.ChainRefusedError):
        api.install_certificate("seal:test", text)


def test_the_list_is_json_and_tells_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    from pendopo.keys.tests.verbs import run

    api.ensure("test", "ES256")
    assert run("list", "--json") == 0
    (key,) = json.loads(capsys.readouterr().out)
    assert set(key) == {
        "purpose",
        "algorithm",
        "kid",
        "active",
        "created_at",
        "retired_at",
        "certified_until",
    }


def test_no_key_is_made_for_a_purpose_that_nobody_has() -> None:
    with pytest.raises(UnknownPurposeError) as caught:
        run("ensure", "checkpoint", "foo")
    assert "checkpoint, " in str(caught.value.params["known"])
    assert "seal:BODY" in str(caught.value.params["known"])
    assert api.keys_of() == []
