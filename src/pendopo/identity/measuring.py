"""How people sign in, counted over the audit rows of it: sessions themselves are forgotten in a day."""

import datetime as dt

from django.db import connection

from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share
from pendopo.identity.actions.sessions import SIGNED_IN

MOST = 50_000
"""So many sign-ins are looked at, the newest first."""

_SIGN_INS = """
    SELECT count(*), count(*) FILTER (WHERE amr ? 'pop'), count(*) FILTER (WHERE amr ? 'mfa')
    FROM (SELECT detail -> 'amr' AS amr FROM foundation_auditrow
          WHERE id >= %s AND id < %s AND event = %s ORDER BY id DESC LIMIT %s) AS sign_in
"""


def passkeys(scope: Scope) -> Reading | None:
    """Share of the sign-ins of the time with a passkey: a key that no false page can ask for."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGN_INS, [*scope.ids, SIGNED_IN, MOST])
        total, by_key, two_factors = cursor.fetchone()
    return share(by_key, total, two_factors=two_factors)


MEASURES = (Measure("identity.passkeys", Unit.PERCENT, "portal.figures", dt.timedelta(days=1), passkeys),)
