"""Named ballots, signed with the voter's passkey.

The statement says which session, poll, seat and papers, and how the seat votes; its digest is the challenge
that the authenticator signs. Statement and assertion are kept, one a seat and poll by the database's own
constraint, so that each member can recompute the count and check every signature.
"""

import hashlib
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from pendopo.cabinet import errors, events, sealed, visibility
from pendopo.cabinet.actions.live import act_within, state_of
from pendopo.cabinet.live import commands
from pendopo.cabinet.live.state import SessionState
from pendopo.cabinet.models import Ballot
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Choice, Scope
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.identity import api as identity
from pendopo.kernel.ids import uuid7
from pendopo_wire import canonical


def statement(session_id: UUID, poll_id: str, seat: str, choice: Choice, docset_hash: str) -> bytes:
    """Return what is signed, as canonical JSON (RFC 8785)."""
    return canonical.dumps(
        {
            "ballot": choice.value,
            "papers": docset_hash,
            "poll": poll_id,
            "seat": seat,
            "session": str(session_id),
        }
    )


def signed_statement(row: Ballot) -> bytes:
    """Return the statement of a kept ballot, byte for byte as it was signed."""
    return crypto.open_bytes(row.sealed_statement, context=_context(row.id)).rstrip(b" ")


def evidence_of(row: Ballot) -> bytes | None:
    """Return the kept assertion, None for a ballot that nobody signed.

    It is sealed because the challenge in it is the statement's digest: of three possible statements anybody
    could find the one that fits.
    """
    if row.assertion is None:
        return None
    return crypto.open_bytes(row.assertion, context=_signed_context(row.id))


def evidence_digest(evidence: bytes | None) -> str | None:
    """Return what the log keeps of a signature: enough to know it again, nothing of how the seat voted."""
    return None if evidence is None else hashlib.sha256(evidence).hexdigest()


def begin(actor: Actor, session_id: UUID, poll_id: str, seat_id: UUID, choice: Choice) -> str:
    """Return WebAuthn options (JSON) for signing this ballot on the papers that lie here now."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    seat = standing.holding(seat_id, Scope.VOTE)
    if seat.body_id != session.body_id:
        raise errors.NotYourSeat
    state = state_of(session_id)
    poll = state.polls.get(poll_id)
    if poll is None or not poll.is_open or seat.code in state.items[poll.item].barred:
        raise errors.PollClosed
    text = statement(session_id, poll_id, seat.code, choice, poll.docset_hash)
    return identity.signature_options(standing.subject_id, text)


def cast(  # a ballot has these parts
    actor: Actor,
    session_id: UUID,
    poll_id: str,
    *,
    seat_id: UUID,
    choice: Choice,
    docset_hash: str,
    answer: str | None,
) -> SessionState:
    """Cast a ballot for a seat; ``answer`` is the browser's, None for a member without a passkey at hand.

    An unsigned ballot counts and is shown as unsigned: a body that wants only signed ones says so in its
    rules of procedure, and the clerk sees which are not.
    """
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    seat = standing.holding(seat_id, Scope.VOTE)
    if seat.body_id != session.body_id:
        raise errors.NotYourSeat
    text = statement(session_id, poll_id, seat.code, choice, docset_hash)
    with transaction.atomic(durable=True):
        row_id = uuid7()
        ballot = partial(
            commands.cast,
            poll_id=poll_id,
            seat=seat.code,
            choice=choice,
            docset_hash=docset_hash,
            evidence=str(row_id) if answer else "",
        )
        state = act_within(actor, session_id, ballot)
        try:
            evidence = identity.signed(standing.subject_id, text, answer) if answer else None
        except identity.PasskeyRefused as error:
            raise errors.SignatureRefused from error
        try:
            Ballot.objects.create(
                id=row_id,
                session=session,
                poll_id=UUID(poll_id),
                seat_id=seat.seat_id,
                by_subject_id=standing.subject_id,
                sealed_statement=crypto.seal(sealed.padded(text), context=_context(row_id)),
                assertion=_sealed(evidence, row_id),
            )
        except IntegrityError as error:
            raise errors.AlreadyVoted from error
        audit(
            events.BALLOT,
            actor=actor,
            object_id=row_id,
            body_id=session.body.agency_id,
            detail={
                "poll": poll_id,
                "seat": seat.code,
                "signed": evidence is not None,
                "evidence": evidence_digest(evidence),
            },
        )
    return state


def _context(ballot_id: UUID) -> str:
    return f"cabinet.ballot.statement:{ballot_id}"


def _sealed(evidence: bytes | None, ballot_id: UUID) -> bytes | None:
    return None if evidence is None else crypto.seal(evidence, context=_signed_context(ballot_id))


def _signed_context(ballot_id: UUID) -> str:
    return f"cabinet.ballot.assertion:{ballot_id}"
