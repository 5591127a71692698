"""A certificate authority for the demonstration, in the place of the national ones (BSrE and the like).

One folder holds it: ``root.pem`` for those who want to trust it, ``issuing-{gateways,seals,timestamps}.pem``
and the private keys, unencrypted with mode 0600, for this is an example and says so in every name. Nothing is
ever revoked: its revocation lists (CRL) are real and empty. ``pendopo_partners.timestamps`` serves them.
"""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pendopo_partners import certificates, refuse_production

ORGANISATION = "Otoritas Sertifikat CONTOH (bukan yang asli)"
ROOT_NAME = "Pendopo Akar CONTOH"

DISTRIBUTION = "crl-base"

type Use = Literal["gateways", "seals", "timestamps"]
USES: dict[Use, str] = {
    "gateways": "Pendopo Gerbang CONTOH",
    "seals": "Pendopo Segel CONTOH",
    "timestamps": "Pendopo Cap Waktu CONTOH",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority that lives in a folder; ``open_authority`` makes it."""

    folder: Path

    @property
    def root_file(self) -> Path:
        """The root certificate, PEM: what a verifier is asked to trust."""
        return self.folder / "root.pem"

    def issue_for_gateway(
        self, server_id: str, organisation: str, public_key: ec.EllipticCurvePublicKey
    ) -> str:
        """Return a TLS chain, leaf first, without the root."""
        issuer, key = self._issuer("gateways")
        subject = certificates.name(server_id.replace("/", "."), organisation)
        leaf = certificates.gateway_leaf(subject, public_key, issuer=issuer, issuer_key=key, now=_now())
        return _pem(leaf) + _pem(issuer)

    def issue_for_seal(self, request_pem: str) -> str:
        """Return the chain for a seal's request: leaf, issuing authority, root. Raises ``ValueError``."""
        issuer, key = self._issuer("seals")
        request = x509.load_pem_x509_csr(request_pem.encode())
        leaf = certificates.seal_leaf(
            request, issuer=issuer, issuer_key=key, now=_now(), crl_url=self.crl_url("seals")
        )
        return _pem(leaf) + _pem(issuer) + self.root_file.read_text()

    def issue_for_timestamps(self, public_key: ec.EllipticCurvePublicKey) -> str:
        """Return the chain of a time-stamping authority, leaf first, without the root."""
        issuer, key = self._issuer("timestamps")
        subject = certificates.name("Cap Waktu CONTOH", ORGANISATION)
        leaf = certificates.timestamp_leaf(
            subject, public_key, issuer=issuer, issuer_key=key, now=_now(), crl_url=self.crl_url("timestamps")
        )
        return _pem(leaf) + _pem(issuer)

    def revocation_list(self, name: str) -> bytes:
        """Return a fresh CRL, DER, of ``root`` or of the issuing authority of a use. Raises ``KeyError``."""
        if name != "root" and name not in USES:
            raise KeyError(name)
        stem = name if name == "root" else f"issuing-{name}"
        issuer = x509.load_pem_x509_certificate((self.folder / f"{stem}.pem").read_bytes())
        now = _now()
        crl = certificates.revocation_list(
            issuer, read_key(self.folder / f"{stem}.key.pem"), number=int(now.timestamp()), now=now
        )
        return crl.public_bytes(serialization.Encoding.DER)

    def crl_url(self, name: str) -> str | None:
        """Return where a CRL can be fetched, as certificates tell it; ``None`` where nobody serves them."""
        file = self.folder / DISTRIBUTION
        return f"{file.read_text().strip()}/{name}.crl" if file.exists() else None

    def _issuer(self, use: Use) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        certificate = x509.load_pem_x509_certificate((self.folder / f"issuing-{use}.pem").read_bytes())
        return certificate, read_key(self.folder / f"issuing-{use}.key.pem")


def open_authority(folder: Path, *, crl_base: str | None = None) -> Authority:
    """Return the authority in this folder, made if it is not there. Refused for production.

    ``crl_base`` is the address below which its revocation lists will be served; it is remembered, and stands
    in all certificates made from then on.
    """
    refuse_production()
    authority = Authority(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if crl_base is not None:
        (folder / DISTRIBUTION).write_text(crl_base)
    if not authority.root_file.exists():
        _found(authority)
    for use in USES:
        if not (folder / f"issuing-{use}.pem").exists():
            _add_issuer(authority, use)
    return authority


def new_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key, write it as PKCS#8 PEM with mode 0600 and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    return key


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a key that ``new_key`` wrote."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"{path.name} is not an elliptic-curve key"
        raise TypeError(message)
    return key


def _found(authority: Authority) -> None:
    """Make the root; its certificate is written after its key, as the sign that both are there."""
    root_key = new_key(authority.folder / "root.key.pem")
    root = certificates.root(certificates.name(ROOT_NAME, ORGANISATION), root_key, _now())
    authority.root_file.write_text(_pem(root))


def _add_issuer(authority: Authority, use: Use) -> None:
    """Make the issuing authority of a use; its certificate is written last."""
    key = new_key(authority.folder / f"issuing-{use}.key.pem")
    issuing = certificates.issuing_authority(
        certificates.name(USES[use], ORGANISATION),
        key.public_key(),
        issuer=x509.load_pem_x509_certificate(authority.root_file.read_bytes()),
        issuer_key=read_key(authority.folder / "root.key.pem"),
        now=_now(),
        crl_url=authority.crl_url("root"),
    )
    (authority.folder / f"issuing-{use}.pem").write_text(_pem(issuing))


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
