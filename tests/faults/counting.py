"""After recovery: is everything that was acknowledged there exactly once? Counted by SQL, read-only.

``lost`` counts acknowledged deeds that are not there; ``doubled`` counts effects beyond the first of any
deed, acknowledged or not. What the client saw from outside (lists of cases and documents) counts as well.
"""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pendopo.entrypoints.stack import run_verbs
from pendopo.ledger.counters import key_of
from tests.faults.hall import Hall
from tests.faults.record import Deed, Record

CASES = "SELECT draft_id::text, number FROM casework_case"
BIRTHS = "SELECT case_number FROM registers_birth"
DECISIONS = "SELECT c.number FROM casework_decision d JOIN casework_case c ON c.id = d.case_id"
CERTIFICATES = "SELECT c.number FROM casework_certificate k JOIN casework_case c ON c.id = k.case_id"
# Where one gateway lost the answer in a crash, the other one's statement stands beside the first entry, under
# the same message with its side behind a “#” (ledger/actions/record.py): two statements about one look.
LOOKS = (
    "SELECT DISTINCT s.key, split_part(r.message_id, '#', 1) "
    "FROM ledger_accesssubject s JOIN ledger_accessrecord r ON r.id = s.entry_id"
)
STATEMENTS = (
    "SELECT encode(s.key, 'hex'), r.message_id, r.at, string_agg(e.side, '+' ORDER BY e.side) "
    "FROM ledger_accesssubject s JOIN ledger_accessrecord r ON r.id = s.entry_id "
    "LEFT JOIN ledger_accessevidence e ON e.entry_id = r.id GROUP BY 1, 2, 3 ORDER BY 3"
)
MESSAGES = "SELECT link_arguments ->> 'case_id', template FROM inbox_message WHERE template LIKE 'casework.%'"
UNDELIVERED = "SELECT count(*) FROM foundation_outboxdelivery WHERE done_at IS NULL"


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the deeds of one kind."""

    sent: int
    acknowledged: int
    lost: int
    doubled: int


@dataclass(frozen=True, slots=True)
class Books:
    """What the hall and the population office hold, by key: how often."""

    cases: Counter[str]
    births: Counter[str]
    decisions: Counter[str]
    certificates: Counter[str]
    looks: Counter[bytes]
    messages: Counter[tuple[str, str]]

    @classmethod
    def of(cls, hall: Hall) -> "Books":
        """Read them now."""
        found = hall.rows("hall", MESSAGES)
        return cls(
            cases=_count(row[0] for row in hall.rows("hall", CASES)),
            births=_count(row[0] for row in hall.rows("population", BIRTHS)),
            decisions=_count(row[0] for row in hall.rows("hall", DECISIONS)),
            certificates=_count(row[0] for row in hall.rows("hall", CERTIFICATES)),
            looks=Counter(bytes(row[0]) for row in hall.rows("hall", LOOKS)),  # type: ignore[call-overload]  # bytea
            messages=Counter((str(row[0]), str(row[1])) for row in found),
        )


def applications(record: Record, books: Books, phase: str = "") -> Count:
    """One case an application: by its draft in the database, and in the mother's own list from outside."""
    deeds = record.of("application", phase)
    there = [max(books.cases[deed.draft], deed.cases_seen) for deed in deeds]
    present = [min(books.cases[deed.draft], max(deed.cases_seen, 0)) for deed in deeds]
    return _counted(deeds, there, present)


def decisions(record: Record, books: Books, phase: str = "", *, settled: bool = True) -> Count:
    """One decision a case, one child in the register, one certificate.

    Not ``settled``: a delivery that a killed worker held may still wait for its lease to end, so child and
    certificate may be on their way; two of them are two all the same.
    """
    deeds = record.of("decision", phase)
    held = [(books.decisions[d.key], books.births[d.key], books.certificates[d.key]) for d in deeds]
    return _counted(deeds, [max(one) for one in held], [min(one) if settled else one[0] for one in held])


def looks(hall: Hall, record: Record, books: Books, phase: str = "") -> Count:
    """One entry in the ledger for a person whom one officer looked up once."""
    deeds = record.of("look", phase)
    keys = [key_of(origin(hall), pseudonym(hall, deed.key)) for deed in deeds]
    there = [books.looks[key] for key in keys]
    return _counted(deeds, there, there)


def doubled_looks(hall: Hall, record: Record, books: Books) -> list[str]:
    """What the ledger holds of people who were looked up once and stand there twice: message, time, sides."""
    keys = [key_of(origin(hall), pseudonym(hall, deed.key)) for deed in record.of("look")]
    doubled = {key.hex() for key in keys if books.looks[key] > 1}
    return [" ".join(map(str, row)) for row in hall.rows("hall", STATEMENTS) if row[0] in doubled]


def doubled_messages(books: Books) -> int:
    """Messages in inboxes beyond the first of each kind a case."""
    return sum(times - 1 for times in books.messages.values())


def undelivered(hall: Hall) -> int:
    """Deliveries of both outboxes that are not done."""
    return sum(int(str(hall.rows(office, UNDELIVERED)[0][0])) for office in ("hall", "population"))


def whole_logs(hall: Hall) -> None:
    """Assert that both ledgers are whole: ``./pendopo ledger verify`` in each office."""
    for deployment in (hall.stack.hall, hall.stack.population):
        (text,) = run_verbs(deployment, [["ledger", "verify", "--json"]])
        report = json.loads(text.splitlines()[-1])
        assert report["ok"], report["findings"]


def origin(hall: Hall) -> str:
    """Name of the hall's log, as its newest checkpoint outside the database says."""
    text = (hall.stack.hall.folder / "checkpoints" / "latest").read_text()
    return text.partition("\n")[0]


def pseudonym(hall: Hall, nik: str) -> str:
    """A person's pseudonym on the exchange: HMAC under the key that the two offices share."""
    raw = (hall.stack.here.state / "subject.key").read_bytes()
    key = raw if len(raw) == hashlib.sha256().digest_size else bytes.fromhex(raw.decode().strip())
    return base64.urlsafe_b64encode(hmac.digest(key, nik.encode(), "sha256")).rstrip(b"=").decode()


def _counted(deeds: list[Deed], there: list[int], present: list[int]) -> Count:
    """``there`` is the most that anybody counted of each deed, ``present`` the least."""
    return Count(
        sent=sum(deed.sent > 0 for deed in deeds),
        acknowledged=sum(deed.acknowledged for deed in deeds),
        lost=sum(deed.acknowledged and held < 1 for deed, held in zip(deeds, present, strict=True)),
        doubled=sum(max(0, held - 1) for held in there),
    )


def _count(values: Iterable[object]) -> Counter[str]:
    return Counter(str(value) for value in values)
