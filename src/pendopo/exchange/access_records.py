"""Bring the gateways' signed access records to the ledger.

Each gateway keeps a durable spool and hands it out by cursor. The hall reads its own gateway's and, through
the exchange, that of every body it may ask; each record is verified against the registry's keys, so that
nobody on the way can forge or change one. A page and the cursor behind it are stored in one transaction:
after a crash the page is read again, and the ledger takes a known record only as further evidence.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import httpx
from django.db import transaction
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from pendopo.exchange import models
from pendopo.exchange.errors import ExchangeError, Hop, PopulationAnswerInvalid, PopulationUnavailable
from pendopo.exchange.gateway import client_id, http_client, token
from pendopo.exchange.snapshots import build_snapshot
from pendopo.foundation.clock import now
from pendopo.foundation.database import try_lock
from pendopo.foundation.logs import get
from pendopo.ledger import api as ledger
from pendopo_wire import access
from pendopo_wire.errors import AccessRecordError
from pendopo_wire.snapshot import Snapshot

PAGE = 200
PAGES_A_RUN = 25
LONGEST_ID = 100
OWN = "own"

log = get(__name__)
_last_told: dict[str, str] = {}


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cursor: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    record: Annotated[str, StringConstraints(min_length=1, max_length=65_536)]


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    records: list[_Item]
    next: Annotated[str, StringConstraints(max_length=200)]
    more: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A gateway's spool: its name here, and where it is read (on our own gateway in both cases)."""

    name: str
    path: str


def sources() -> list[Source]:
    """Our own gateway, and the gateways of the systems with which we have an agreement."""
    asked = models.Agreement.objects.filter(client__identifier=client_id())
    systems = sorted(set(asked.values_list("service__subsystem__identifier", flat=True)))
    return [
        Source(OWN, "/accessRecords"),
        *(Source(system, f"/r1/{system}/listAccessRecords") for system in systems),
    ]


def pull_all() -> int:
    """Read what is new from every source; return how many records were taken.

    A source that is down does not keep the others waiting; its turn comes again with the next run.
    """
    registry = cache(build_snapshot)
    taken = 0
    for source in sources():
        try:
            taken += pull(source, registry)
        except ExchangeError as error:
            _tell(source, error.code)
        else:
            _tell(source, "")
    return taken


def _tell(source: Source, error_code: str) -> None:
    """Log when a source goes down or comes back, not each second in between."""
    if _last_told.get(source.name, "") == error_code:
        return
    _last_told[source.name] = error_code
    if error_code:
        log.warning("access_records_unreachable", source=source.name, error_code=error_code)
    else:
        log.info("access_records_reachable", source=source.name)


def pull(source: Source, registry: Callable[[], Snapshot]) -> int:
    """Read one source to its end, at most ``PAGES_A_RUN`` pages. Raises :class:`PopulationUnavailable`.

    ``registry`` is asked only when there is a record to verify.
    """
    taken = 0
    for _ in range(PAGES_A_RUN):
        after = _cursor(source)
        page = _read(source, after)
        taken += _store(source, after, page, registry)
        if not page.more:
            break
    return taken


def _cursor(source: Source) -> str:
    found = models.PullCursor.objects.filter(source=source.name).values_list("cursor", flat=True).first()
    return found or ""


def _read(source: Source, after: str) -> _Page:
    parameters = {"limit": str(PAGE)} | ({"after": after} if after else {})
    headers = {
        "Authorization": f"Bearer {token()}",
        "X-Road-Client": client_id(),
        "Accept": "application/json",
    }
    hop = Hop.OWN_GATEWAY if source.name == OWN else Hop.REMOTE_GATEWAY
    try:
        response = http_client().get(source.path, params=parameters, headers=headers)
    except httpx.HTTPError as error:
        raise PopulationUnavailable(Hop.OWN_GATEWAY, "connect") from error
    if not response.is_success:
        raise PopulationUnavailable(hop, f"status-{response.status_code}")
    try:
        return _Page.model_validate_json(response.content)
    except ValidationError:
        raise PopulationAnswerInvalid(hop, "schema") from None


def _store(source: Source, after: str, page: _Page, registry: Callable[[], Snapshot]) -> int:
    """Keep a page and move the cursor, unless another worker did so meanwhile."""
    if not page.records and page.next == after:
        return 0
    with transaction.atomic():
        if not try_lock(f"exchange.pull:{source.name}") or _cursor(source) != after:
            return 0
        for item in page.records:
            _take(source, item, registry)
        models.PullCursor.objects.update_or_create(
            source=source.name, defaults={"cursor": page.next, "moved_at": now()}
        )
    return len(page.records)


def _take(source: Source, item: _Item, registry: Callable[[], Snapshot]) -> None:
    try:
        record = access.verify_with(item.record, registry())
        _check_source(source, record)
    except AccessRecordError as error:
        _reject(source, item, str(error))
        return
    if record.subjects:
        ledger.record_access(_entry(record, item.record))


def _check_source(source: Source, record: access.AccessRecord) -> None:
    """A gateway tells only of what passed it: no body can put looks into another body's name."""
    if len(record.id) > LONGEST_ID:
        # A signed record that no table can hold would otherwise stop all those behind it.
        raise AccessRecordError("the record's id is too long")
    if str(record.consumer) != client_id():
        raise AccessRecordError("the record is about another consumer")
    if source.name == OWN and record.side is not access.Side.CONSUMER:
        raise AccessRecordError("our own gateway tells the provider's side")
    if source.name != OWN and (
        record.side is not access.Side.PROVIDER or str(record.provider) != source.name
    ):
        raise AccessRecordError("the record is about another provider")


def _entry(record: access.AccessRecord, statement: str) -> ledger.AccessEntry:
    return ledger.AccessEntry(
        message_id=record.id,
        at=record.at,
        subjects=record.subjects,
        purpose=record.purpose,
        legal_basis=record.legal_basis,
        fields=record.fields,
        consumer=str(record.consumer),
        provider=str(record.provider),
        service=str(record.service),
        user=record.user,
        issue=record.issue,
        status=record.status,
        request_digest=record.request_digest,
        side="consumer" if record.side is access.Side.CONSUMER else "provider",
        statement=statement,
    )


def _reject(source: Source, item: _Item, reason: str) -> None:
    """Keep that something false was handed out, and go on: one bad record must not hide those behind it."""
    log.error("access_record_rejected", source=source.name, cursor=item.cursor, reason=reason)
    models.RejectedRecord.objects.get_or_create(
        source=source.name,
        cursor=item.cursor,
        defaults={"reason": reason[:200], "statement_digest": hashlib.sha256(item.record.encode()).digest()},
    )
