"""Commands are answered once: the same key with the same body gets the same answer for ever.

The answer, a refusal included, is stored in the transaction of its effect. A crash therefore leaves either
both or neither, and a repeated command can never enter a second child.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from pendopo.exchange.api import RefusalReason
from pendopo.foundation import crypto
from pendopo.foundation.database import lock
from pendopo.kernel.ids import uuid7
from pendopo.registers import models, vault
from pendopo.registers.errors import CommandRefused, KeyReused

CREATED = 201


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered: HTTP status, JSON body, pseudonyms of the persons shown."""

    status: int
    body: str
    subjects: tuple[str, ...]


def once(client: str, key: str, request: bytes, act: Callable[[], Outcome]) -> Outcome:
    """Run ``act`` unless this client used the key before.

    Raises :class:`KeyReused` when the key came with another body. A :class:`CommandRefused` from ``act`` is
    stored as its answer and raised again by each repetition; every other error leaves nothing behind.
    """
    body_index = crypto.blind_index(request.decode("utf-8", "surrogateescape"), purpose="registers.command")
    with transaction.atomic():
        lock(f"registers.command:{client}:{key}")
        earlier = models.Command.objects.filter(client=client, key=key).first()
        if earlier is not None:
            outcome = _earlier(earlier, body_index)
        else:
            outcome = _attempt(act)
            _store(client, key, body_index, outcome)
    if outcome.status != CREATED:
        raise _refusal(outcome)
    return outcome


def _attempt(act: Callable[[], Outcome]) -> Outcome:
    try:
        with transaction.atomic():
            return act()
    except CommandRefused as refused:
        body = json.dumps({"reason": refused.reason, "reference": refused.reference})
        return Outcome(refused.status, body, ())


def _store(client: str, key: str, body_index: bytes, outcome: Outcome) -> None:
    row_id = uuid7()
    models.Command.objects.create(
        id=row_id,
        client=client,
        key=key,
        body_index=body_index,
        status=outcome.status,
        answer=vault.seal("command", "answer", row_id, outcome.body),
        subjects=list(outcome.subjects),
    )


def _earlier(row: models.Command, body_index: bytes) -> Outcome:
    if not crypto.constant_time_equal(bytes(row.body_index), body_index):
        raise KeyReused
    subjects: Sequence[str] = row.subjects
    return Outcome(row.status, vault.unseal("command", "answer", row.id, row.answer), tuple(subjects))


def _refusal(outcome: Outcome) -> CommandRefused:
    stored: dict[str, str] = json.loads(outcome.body)
    return CommandRefused(RefusalReason(stored["reason"]), stored["reference"])
