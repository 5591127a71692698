"""Two axes of assurance and the one number that pages ask for.

Proofing (how well we know who this is) and authentication (how well this sign-in proved it is the same
person) are kept apart, as NIST SP 800-63-4 and the Australian and British schemes do, and told to clients in
``acr``. Pages of the hall ask for one number, :func:`level`.
"""

from enum import IntEnum
from typing import Final

PREFIX: Final = "urn:pendopo:assurance:"


class Proofing(IntEnum):
    """How a person's identity was established."""

    SELF_ASSERTED = 0
    REGISTER_MATCH = 1
    REMOTE_FACE = 2
    IN_PERSON = 3


class Authentication(IntEnum):
    """What a sign-in proved. Level 3 (an attested device-bound key) is not offered yet."""

    NONE = 0
    ONE_FACTOR = 1
    TWO_FACTORS = 2


def level(proofing: int, authentication: int) -> int:
    """Return 0 to 3: none, one factor, two factors or a passkey, additionally proofed in person."""
    if authentication < Authentication.TWO_FACTORS:
        return int(authentication)
    return 3 if proofing >= Proofing.IN_PERSON else 2


def acr(proofing: int, authentication: int) -> str:
    """Return the authentication context class, e.g. ``urn:pendopo:assurance:id3:au2``."""
    return f"{PREFIX}id{proofing}:au{authentication}"


ACR_VALUES: Final = tuple(
    acr(proofing, authentication)
    for proofing in Proofing
    for authentication in (Authentication.ONE_FACTOR, Authentication.TWO_FACTORS)
)


def authentication_of(value: str) -> int | None:
    """Return the authentication level that an ``acr`` value names, or None when it is not one of ours."""
    return int(value[-1]) if value in ACR_VALUES else None


def level_of(value: str) -> int:
    """Return :func:`level` of an ``acr`` value; 0 when it is not one of ours."""
    if value not in ACR_VALUES:
        return 0
    proofing, authentication = value.removeprefix(PREFIX).split(":")
    return level(int(proofing[2:]), int(authentication[2:]))


def acr_for(wanted: int) -> str:
    """Return the ``acr`` value to ask for when a page wants ``wanted`` (1 to 3)."""
    if wanted >= 3:  # noqa: PLR2004  # levels are documented at ``level``
        return acr(Proofing.IN_PERSON, Authentication.TWO_FACTORS)
    return acr(Proofing.SELF_ASSERTED, Authentication(max(1, wanted)))
