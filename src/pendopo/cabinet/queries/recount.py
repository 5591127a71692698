"""Counting a vote again from rows: the session's events anew, each ballot by its own statement, the log.

Nothing that this process remembers is used: the copy of the session in memory would not see a row that was
changed underneath.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from pendopo.cabinet import errors, events, minutes_rows, recount, visibility
from pendopo.cabinet.actions.ballots import evidence_digest, evidence_of, signed_statement
from pendopo.cabinet.actions.live import open_event
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.models import AgendaItem, Ballot, LiveEvent, Session
from pendopo.cabinet.records.recount import Check, CountedBallot, Recount
from pendopo.cabinet.recount import Checked, Fault, Kept, Mark, Replayed
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.tally import Count
from pendopo.cabinet.values import Outcome
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import Written, written
from pendopo.foundation.clock import now
from pendopo.identity import api as identity
from pendopo.ledger import api as ledger


def of_vote(actor: Actor, item_id: UUID, poll_id: UUID, language: str) -> Recount:
    """Count a closed vote again for somebody who may know of its item.

    Raises ``NoSuchItem`` without such a vote on this item, ``PollOpen`` while ballots are taken and
    ``RecordBroken`` when the session's events can no longer be read up to the close of the vote.
    """
    return for_standing(standing_of(actor), item_id, poll_id, language)


def for_standing(standing: Standing, item_id: UUID, poll_id: UUID, language: str) -> Recount:
    """As :func:`of_vote`, for who is known already."""
    item = visibility.item(standing, item_id)
    session = item.session
    stored, readable = _events(session)
    replayed = recount.replay(stored, str(poll_id))
    if replayed is None or replayed.poll.item != str(item_id):
        raise errors.NoSuchItem if readable else errors.RecordBroken
    if replayed.poll.is_open:
        raise errors.PollOpen if readable else errors.RecordBroken
    rows = list(Ballot.objects.filter(poll_id=poll_id, session=session).select_related("seat"))
    kept = _kept(rows)
    checked = recount.check(str(session.id), replayed, kept)
    counted = replayed.poll.counted
    again = recount.tally(checked, counted.entitled if counted else len(checked))
    entry = _decided(item, replayed)
    proof = None if entry is None else ledger.proofs_of({entry.commitment_id: entry.content})
    found = None if proof is None or entry is None else proof.get(entry.commitment_id)
    text = BodyConfiguration.model_validate(session.body.configuration)
    return Recount(
        session_id=str(session.id),
        item_id=str(item.id),
        poll=replayed.poll.id,
        number=item.dossier.number,
        title=minutes_rows.title_of(item),
        body=text.name.of(language),
        specimen=text.specimen,
        question=replayed.poll.question,
        papers=replayed.poll.docset_hash,
        void=replayed.poll.void,
        counted=counted,
        again=again,
        result=replayed.poll.result,
        outcome=Outcome(str(entry.detail["outcome"])) if entry else None,
        at=now(),
        ballots=_ballots(session, checked, rows, language),
        checks=_checks(_Found(item, stored, replayed, checked, again, entry, found)),
        proof=found,
    )


def _events(session: Session) -> tuple[list[ev.Event], bool]:
    """Open the events from their rows up to the first that was changed, and say whether that is all."""
    found: list[ev.Event] = []
    for row in LiveEvent.objects.filter(session=session).order_by("seq"):
        try:
            found.append(open_event(row))
        except (crypto.SealBrokenError, ValueError):
            return found, False
    return found, True


def _kept(rows: Sequence[Ballot]) -> list[Kept]:
    entries = {one.object_id: one for one in written(events.BALLOT, [row.id for row in rows])}
    proofs = ledger.proofs_of({one.commitment_id: one.content for one in entries.values()})
    signed = {row.id: evidence for row in rows if (evidence := _evidence(row)) is not None}
    pairs = [(row.by_subject_id, signed[row.id]) for row in rows if row.id in signed]
    known = dict(zip(signed, identity.signature_keys_known(pairs), strict=True))
    return [_keep(row, known.get(row.id), entries.get(row.id), proofs) for row in rows]


def _keep(
    row: Ballot,
    key_known: bool | None,  # noqa: FBT001  # what is known of its key; None: there is none
    entry: Written | None,
    proofs: Mapping[UUID, ledger.EntryProof],
) -> Kept:
    statement, evidence = _statement(row), _evidence(row)
    signed = bool(statement) and evidence is not None and identity.signature_holds(statement or b"", evidence)
    return Kept(
        id=str(row.id),
        seat=row.seat.code,
        by=str(row.by_subject_id),
        statement=statement,
        signature_holds=None if evidence is None else signed,
        key_known=key_known,
        in_log=_in_log(row, evidence, entry, proofs),
    )


def _statement(row: Ballot) -> bytes | None:
    try:
        return signed_statement(row)
    except crypto.SealBrokenError:
        return None


def _evidence(row: Ballot) -> bytes | None:
    """Return the signature; one whose seal was broken is there and cannot hold."""
    try:
        return evidence_of(row)
    except crypto.SealBrokenError:
        return b""


def _in_log(
    row: Ballot, evidence: bytes | None, entry: Written | None, proofs: Mapping[UUID, ledger.EntryProof]
) -> bool | None:
    """Say whether the log has this ballot with this signature; None: it waits for its place."""
    if entry is None:
        return False
    detail = entry.detail
    same = (detail.get("poll"), detail.get("seat")) == (str(row.poll_id), row.seat.code)
    if not same or detail.get("evidence") != evidence_digest(evidence):
        return False
    proof = proofs.get(entry.commitment_id)
    return None if proof is None else proof.holds()


def _decided(item: AgendaItem, replayed: Replayed) -> Written | None:
    """Return the log's entry of the decision that rests on this vote."""
    found = [one for one in written(events.DECIDED, [item.id]) if one.detail.get("poll") == replayed.poll.id]
    return found[-1] if found else None


