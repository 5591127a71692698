"""From a checked authorization request to its answer: what is still missing, and the steps in between."""

from enum import StrEnum
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import models
from pendopo.identity.errors import SignInExpired
from pendopo.identity.policy import INTERACTION
from pendopo.identity.provider import grants, requests, sessions
from pendopo.identity.provider.errors import AuthorizationRefused
from pendopo.identity.provider.requests import AuthorizationRequest


class Step(StrEnum):
    """What a waiting request needs next."""

    SIGN_IN = "sign-in"
    CONSENT = "consent"
    ANSWER = "answer"


def answer_silently(
    wanted: AuthorizationRequest, client: models.Client, session: models.ProviderSession | None
) -> str | None:
    """Return the answer's address when nothing has to be asked, or None.

    With ``prompt=none`` raises :class:`AuthorizationRefused` instead of None.
    """
    known = session if session is not None and sessions.satisfies(session, wanted, since=now()) else None
    if known is not None and client.first_party and wanted.prompt != "consent":
        return _answer(wanted, client, known)
    if wanted.prompt == "none":
        error = "login_required" if known is None else "consent_required"
        raise AuthorizationRefused(
            error, "the person would have to be asked", redirect_uri=wanted.redirect_uri, state=wanted.state
        )
    return None


def begin(wanted: AuthorizationRequest, client: models.Client, browser: str) -> models.Interaction:
    """Keep the request while the person is asked, bound to this browser."""
    return models.Interaction.objects.create(
        client=client,
        parameters=wanted.model_dump(),
        browser_digest=crypto.fingerprint(browser),
        expires_at=now() + INTERACTION,
    )


def find(given: str, browser: str) -> models.Interaction | None:
    """Return the waiting request if it is of this browser and still open."""
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    row = models.Interaction.objects.select_related("client").filter(id=wanted, expires_at__gt=now()).first()
    if row is None or not crypto.constant_time_equal(bytes(row.browser_digest), crypto.fingerprint(browser)):
        return None
    return row


def next_step(waiting: models.Interaction, session: models.ProviderSession | None) -> Step:
    """Say what is missing."""
    wanted = AuthorizationRequest.model_validate(waiting.parameters)
    if session is None or not sessions.satisfies(session, wanted, since=waiting.created_at):
        return Step.SIGN_IN
    asks = not waiting.client.first_party or wanted.prompt == "consent"
    return Step.CONSENT if asks and waiting.consented_at is None else Step.ANSWER


def allow(waiting: models.Interaction) -> None:
    """Note the person's consent, for this request only."""
    waiting.consented_at = now()
    waiting.save(update_fields=["consented_at"])


def deny(waiting: models.Interaction) -> str:
    """Close the request and return the address that tells the client so."""
    wanted = AuthorizationRequest.model_validate(waiting.parameters)
    waiting.delete()
    refused = AuthorizationRefused(
        "access_denied", "the person declined", redirect_uri=wanted.redirect_uri, state=wanted.state
    )
    return requests.refusal(refused)


def complete(waiting: models.Interaction, session: models.ProviderSession | None) -> str:
    """Close the request and return the answer's address; raise :class:`SignInExpired` if it is not ready."""
    if session is None or next_step(waiting, session) is not Step.ANSWER:
        raise SignInExpired
    wanted = AuthorizationRequest.model_validate(waiting.parameters)
    waiting.delete()
    return _answer(wanted, waiting.client, session)


def _answer(wanted: AuthorizationRequest, client: models.Client, session: models.ProviderSession) -> str:
    code = grants.issue(wanted, client, session)
    return requests.answer(wanted.redirect_uri, {"code": code, "state": wanted.state})
