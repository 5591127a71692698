"""Time stamps of others (RFC 3161): ask the configured authority, believe nothing that it says unchecked.

An answer counts when its imprint is ours, its nonce is ours, its time is near ours, and its signer leads to a
root in ``PENDOPO_TSA_TRUST_FILE`` with a certificate for time stamps only. Nobody's work waits for a stamp:
callers are loops of the worker, which try again later.
"""

import asyncio
import datetime as dt
import hashlib
import secrets
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import override

import httpx
from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from pendopo.foundation.clock import now
from pendopo.foundation.logs import get
from pendopo.foundation.settings import current
from pendopo.kernel.errors import Unavailable

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
TIMEOUT_SECONDS = 10.0
MOST_BYTES = 65536
CLOCK_DIFFERENCE = dt.timedelta(minutes=10)
"""A stamp further from our own clock than this is refused: one of the two clocks is wrong."""
GRANTED = frozenset({"granted", "granted_with_mods"})
LONGEST_PAUSE_SECONDS = 300.0

_patience: dict[str, tuple[int, float]] = {}
log = get(__name__)


class TimestampUnavailable(Unavailable):
    """No authority is configured, or it does not answer; later it may."""

    code = "foundation.timestamp_unavailable"
    text_key = "foundation.errors.timestamp_unavailable"


class TimestampRefused(TimestampUnavailable):
    """The authority refused, or its answer cannot be believed; the message says which check failed."""

    code = "foundation.timestamp_refused"
    text_key = "foundation.errors.timestamp_refused"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A checked token (DER ``ContentInfo``) and the time in it (UTC)."""

    token: bytes
    at: dt.datetime


def is_configured() -> bool:
    """Tell whether this deployment knows an authority."""
    return current().tsa_url is not None


def stamp(digest: bytes) -> Stamp:
    """Have a SHA-256 digest stamped. Raises ``TimestampUnavailable`` and ``TimestampRefused``."""
    return _checked(_granted(_asked(_request(digest, nonce := secrets.randbits(63)))), digest, nonce)


def verified(token: bytes, digest: bytes) -> dt.datetime:
    """Return the time of a token over a SHA-256 digest; raises ``TimestampRefused``.

    The signer's certificate is judged at the token's own time. Not checked here: its revocation.
    """
    try:
        content = cms.ContentInfo.load(token, strict=True)
        info = _info(content)
        imprint = info["message_imprint"]
        algorithm, hashed = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        at = info["gen_time"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampRefused("not a token") from error
    if (algorithm, hashed) != ("sha256", digest):
        raise TimestampRefused("another imprint")
    _check_signer(content, digest, at)
    return dt.datetime.fromtimestamp(at.timestamp(), dt.UTC)


def trust_roots() -> list[asn1_x509.Certificate]:
    """Return whose time stamps are believed; raises ``TimestampUnavailable`` when nobody's are."""
    file = current().tsa_trust_file
    if file is None:
        raise TimestampUnavailable("no trust anchor")
    return list(load_certs_from_pemder_data(file.read_bytes()))


class Authority(TimeStamper):
    """The same client for pyHanko, which puts the token into a PDF."""

    def __init__(self) -> None:
        """Begin without an answer."""
        super().__init__()  # type: ignore[no-untyped-call]  # untyped
        self.latest: Stamp | None = None

    def certificates(self) -> list[asn1_x509.Certificate]:
        """Return the certificates that came with the first answer."""
        return list(self.cert_registry)

    @override
    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a checked token; only SHA-256 is asked for. Raises as ``stamp``."""
        if md_algorithm != "sha256":
            raise TimestampRefused("only SHA-256")
        self.latest = stamp(message_digest)
        return cms.ContentInfo.load(self.latest.token)


def patiently(name: str, work: Callable[[], int]) -> int:
    """Do a loop's work, and after a failure not again for a while: doubling, five minutes at most.

    ``name`` is the loop's. An authority in trouble is told in the log once a try; nothing is raised for it.
    """
    failures, until = _patience.get(name, (0, 0.0))
    if time.monotonic() < until:
        return 0
    try:
        done = work()
    except TimestampUnavailable as error:
        pause = min(2.0 ** min(failures + 1, 10), LONGEST_PAUSE_SECONDS)
        _patience[name] = failures + 1, time.monotonic() + pause
        log.warning("timestamp_unavailable", loop=name, reason=str(error), again_in_seconds=pause)
        return 0
    _patience.pop(name, None)
    return done


def _request(digest: bytes, nonce: int) -> bytes:
    if len(digest) != hashlib.sha256().digest_size:
        raise ValueError("not a SHA-256 digest")
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    request = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def _asked(request: bytes) -> bytes:
    url = current().tsa_url
    if url is None:
        raise TimestampUnavailable("no authority is configured")
    try:
        return _exchange(url, request)
    except httpx.HTTPError as error:
        raise TimestampUnavailable(type(error).__name__) from error


def _exchange(url: str, request: bytes) -> bytes:
    """Read the answer piece by piece: time and size are bounded as a whole, not only between two bytes."""
    until = time.monotonic() + TIMEOUT_SECONDS
    headers = {"Content-Type": QUERY, "Accept": REPLY}
    client = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False)
    with client, client.stream("POST", url, content=request, headers=headers) as response:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != httpx.codes.OK or kind != REPLY:
            raise TimestampUnavailable(f"answer {response.status_code} {kind[:40]}")
        answer = b""
        for piece in response.iter_bytes():
            answer += piece
            if len(answer) > MOST_BYTES or time.monotonic() > until:
                raise TimestampUnavailable("too long an answer")
        return answer


def _granted(answer: bytes) -> cms.ContentInfo:
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        if status in GRANTED:
            return response["time_stamp_token"]
    except (ValueError, TypeError, KeyError) as error:
        # A rejection has no token, which the library calls an error too.
        raise TimestampRefused("rejected or not readable") from error
    raise TimestampRefused(str(status))


def _checked(content: cms.ContentInfo, digest: bytes, nonce: int) -> Stamp:
    token = content.dump()
    at = verified(token, digest)
    if _info(content)["nonce"].native != nonce:
        raise TimestampRefused("another nonce")
    if abs(at - now()) > CLOCK_DIFFERENCE:
        raise TimestampRefused("another time")
    return Stamp(token, at)


def _info(content: cms.ContentInfo) -> tsp.TSTInfo:
    """Return what is stamped; raises ``ValueError`` for anything that is not a time-stamp token."""
    if content["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    inner = content["content"]["encap_content_info"]
    if inner["content_type"].native != "tst_info":
        raise ValueError("not a time stamp")
    return inner["content"].parsed


def _check_signer(content: cms.ContentInfo, digest: bytes, at: dt.datetime) -> None:
    context = ValidationContext(trust_roots=trust_roots(), moment=at, allow_fetching=False)
    try:
        found = run(validate_tst_signed_data(content["content"], context, lambda _algorithm: digest))
        status = TimestampSignatureStatus(**found)
    except (SignatureValidationError, SigningError, ValidationError, PathError, ValueError) as error:
        raise TimestampRefused(type(error).__name__) from error
    if not (status.valid and status.intact and status.trusted):
        raise TimestampRefused("the signer is not trusted")


def run[T](work: Coroutine[object, object, T]) -> T:
    """Run to the end in a thread of its own: the caller may be inside an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
