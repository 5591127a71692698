"""Tables of identity. Personal data is sealed and bound to its row; of tokens only fingerprints are kept."""

from pendopo.identity.models.counter import ActivationCode, CounterVisit
from pendopo.identity.models.credentials import Ceremony, Passkey, Password, RecoveryCode, Totp
from pendopo.identity.models.provider import (
    AccessToken,
    AuthorizationCode,
    Client,
    Interaction,
    Pairwise,
    SeenAssertion,
)
from pendopo.identity.models.sessions import ParkedForm, ProviderSession, Session
from pendopo.identity.models.subjects import Contact, FormerContact, Subject

__all__ = [
    "AccessToken",
    "ActivationCode",
    "AuthorizationCode",
    "Ceremony",
    "Client",
    "Contact",
    "CounterVisit",
    "FormerContact",
    "Interaction",
    "Pairwise",
    "ParkedForm",
    "Passkey",
    "Password",
    "ProviderSession",
    "RecoveryCode",
    "SeenAssertion",
    "Session",
    "Subject",
    "Totp",
]
