"""From a checked authorization request to its answer: what is still missing, and the steps in between."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import models
from pendopo.identity.errors import SignInExpired
from pendopo.identity.policy import INTERACTION
from pendopo.identity.provider import grants, requests, sessions
from pendopo.identity.provider.clients import Asking
from pendopo.identity.provider.errors import AuthorizationRefused
from pendopo.identity.provider.requests import AuthorizationRequest


class Step(StrEnum):
    """What a waiting request needs next."""

    SIGN_IN = "sign-in"
    CONSENT = "consent"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for the person, in one browser. ``since`` is when it came."""

    id: UUID
    client: Asking
    request: AuthorizationRequest
    since: dt.datetime
    consented: bool


def answer_silently(wanted: AuthorizationRequest, client: Asking, token: str) -> str | None:
    """Return the answer's address when nothing has to be asked, or None.

    ``token`` is the provider's cookie. With ``prompt=none`` raises :class:`AuthorizationRefused` instead
    of returning None.
    """
    session = sessions.present(token)
    known = session if session is not None and sessions.satisfies(session, wanted, since=now()) else None
    if known is not None and client.first_party and wanted.prompt != "consent":
        return _answer(wanted, client, known)
    if wanted.prompt == "none":
        error = "login_required" if known is None else "consent_required"
        raise AuthorizationRefused(
            error, "the person would have to be asked", redirect_uri=wanted.redirect_uri, state=wanted.state
        )
    return None


def begin(wanted: AuthorizationRequest, client: Asking, browser: str) -> UUID:
    """Keep the request while the person is asked, bound to this browser; return its id."""
    row = models.Interaction.objects.create(
        client_id=client.id,
        parameters=wanted.model_dump(),
        browser_digest=crypto.fingerprint(browser),
        expires_at=now() + INTERACTION,
    )
    return row.id


def find(given: str, browser: str) -> Waiting | None:
    """Return the waiting request if it is of this browser and still open."""
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    row = models.Interaction.objects.select_related("client").filter(id=wanted, expires_at__gt=now()).first()
    if row is None or not crypto.constant_time_equal(bytes(row.browser_digest), crypto.fingerprint(browser)):
        return None
    return Waiting(
        id=row.id,
        client=Asking.of(row.client),
        request=AuthorizationRequest.model_validate(row.parameters),
        since=row.created_at,
        consented=row.consented_at is not None,
    )


def asks_again(waiting: Waiting, token: str) -> bool:
    """Whether the browser is known to the provider and the request wants more than that."""
    session = sessions.present(token)
    return session is not None and not sessions.satisfies(session, waiting.request, since=waiting.since)


def next_step(waiting: Waiting, token: str) -> Step:
    """Say what is missing."""
    session = sessions.present(token)
    return Step.SIGN_IN if session is None else _after_sign_in(waiting, session)


def allow(waiting: Waiting) -> None:
    """Note the person's consent, for this request only."""
    models.Interaction.objects.filter(id=waiting.id).update(consented_at=now())


def deny(waiting: Waiting) -> str:
    """Close the request and return the address that tells the client so."""
    models.Interaction.objects.filter(id=waiting.id).delete()
    wanted = waiting.request
    refused = AuthorizationRefused(
        "access_denied", "the person declined", redirect_uri=wanted.redirect_uri, state=wanted.state
    )
    return requests.refusal(refused)


def complete(waiting: Waiting, token: str) -> str:
    """Close the request and return the answer's address; raise :class:`SignInExpired` if it is not ready."""
    session = sessions.present(token)
    if session is None or _after_sign_in(waiting, session) is not Step.ANSWER:
        raise SignInExpired
    # Whoever deletes the row answers: a doubled request finds none.
    if not models.Interaction.objects.filter(id=waiting.id).delete()[0]:
        raise SignInExpired
    return _answer(waiting.request, waiting.client, session)


def _after_sign_in(waiting: Waiting, session: models.ProviderSession) -> Step:
    if not sessions.satisfies(session, waiting.request, since=waiting.since):
        return Step.SIGN_IN
    asks = not waiting.client.first_party or waiting.request.prompt == "consent"
    return Step.CONSENT if asks and not waiting.consented else Step.ANSWER


def _answer(wanted: AuthorizationRequest, client: Asking, session: models.ProviderSession) -> str:
    code = grants.issue(wanted, client, session)
    return requests.answer(wanted.redirect_uri, {"code": code, "state": wanted.state})
