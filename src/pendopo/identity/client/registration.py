"""The hall's own registration at the provider."""

from typing import Final

from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.identity.provider import clients, tokens
from pendopo.keys import api as keys

CLIENT_ID: Final = "hall"
KEY_PURPOSE: Final = "oidc-client"
CALLBACK: Final = "/sign-in/callback"


def callback_address() -> str:
    """Return the one return address; it has no language prefix, because it must match exactly."""
    return current().base_url + CALLBACK


def ensure() -> None:
    """Make the keys that are missing and register the hall under its present address. Safe to repeat."""
    keys.ensure(tokens.PURPOSE, "ES256")
    keys.ensure(KEY_PURPOSE, "ES256")
    base = current().base_url
    entry = clients.Registration(
        client_id=CLIENT_ID,
        name_id=f"Pendopo {t('foundation.instance_name', 'id')}",
        name_en=f"Pendopo {t('foundation.instance_name', 'en')}",
        redirect_uris=(callback_address(),),
        post_logout_redirect_uris=(f"{base}/", f"{base}/en/"),
        keys=keys.jwks(KEY_PURPOSE),
        first_party=True,
    )
    clients.register(entry, actor=SYSTEM)
