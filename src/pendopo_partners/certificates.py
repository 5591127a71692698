"""X.509 profiles of the demonstration authority (RFC 5280): root, issuing authorities, leaves, CRLs.

All keys are EC P-256 with ECDSA-SHA256. Every certificate carries key identifiers, because Python's strict
chain checking (3.13 and later) refuses those without.
"""

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_LIFE = dt.timedelta(days=3650)
ISSUER_LIFE = dt.timedelta(days=1825)
LEAF_LIFE = dt.timedelta(days=730)
CRL_LIFE = dt.timedelta(days=7)
CLOCK_SLACK = dt.timedelta(minutes=10)
"""How far before its making a certificate begins, for machines whose clocks are behind."""


def name(common_name: str, organisation: str) -> x509.Name:
    """Return a subject in the country ID."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def root(subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    """Return the self-signed root."""
    return _authority(subject, subject, key.public_key(), now, ROOT_LIFE, path_length=1).sign(
        key, hashes.SHA256()
    )


def issuing_authority(
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    crl_url: str | None = None,
) -> x509.Certificate:
    """Return an intermediate that signs leaves only; ``crl_url`` is where its revocation would be told."""
    builder = _authority(subject, issuer.subject, public_key, now, ISSUER_LIFE, path_length=0)
    return (
        _with_crl(builder, crl_url)
        .add_extension(_issuer_identifier(issuer), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def gateway_leaf(
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
) -> x509.Certificate:
    """Return a certificate for mutual TLS on this machine: both server and client authentication."""
    addresses = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return (
        _leaf(subject, public_key, issuer, now)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def seal_leaf(
    request: x509.CertificateSigningRequest,
    *,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    crl_url: str | None = None,
) -> x509.Certificate:
    """Return a certificate for a body's electronic seal (PAdES): signature and content commitment.

    The subject is the request's. Raises ``ValueError`` for a request that is not signed by its key, or whose
    key is not P-256.
    """
    public_key = request.public_key()
    if not request.is_signature_valid:
        message = "the request is not signed by the key that it names"
        raise ValueError(message)
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(
        public_key.curve, ec.SECP256R1
    ):
        message = "the request's key is not on P-256"
        raise ValueError(message)  # noqa: TRY004  # the value is what is wrong
    usage = _key_usage(digital_signature=True, content_commitment=True)
    builder = _leaf(request.subject, public_key, issuer, now).add_extension(usage, critical=True)
    return _with_crl(builder, crl_url).sign(issuer_key, hashes.SHA256())


def timestamp_leaf(
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    crl_url: str | None = None,
) -> x509.Certificate:
    """Return a certificate of a time-stamping authority: that one use, marked critical (RFC 3161, 2.3)."""
    builder = (
        _leaf(subject, public_key, issuer, now)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return _with_crl(builder, crl_url).sign(issuer_key, hashes.SHA256())


def revocation_list(
    issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey, *, number: int, now: dt.datetime
) -> x509.CertificateRevocationList:
    """Return a list on which nobody stands, good for a week: the demonstration revokes no certificate."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now - CLOCK_SLACK)
        .next_update(now + CRL_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issuer_identifier(issuer), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _with_crl(builder: x509.CertificateBuilder, url: str | None) -> x509.CertificateBuilder:
    if url is None:
        return builder
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)


def _authority(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: dt.datetime,
    life: dt.timedelta,
    *,
    path_length: int,
) -> x509.CertificateBuilder:
    return (
        _builder(subject, issuer, public_key, now, life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _leaf(
    subject: x509.Name, public_key: ec.EllipticCurvePublicKey, issuer: x509.Certificate, now: dt.datetime
) -> x509.CertificateBuilder:
    return (
        _builder(subject, issuer.subject, public_key, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_issuer_identifier(issuer), critical=False)
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + life)
    )


def _issuer_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
