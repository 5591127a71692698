"""A time-stamping authority (RFC 3161) over HTTP, and the revocation lists of the example authority.

``python -m pendopo_partners.timestamps --listen 127.0.0.1:2526 --authority DIR --folder DIR``

``POST /`` takes a ``TimeStampReq`` and answers a ``TimeStampResp`` signed with ES256; ``GET /crl/NAME.crl``
gives a CRL of the authority in the first folder. The second folder keeps key and certificate. It can
misbehave on command: a file ``DIR/answer`` with one of the words of ``Order`` in it (``slow`` with seconds
behind it) is obeyed until it is gone.
"""

import argparse
import datetime as dt
import hashlib
import secrets
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, get_args, override

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pendopo_partners import refuse_production
from pendopo_partners.authority import Authority, new_key, open_authority, read_key

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
POLICY = "2.25.113059749145936325402354257176981405696"
"""A UUID-based policy identifier: this authority's only policy promises nothing beyond RFC 3161."""
MOST_BYTES = 65536
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
SERIAL_BITS = 120

type Order = Literal["slow", "refuse", "wrong-nonce", "wrong-imprint", "no-nonce", "not-found", "garbage"]
ORDERS: tuple[Order, ...] = get_args(Order.__value__)


class RequestRefusedError(ValueError):
    """The request gets a rejection; ``failure`` is the ``PKIFailureInfo`` bit (RFC 3161, 2.4.2)."""

    def __init__(self, failure: str) -> None:
        """Keep the bit's name."""
        self.failure = failure
        super().__init__(failure)


@dataclass(frozen=True, slots=True)
class Signer:
    """Key and chain of the time-stamping authority, leaf first, without the root."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    def answer(self, request: bytes, order: Order | None = None) -> bytes:
        """Return the DER of the response to a request, whatever the request is."""
        try:
            token = self._token(_read(request, order), order)
        except RequestRefusedError as refused:
            return _rejection(refused.failure)
        granted = {"status": {"status": "granted"}, "time_stamp_token": token}
        return bytes(tsp.TimeStampResp(granted).dump())

    def _token(self, request: tsp.TimeStampReq, order: Order | None) -> cms.ContentInfo:
        content = _info(request, order).dump()
        attributes = self._signed_attributes(content)
        leaf = _asn1(self.chain[0])
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.IssuerAndSerialNumber(
                    {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
                ),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if request["cert_req"].native:
            signed["certificates"] = [_asn1(certificate) for certificate in self.chain]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _signed_attributes(self, content: bytes) -> cms.CMSAttributes:
        """The certificate's hash is signed too (ESSCertIDv2, RFC 5816): no other can take its place."""
        own = hashlib.sha256(self.chain[0].public_bytes(serialization.Encoding.DER)).digest()
        certificate = tsp.SigningCertificateV2({"certs": [{"cert_hash": own}]})
        return cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [certificate]},
            ]
        )


def open_signer(authority: Authority, folder: Path) -> Signer:
    """Return the signer that lives in a folder, made and certified if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_file, chain_file = folder / "tsa.key.pem", folder / "tsa.pem"
    if not chain_file.exists():
        chain_file.write_text(authority.issue_for_timestamps(new_key(key_file).public_key()))
    chain = x509.load_pem_x509_certificates(chain_file.read_bytes())
    return Signer(read_key(key_file), tuple(chain))


def _read(data: bytes, order: Order | None) -> tsp.TimeStampReq:
    """Parse a request and refuse what cannot be served. Raises ``RequestRefusedError``."""
    if order == "refuse":
        raise RequestRefusedError("system_failure")
    try:
        request = tsp.TimeStampReq.load(data, strict=True)
        imprint = request["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest = imprint["hashed_message"].native
        policy, extensions = request["req_policy"].native, request["extensions"].native
        _ = request["nonce"].native, request["cert_req"].native
        version = request["version"].native
    except (ValueError, TypeError, KeyError) as error:
        raise RequestRefusedError("bad_data_format") from error
    if version != "v1":
        raise RequestRefusedError("bad_request")
    if algorithm not in DIGEST_BYTES:
        raise RequestRefusedError("bad_alg")
    if len(digest) != DIGEST_BYTES[algorithm]:
        raise RequestRefusedError("bad_data_format")
    if policy not in (None, POLICY):
        raise RequestRefusedError("unaccepted_policy")
    if extensions:
        raise RequestRefusedError("unaccepted_extensions")
    return request


def _info(request: tsp.TimeStampReq, order: Order | None) -> tsp.TSTInfo:
    imprint = request["message_imprint"]
    if order == "wrong-imprint":
        wrong = hashlib.sha256(b"another document").digest()
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": wrong}
    values = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": imprint,
        "serial_number": secrets.randbits(SERIAL_BITS) | 1,
        "gen_time": core.GeneralizedTime(dt.datetime.now(dt.UTC).replace(microsecond=0)),
        "accuracy": {"seconds": 1},
    }
    nonce = request["nonce"].native
    if nonce is not None and order != "no-nonce":
        values["nonce"] = nonce + 1 if order == "wrong-nonce" else nonce
    return tsp.TSTInfo(values)


def _rejection(failure: str) -> bytes:
    status = {"status": "rejection", "fail_info": {failure}}
    # The field after it is optional in the RFC and not in the library, so the sequence is made by hand.
    body = tsp.PKIStatusInfo(status).dump()
    return bytes(core.Sequence(contents=body).dump())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class Server(ThreadingHTTPServer):
    """Serves one signer and one authority; ``folder`` is where orders are looked for."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], authority: Authority, folder: Path) -> None:
        """Open the signer and bind."""
        self.authority, self.folder = authority, folder
        self.signer = open_signer(authority, folder)
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            return self._send(413, "text/plain", b"")
        body = self.rfile.read(int(length))
        if self.headers.get_content_type() != QUERY:
            return self._send(415, "text/plain", b"")
        order = self._obey()
        if order == "not-found":
            return self._send(404, "text/plain", b"")
        answer = b"garbage" if order == "garbage" else self.server.signer.answer(body, order)
        return self._send(200, REPLY, answer)

    def do_GET(self) -> None:
        name = self.path.removeprefix("/crl/").removesuffix(".crl")
        try:
            crl = self.server.authority.revocation_list(name)
        except KeyError:
            return self._send(404, "text/plain", b"")
        return self._send(200, "application/pkix-crl", crl)

    def _obey(self) -> Order | None:
        file = self.server.folder / "answer"
        words = file.read_text().split() if file.exists() else []
        if words[:1] == ["slow"]:
            time.sleep(float(words[1]))
        return next((order for order in ORDERS if words[:1] == [order]), None)

    def _send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # whoever asked may have lost patience
            self.end_headers()
            self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:  # the name is the base class's
        """Say nothing: who asked is nobody's business."""


def main() -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    refuse_production()
    parser = argparse.ArgumentParser(
        prog="pendopo_partners.timestamps", description="RFC 3161 time-stamping authority"
    )
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--authority", required=True, type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    options = parser.parse_args()
    host, _, port = options.listen.rpartition(":")
    server = Server((host, int(port)), open_authority(options.authority), options.folder)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the serving thread, which is the one that takes the signal.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever()


if __name__ == "__main__":
    main()
