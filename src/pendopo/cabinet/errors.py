"""What can go wrong in the cabinet; every sentence has a way out (``cabinet.errors.*``)."""

from typing import ClassVar

from pendopo.kernel.errors import PendopoError


class CabinetError(PendopoError):
    """Base of this room."""

    code: ClassVar[str] = "cabinet.error"
    status: ClassVar[int] = 500
    text_key: ClassVar[str] = "cabinet.errors.error"


class _NotFound(CabinetError):
    status = 404


class _Refused(CabinetError):
    status = 409


class _Wrong(CabinetError):
    status = 422


class NoSuchBody(_NotFound):
    """There is no such body, or the reader holds no seat in it."""

    code = "cabinet.no_such_body"
    text_key = "cabinet.errors.no_such_body"


class NoSuchDossier(_NotFound):
    """There is no such dossier, or the reader may not know that there is."""

    code = "cabinet.no_such_dossier"
    text_key = "cabinet.errors.no_such_dossier"


class NoSuchSession(_NotFound):
    """There is no such session for this reader."""

    code = "cabinet.no_such_session"
    text_key = "cabinet.errors.no_such_session"


class NoSuchItem(_NotFound):
    """The agenda has no such item, or the reader may not know that it has."""

    code = "cabinet.no_such_item"
    text_key = "cabinet.errors.no_such_item"


class NotYourSeat(CabinetError):
    """The actor holds neither the seat nor a delegation for this act."""

    code = "cabinet.not_your_seat"
    status = 403
    text_key = "cabinet.errors.not_your_seat"


class NotTheClerk(CabinetError):
    """Only the body's clerk (secretary) or chair may do this."""

    code = "cabinet.not_the_clerk"
    status = 403
    text_key = "cabinet.errors.not_the_clerk"


class StateDoesNotAllow(_Refused):
    """The dossier or session is not in a state for this act."""

    code = "cabinet.state_does_not_allow"
    text_key = "cabinet.errors.state_does_not_allow"


class Locked(_Refused):
    """Positions are locked; the chair or clerk can reopen them, which is recorded."""

    code = "cabinet.locked"
    text_key = "cabinet.errors.locked"


class DocumentsChanged(_Refused):
    """The papers are newer than those that the reader acted on; read what changed and act again."""

    code = "cabinet.documents_changed"
    text_key = "cabinet.errors.documents_changed"


class StillSealed(_Refused):
    """Positions are sealed until the lock."""

    code = "cabinet.still_sealed"
    text_key = "cabinet.errors.still_sealed"


class LockWaits(_Refused):
    """Sealed positions are opened before their time by the chair, or once every seat has stated its own."""

    code = "cabinet.lock_waits"
    text_key = "cabinet.errors.lock_waits"


class Recused(_Refused):
    """The seat is recused from this item."""

    code = "cabinet.recused"
    text_key = "cabinet.errors.recused"


class NotPresent(_Refused):
    """The seat is not present in the session."""

    code = "cabinet.not_present"
    text_key = "cabinet.errors.not_present"


class NotEntitled(_Refused):
    """The seat does not count in this body."""

    code = "cabinet.not_entitled"
    text_key = "cabinet.errors.not_entitled"


class AlreadyVoted(_Refused):
    """The seat has voted, by itself or by a deputy; a named vote is not changed."""

    code = "cabinet.already_voted"
    text_key = "cabinet.errors.already_voted"


class SecondVote(_Refused):
    """The person has already voted for another seat, and the body allows no second vote."""

    code = "cabinet.second_vote"
    text_key = "cabinet.errors.second_vote"


class SitsAlready(_Refused):
    """The person takes part for another seat already; one person is counted once."""

    code = "cabinet.sits_already"
    text_key = "cabinet.errors.sits_already"


class PollClosed(_Refused):
    """The vote is over, void or not open."""

    code = "cabinet.poll_closed"
    text_key = "cabinet.errors.poll_closed"


class PollOpen(_Refused):
    """A vote is going on; close it first."""

    code = "cabinet.poll_open"
    text_key = "cabinet.errors.poll_open"


class NoQuorum(_Refused):
    """Too few are present to decide; nothing is decided until they are."""

    code = "cabinet.no_quorum"
    text_key = "cabinet.errors.no_quorum"


class NoVotesHere(_Refused):
    """In this body the chair decides; members take positions and do not vote."""

    code = "cabinet.no_votes_here"
    text_key = "cabinet.errors.no_votes_here"


class AlreadyDisposed(_Refused):
    """The item has been decided or put off in this session."""

    code = "cabinet.already_disposed"
    text_key = "cabinet.errors.already_disposed"


class NotInBundle(_Refused):
    """An item is not, or no longer, in the consent bundle."""

    code = "cabinet.not_in_bundle"
    text_key = "cabinet.errors.not_in_bundle"


class AboveTheRoom(_Refused):
    """The paper's class is above that of the body, the room or the seat."""

    code = "cabinet.above_the_room"
    text_key = "cabinet.errors.above_the_room"


class OthersWereFaster(_Refused):
    """Somebody else changed the session at the same moment; look and act again."""

    code = "cabinet.others_were_faster"
    text_key = "cabinet.errors.others_were_faster"


class EditedMeanwhile(_Refused):
    """Somebody else changed the dossier or the agenda since it was looked at; compare and act again."""

    code = "cabinet.edited_meanwhile"
    text_key = "cabinet.errors.edited_meanwhile"


class TextMissing(_Wrong):
    """A text that others rely on is empty or too long."""

    code = "cabinet.text_missing"
    text_key = "cabinet.errors.text_missing"


class OwnerMayNotKnow(_Wrong):
    """The seat that a task is given to may not know of the matter that it follows from."""

    code = "cabinet.owner_may_not_know"
    text_key = "cabinet.errors.owner_may_not_know"


class NobodyAsked(_Wrong):
    """A coordination round names no seat."""

    code = "cabinet.nobody_asked"
    text_key = "cabinet.errors.nobody_asked"


class PaperMissing(_Wrong):
    """No file was chosen."""

    code = "cabinet.paper_missing"
    text_key = "cabinet.errors.paper_missing"


class DoesNotFit(_Wrong):
    """A value does not fit: ``field`` in ``params`` names it."""

    code = "cabinet.does_not_fit"
    text_key = "cabinet.errors.does_not_fit"


class SignatureRefused(_Wrong):
    """The passkey's signature does not belong to this ballot or this person."""

    code = "cabinet.signature_refused"
    text_key = "cabinet.errors.signature_refused"


class TasksOpen(_Refused):
    """Tasks of the dossier's directives are still open; a dossier is closed when all of them are."""

    code = "cabinet.tasks_open"
    text_key = "cabinet.errors.tasks_open"


class NotReported(_Refused):
    """The owner of the task has not reported yet; only what was reported is called done."""

    code = "cabinet.not_reported"
    text_key = "cabinet.errors.not_reported"


class RecordBroken(_Refused):
    """The events of a session were changed underneath: what they say cannot be read again."""

    code = "cabinet.record_broken"
    text_key = "cabinet.errors.record_broken"


class TooLarge(_Refused):
    """The papers of the agenda are more than fit in one pack."""

    code = "cabinet.too_large"
    text_key = "cabinet.errors.too_large"
