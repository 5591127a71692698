"""A certificate authority for the demonstration, in the place of the national ones (BSrE and the like).

One folder holds it: ``root.pem`` for those who want to trust it, ``issuing-{gateways,seals}.pem`` and the
private keys, unencrypted with mode 0600, for this is an example and says so in every name. There is no
revocation: the example's certificates end after two years.
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

type Use = Literal["gateways", "seals"]
USES: dict[Use, str] = {"gateways": "Pendopo Gerbang CONTOH", "seals": "Pendopo Segel CONTOH"}


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
        leaf = certificates.seal_leaf(request, issuer=issuer, issuer_key=key, now=_now())
        return _pem(leaf) + _pem(issuer) + self.root_file.read_text()

    def _issuer(self, use: Use) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        certificate = x509.load_pem_x509_certificate((self.folder / f"issuing-{use}.pem").read_bytes())
        return certificate, read_key(self.folder / f"issuing-{use}.key.pem")


def open_authority(folder: Path) -> Authority:
    """Return the authority in this folder, made if it is not there. Refused for production."""
    refuse_production()
    authority = Authority(folder)
    if not authority.root_file.exists():
        _found(authority)
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
    """Make root and issuing authorities; the root is written last, as the sign that all is there."""
    authority.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key = new_key(authority.folder / "root.key.pem")
    root = certificates.root(certificates.name(ROOT_NAME, ORGANISATION), root_key, _now())
    for use, common_name in USES.items():
        key = new_key(authority.folder / f"issuing-{use}.key.pem")
        subject = certificates.name(common_name, ORGANISATION)
        issuing = certificates.issuing_authority(
            subject, key.public_key(), issuer=root, issuer_key=root_key, now=_now()
        )
        (authority.folder / f"issuing-{use}.pem").write_text(_pem(issuing))
    authority.root_file.write_text(_pem(root))


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
