"""Lifetimes and limits, in one place and with their reasons."""

import datetime as dt
from typing import Final

IDLE: Final = dt.timedelta(minutes=45)
"""A session unused this long is over. Long enough to fetch a paper from another room while filling a form."""

ABSOLUTE: Final = dt.timedelta(hours=12)
"""No session outlives a working day."""

CLOCKS_DIFFER: Final = dt.timedelta(minutes=5)
"""As far as the clocks of two machines may be apart before what one wrote is not believed by the other."""

TOUCH: Final = dt.timedelta(minutes=1)
"""``last_seen_at`` is written at most this often, not at every request."""

REMEMBER: Final = dt.timedelta(days=1)
"""An ended session's row is kept this long, so that a form sent late is still known to be hers."""

FRESH: Final = dt.timedelta(minutes=10)
"""Changing how one signs in needs a sign-in no older than this."""

ACTIVATION_CODE: Final = dt.timedelta(hours=2)
"""From the counter to the person's own device."""

ACTIVATION: Final = dt.timedelta(minutes=30)
"""From entering the code to the last step."""

VISIT: Final = dt.timedelta(minutes=15)
"""One visit at the counter."""

CEREMONY: Final = dt.timedelta(minutes=5)
"""How long a passkey challenge waits."""

INTERACTION: Final = dt.timedelta(minutes=20)
"""How long the sign-in page may stay open."""

CODE: Final = dt.timedelta(seconds=60)
"""Authorization codes (RFC 6749 recommends at most ten minutes; FAPI 2.0 demands at most 60 s)."""

ID_TOKEN: Final = dt.timedelta(minutes=5)
ACCESS_TOKEN: Final = dt.timedelta(minutes=10)

FORMER_ADDRESS: Final = dt.timedelta(days=30)
"""A replaced contact address still hears of changes in signing in: who takes an identity over, first of all
replaces the address, and the owner must have time to come to a counter."""

FORMER_ADDRESSES: Final = 10
"""So many replaced addresses a person. The oldest stay: they were there before a thief came."""

PARKED: Final = dt.timedelta(minutes=30)
PARKED_BYTES: Final = 64 * 1024

ATTEMPTS_PER_PERSON: Final = (5, 300)
"""Password or code attempts for one NIK: so many in so many seconds. Passkeys are not limited by it."""

ATTEMPTS_PER_ADDRESS: Final = (60, 300)
"""From one network address: a village office shares one."""

CODES_PER_ADDRESS: Final = (20, 600)
"""Activation codes tried from one address."""

LOOKUPS_PER_OFFICER: Final = (60, 3600)
"""Persons that one officer may look up at the counter in an hour."""

REQUESTS_PER_ADDRESS: Final = (600, 300)
"""Sign-ins begun, and passkey challenges asked, from one network address. Each leaves a row for minutes. Many
households share one address of their provider, so this stops floods, not people."""

CHALLENGES_PER_REQUEST: Final = (30, 1200)
"""Passkey challenges within one sign-in, or for one person who adds a passkey."""