def _ballots(
    session: Session, checked: Sequence[Checked], rows: Sequence[Ballot], language: str
) -> tuple[CountedBallot, ...]:
    offices = {
        seat.code: seat.office_en if language == "en" else seat.office_id
        for seat in session.body.seats.order_by("order")
    }
    order = {code: place for place, code in enumerate(offices)}
    evidences = {row.seat.code: _evidence(row) for row in rows}
    found = [
        CountedBallot(
            seat=one.seat,
            office=offices.get(one.seat, one.seat),
            choice=one.choice,
            statement=(one.kept.statement or b"").decode() if one.kept else "",
            signed=one.kept.signature_holds if one.kept else None,
            faults=one.faults,
            evidence=_opened(evidences.get(one.seat)),
        )
        for one in checked
    ]
    return tuple(sorted(found, key=lambda one: order.get(one.seat, len(order))))


def _opened(evidence: bytes | None) -> Mapping[str, object] | None:
    if evidence is None:
        return None
    try:
        return identity.signature_opened(evidence)
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that the checks look at."""

    item: AgendaItem
    stored: Sequence[ev.Event]
    replayed: Replayed
    checked: Sequence[Checked]
    again: Count
    entry: Written | None
    proof: ledger.EntryProof | None

    @property
    def counted(self) -> Count | None:
        """The count as it is stored."""
        return self.replayed.poll.counted


_SIGNING = frozenset({Fault.SIGNATURE, Fault.OTHER_KEY, Fault.UNSIGNED_SINCE})


def _checks(found: _Found) -> tuple[Check, ...]:
    faults = {fault for one in found.checked for fault in one.faults}
    void, counted = found.replayed.poll.void, found.counted
    return (
        Check("ballots", _mark(not faults - _SIGNING - {Fault.LOG})),
        _signatures(found, faults),
        Check("events", _mark(_whole(found.item.session, found.stored))),
        Check("replay", Mark.OPEN if void else _mark(found.replayed.same)),
        Check("count", Mark.OPEN if counted is None else _mark(found.again == counted)),
        _ballot_log(found, faults),
        _written_down(found.item, counted),
        _decision_log(found),
    )


def _signatures(found: _Found, faults: set[Fault]) -> Check:
    signed = any(one.kept is not None and one.kept.signature_holds is not None for one in found.checked)
    if faults & _SIGNING:
        return Check("signatures", Mark.BROKEN)
    return Check("signatures", Mark.HOLDS if signed else Mark.OPEN)


def _ballot_log(found: _Found, faults: set[Fault]) -> Check:
    if Fault.LOG in faults:
        return Check("ballot_log", Mark.BROKEN)
    waits = any(one.kept is not None and one.kept.in_log is None for one in found.checked)
    return Check("ballot_log", Mark.OPEN if waits or not found.checked else Mark.HOLDS)


def _mark(holds: bool) -> Mark:  # noqa: FBT001  # one truth, one mark
    return Mark.HOLDS if holds else Mark.BROKEN


def _whole(session: Session, stored: Sequence[ev.Event]) -> bool:
    """Say whether the session has exactly the events that the audit counted when they were written."""
    told: list[str] = []
    for one in sorted(written(events.LIVE, [session.id]), key=lambda one: int(str(one.detail["seq"]))):
        kinds = one.detail["kinds"]
        told += [str(kind) for kind in kinds] if isinstance(kinds, list) else []
    return told == [event.kind for event in stored]


def _written_down(item: AgendaItem, counted: Count | None) -> Check:
    row = getattr(item, "decision", None)
    if row is None or row.tally is None or counted is None:
        return Check("decision", Mark.OPEN)
    return Check("decision", _mark(row.tally == asdict(counted)))


def _decision_log(found: _Found) -> Check:
    if found.entry is None or found.counted is None:
        return Check("decision_log", Mark.OPEN)
    if found.entry.detail.get("tally") != asdict(found.counted):
        return Check("decision_log", Mark.BROKEN)
    return Check("decision_log", Mark.OPEN if found.proof is None else _mark(found.proof.holds()))
