"""What the message log says of an exchange: the question before it leaves, how it ended, who looked.

A question is kept as its signed headers, its target and the permit it went by; an outcome as the signed
headers of the answer, or the reason why there is none. Bodies are not kept: the signatures cover their
digests. Targets are kept because signatures cover them; services therefore take no personal data in paths
and queries.

The access record stands in the same write as the outcome, so one is never on disk without the other
but for a torn write. ``Evidence.recover`` closes what a crash left open: for each question
without an outcome it writes an access record with no status (the question was out, the look may have
happened), once.
"""

import time
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from pendopo_gateway.config import SigningKey
from pendopo_gateway.errors import JournalDamaged, JournalFailed
from pendopo_gateway.journal import Entry, Journal, Kind, Record
from pendopo_gateway.replay import UsedNonces
from pendopo_wire import access
from pendopo_wire.access import AccessRecord, Side
from pendopo_wire.errors import IdentifierError
from pendopo_wire.identifiers import ServiceId, SubsystemId
from pendopo_wire.paths import Target
from pendopo_wire.signatures import Header

LONGEST_EXCHANGE_SECONDS = 300.0
"""Nothing that began earlier than this before a crash can be open, or have a nonce that still counts."""


class Question(msgspec.Struct, frozen=True):
    """A signed question as the log keeps it. ``at`` is unix milliseconds; ``target`` is the path signed.

    The names of ``headers`` are in lower case, each there once.
    """

    at: int
    side: str
    exchange: str
    keyid: str
    nonce: str
    expires: int
    peer: str
    agreement: str
    endpoint: str
    method: str
    target_uri: str
    target: str
    headers: list[Header]


class Outcome(msgspec.Struct, frozen=True):
    """How an exchange ended: the answer's status and signed headers, or an error code."""

    at: int
    side: str
    exchange: str
    status: int | None
    error: str | None
    headers: list[Header]


class Access(msgspec.Struct, frozen=True):
    """A signed access record with the members who may fetch it."""

    side: str
    exchange: str
    parties: list[str]
    record: str


class Look(msgspec.Struct, frozen=True):
    """What an answer showed: HTTP status (``None``: not seen), pseudonyms and field names, if it said so."""

    status: int | None
    subjects: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class Evidence:
    """Writes questions, outcomes and access records; each call returns when they are on disk."""

    def __init__(self, journal: Journal, signing: SigningKey) -> None:
        self._journal = journal
        self._signing = signing

    async def asked(self, question: Question) -> None:
        """Keep a question before it goes further. Raises ``JournalFailed``."""
        await self._journal.append(Entry(Kind.REQUEST, _encode(question)))

    async def ended(
        self,
        question: Question,
        *,
        status: int | None = None,
        error: str | None = None,
        headers: Iterable[Header] = (),
        look: Look | None = None,
    ) -> None:
        """Keep how it ended, with the access record when there was (or may have been) a look.

        Raises ``JournalFailed``; the log then owes the records, for what happened cannot be taken back.
        """
        outcome = Outcome(milliseconds(), question.side, question.exchange, status, error, list(headers))
        entries = [] if look is None else [self._access(question, look)]
        entries.append(Entry(Kind.OUTCOME, _encode(outcome)))
        try:
            await self._journal.append(*entries)
        except JournalFailed:
            self._journal.owe(*entries)
            raise

    async def recover(self, nonces: UsedNonces) -> int:
        """After a start: fill the memory of nonces, close what was left open; returns how many were."""
        open_questions, recorded = self._scan(nonces)
        for key, question in open_questions.items():
            look = None if key in recorded else Look(None)
            await self.ended(question, error="interrupted", look=look)
        return len(open_questions)

    def _scan(self, nonces: UsedNonces) -> tuple[dict[tuple[str, str], Question], set[tuple[str, str]]]:
        questions: dict[tuple[str, str], Question] = {}
        recorded: set[tuple[str, str]] = set()
        now = int(time.time())
        for record in self._journal.recent(LONGEST_EXCHANGE_SECONDS):
            if record.kind is Kind.REQUEST:
                question = _decode(record, Question)
                questions[question.side, question.exchange] = question
                if question.side == Side.PROVIDER:
                    nonces.take(question.keyid, question.nonce, expires=question.expires, now=now)
            elif record.kind is Kind.OUTCOME:
                outcome = _decode(record, Outcome)
                questions.pop((outcome.side, outcome.exchange), None)
            elif record.kind is Kind.ACCESS:
                written = _decode(record, Access)
                recorded.add((written.side, written.exchange))
        return questions, recorded

    def _access(self, question: Question, look: Look) -> Entry:
        record = access_record(question, look)
        signed = access.sign(record, key=self._signing.private, keyid=self._signing.id)
        parties = sorted({str(record.consumer.member), str(record.provider.member)})
        return Entry(Kind.ACCESS, _encode(Access(question.side, question.exchange, parties, signed)))


def access_record(question: Question, look: Look) -> AccessRecord:
    """The access record of a question that was permitted and sent on."""
    asked = dict(question.headers)
    asked_about = names(asked.get("x-exchange-subject", ""))
    return AccessRecord(
        id=question.exchange,
        message_id=asked.get("x-road-id", ""),
        at=datetime.fromtimestamp(question.at / 1000, UTC),
        side=Side(question.side),
        consumer=SubsystemId.parse(asked.get("x-road-client", "")),
        service=Target.parse(question.target).service,
        method=question.method,
        path=question.endpoint,
        agreement=question.agreement,
        purpose=asked.get("x-exchange-purpose", ""),
        legal_basis=asked.get("x-exchange-legal-basis", ""),
        subjects=look.subjects or asked_about,
        fields=look.fields,
        user=asked.get("x-road-userid") or None,
        issue=asked.get("x-road-issue") or None,
        status=look.status,
        request_digest=asked.get("content-digest", ""),
    )


def names(text: str) -> tuple[str, ...]:
    """Read a comma list of pseudonyms or field names."""
    return tuple([part for item in text.split(",") if (part := item.strip())])


def decode_access(record: Record) -> Access:
    """Read an access entry of the log."""
    return _decode(record, Access)


class _Named(msgspec.Struct, frozen=True):
    """What an access record says of its two sides."""

    consumer: str
    service: str


def systems_of(entry: Access) -> frozenset[SubsystemId]:
    """Consumer and provider of our own access record, read from its content; the signature is not checked.

    Raises ``JournalDamaged`` when the content is not that of a record.
    """
    try:
        payload = entry.record.split(".")[1]
        named = msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Named)
        return frozenset({SubsystemId.parse(named.consumer), ServiceId.parse(named.service).subsystem})
    except (IndexError, ValueError, msgspec.MsgspecError, IdentifierError) as error:
        raise JournalDamaged(str(error)) from error


def milliseconds() -> int:
    """Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


def _encode(value: msgspec.Struct) -> bytes:
    return msgspec.json.encode(value)


def _decode[T: msgspec.Struct](record: Record, kind: type[T]) -> T:
    return msgspec.json.decode(record.payload, type=kind)
