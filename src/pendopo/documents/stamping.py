"""A time stamp behind the seal (PAdES B-T), and with it all that a later check needs (B-LT).

One incremental update after the sealed bytes, which stay as they were: a document security store (DSS) with
the chains of seal and time stamp and their revocation lists, and a document time-stamp (ETSI EN 319 142-1,
5.4.3) over all of it. Where no revocation list can be had, the update carries the time stamp alone, and the
document stays at B-T.
"""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from asn1crypto import crl as asn1_crl
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from pendopo.documents.values import SealLevel
from pendopo.foundation import timestamps
from pendopo.foundation.logs import get

FIELD = "CapWaktu"
CRL_TIMEOUT_SECONDS = 10.0
MOST_CRL_BYTES = 2_000_000
log = get(__name__)


class NoRevocationData(Exception):
    """Some certificate names no revocation list, or the list cannot be had; the document stays at B-T."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """The PDF with its time stamp, the level that it reached, and the time that the authority states."""

    pdf: bytes
    level: SealLevel
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What goes into the security store."""

    context: ValidationContext
    paths: list[ValidationPath]


def stamp(pdf: bytes) -> Stamped:
    """Append a time stamp to a sealed PDF; raises ``TimestampUnavailable``.

    Asks the authority twice: once to learn its certificates, then for the stamp itself.
    """
    authority = timestamps.Authority()
    evidence = timestamps.run(_evidence(pdf, authority))
    out = io.BytesIO()
    work = PdfTimeStamper(authority, field_name=FIELD).async_timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        "sha256",
        validation_context=None if evidence is None else evidence.context,
        validation_paths=None if evidence is None else evidence.paths,
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        output=out,
    )
    timestamps.run(work)
    if authority.latest is None:
        raise timestamps.TimestampUnavailable("nothing was stamped")
    return Stamped(out.getvalue(), "B-T" if evidence is None else "B-LT", authority.latest.at)


async def _evidence(pdf: bytes, authority: timestamps.Authority) -> _Evidence | None:
    """Return chains and revocation lists of seal and authority, or none when they are not complete."""
    seal = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0]
    chain = [seal.signer_cert, *seal.other_embedded_certs]
    await authority.async_dummy_response("sha256")
    known = [*chain, *authority.certificates()]
    roots = [*timestamps.trust_roots(), *(each for each in chain if each.self_signed != "no")]
    try:
        context = ValidationContext(
            trust_roots=roots,
            other_certs=known,
            crls=_revocation_lists(known),
            allow_fetching=False,
            revocation_mode="require",
        )
        validator = CertificateValidator(seal.signer_cert, chain[1:], validation_context=context)
        path = await validator.async_validate_usage({"digital_signature"})  # type: ignore[no-untyped-call]
        return _Evidence(context, [path])
    except (NoRevocationData, PathError, ValidationError) as error:
        log.warning("documents_no_revocation_data", reason=type(error).__name__)
        return None


def _revocation_lists(certificates: Iterable[x509.Certificate]) -> list[asn1_crl.CertificateList]:
    """Fetch the list that each certificate names, each once; roots need none."""
    addresses = {_address(each) for each in certificates if each.self_signed == "no"}
    with httpx.Client(timeout=CRL_TIMEOUT_SECONDS, trust_env=False) as client:
        return [_fetched(client, address) for address in sorted(addresses)]


def _address(certificate: x509.Certificate) -> str:
    for point in certificate.crl_distribution_points:
        if point.url is not None and point.url.startswith(("http://", "https://")):
            return str(point.url)
    raise NoRevocationData


def _fetched(client: httpx.Client, address: str) -> asn1_crl.CertificateList:
    """A list is signed, so plain http is how they are served (RFC 5280, 8)."""
    try:
        with client.stream("GET", address) as response:
            response.raise_for_status()
            data = b""
            for piece in response.iter_bytes():
                data += piece
                if len(data) > MOST_CRL_BYTES:
                    raise NoRevocationData
        found = asn1_crl.CertificateList.load(data, strict=True)
        _ = found["tbs_cert_list"].native
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NoRevocationData from error
    return found
