"""Following a case without signing in: by number and tracking code, or by the signed link of the receipt.

Neither shows a name, an answer, a note or a document. The link is the case's id under a signature of its
own; it does not expire, because a receipt on paper does not either.
"""

from uuid import UUID

from django.core import signing

from pendopo.casework import survey, timeline
from pendopo.casework.case_numbers import clean_number, index_of
from pendopo.casework.errors import TrackingRefused
from pendopo.casework.models import Case
from pendopo.casework.records import TrackView
from pendopo.casework.states import CaseState
from pendopo.foundation import crypto
from pendopo.foundation.limits import rate_limit

SALT = "casework.track"
TRIES, SECONDS = 10, 600


def token_of(case: Case) -> str:
    """Return the signed part of the receipt's link."""
    return signing.Signer(salt=SALT, sep="~").sign(case.id.hex)


def by_token(token: str) -> TrackView:
    """Open the link of a receipt; raise :class:`TrackingRefused` when the signature is not ours."""
    return _view(case_of(token))


def case_of(token: str, *, for_update: bool = False) -> Case:
    """Return the case of a receipt's link or raise :class:`TrackingRefused`; for this room's own actions."""
    try:
        case_id = UUID(signing.Signer(salt=SALT, sep="~").unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise TrackingRefused from error
    rows = Case.objects.select_for_update() if for_update else Case.objects
    case = rows.filter(id=case_id).first()
    if case is None:
        raise TrackingRefused
    return case


def by_code(number: str, code: str, *, address: str) -> TrackView:
    """Open by what the receipt shows. Tries are counted per number and per network address.

    Raises :class:`TrackingRefused` (without telling which of the two is wrong) or ``TooManyRequests``.
    """
    rate_limit("casework.track.number", key=clean_number(number), limit=TRIES, seconds=SECONDS)
    rate_limit("casework.track.address", key=address, limit=TRIES * 6, seconds=SECONDS)
    case = Case.objects.filter(number=clean_number(number)).first()
    expected = bytes(case.tracking_index) if case is not None else b""
    if not crypto.constant_time_equal(index_of(number, code), expected) or case is None:
        raise TrackingRefused
    return _view(case)


def _view(case: Case) -> TrackView:
    return TrackView(
        number=case.number,
        agency=case.agency,
        service=case.service,
        service_version_id=case.service_version_id,
        state=CaseState(case.state),
        waits_for=case.waits_for,
        submitted_at=case.submitted_at,
        promise_due_at=case.promise_due_at,
        has_document=case.certificates.filter(replaced_at=None).exists(),
        moments=timeline.read(case, with_notes=False),
        token=token_of(case),
        survey_open=survey.is_open(case),
    )
