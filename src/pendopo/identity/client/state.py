"""What one browser must bring back from the provider: kept in its own sealed cookie, one a sign-in.

Two tabs may sign in at once: each has its own cookie, named after its ``state``.
"""

import base64
import binascii
import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from pydantic import BaseModel, ConfigDict, ValidationError

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import cookies
from pendopo.identity.cookies import Cookie
from pendopo.identity.policy import INTERACTION

_NAME_LENGTH = 8


class Pending(BaseModel):
    """A sign-in on its way. ``level`` is what the page asks for; ``fresh`` that it wants a new sign-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str
    next: str
    level: int
    language: str
    begun_at: int


def begin(next_page: str, *, level: int, language: str) -> Pending:
    """Make the random parts of a sign-in."""
    return Pending(
        state=cookies.new_token(),
        nonce=cookies.new_token(),
        verifier=cookies.new_token(),
        next=next_page,
        level=level,
        language=language,
        begun_at=int(now().timestamp()),
    )


def challenge(pending: Pending) -> str:
    """Return the PKCE S256 challenge (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(pending.verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def keep(response: HttpResponse, pending: Pending) -> None:
    """Give the browser its half."""
    sealed = crypto.seal(pending.model_dump_json(), context=_context(pending.state))
    value = base64.urlsafe_b64encode(sealed).decode()
    seconds = int(INTERACTION.total_seconds())
    cookies.put(response, Cookie.SIGN_IN, value, seconds=seconds, suffix=_suffix(pending.state))


def recall(request: HttpRequest, state: str) -> Pending | None:
    """Return the sign-in that this browser began under ``state``, or None."""
    value = cookies.read(request, Cookie.SIGN_IN, _suffix(state)) if state else ""
    if not value:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value)
        pending = Pending.model_validate_json(crypto.open_bytes(sealed, context=_context(state)))
    except (binascii.Error, crypto.SealBrokenError, ValidationError):
        return None
    age = now().timestamp() - pending.begun_at
    return pending if pending.state == state and age <= INTERACTION.total_seconds() else None


def forget(response: HttpResponseBase, state: str) -> None:
    """The sign-in is over, however it ended."""
    cookies.drop(response, Cookie.SIGN_IN, _suffix(state))


def _suffix(state: str) -> str:
    kept = "".join(character for character in state[:_NAME_LENGTH] if character.isalnum())
    return f"_{kept}"


def _context(state: str) -> str:
    return f"identity.sign_in:{state}"
