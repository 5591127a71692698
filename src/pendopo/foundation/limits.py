"""Limits on attempts, exact over every window: at most so many in any stretch of so many seconds.

The moments of the admitted attempts stand in PostgreSQL, so all processes share them; a row never holds more
of them than its limit. A refused attempt is not kept: who goes on trying is admitted again when the oldest
attempt leaves the window, and not before. Keys are stored as keyed fingerprints.

A limiter by token bucket (GCRA) keeps one moment instead of a list, but lets through twice the limit in one
window after a pause; where passwords are guessed the list is worth its bytes.
"""

import datetime as dt
import math

from django.db import connection

from pendopo.foundation import metrics
from pendopo.foundation.clock import now
from pendopo.foundation.crypto import blind_index
from pendopo.kernel.errors import TooManyRequests

REFUSALS = metrics.counter(
    "pendopo_rate_limit_refusals_total", "Attempts refused because there were too many, by limit.", ("limit",)
)

# The row is locked by the conflict, and its list is read after the lock: two at once cannot both be the last.
_ATTEMPT = """
    INSERT INTO foundation_ratecounter AS c (key, window_ends, count, attempts)
    VALUES (%(key)s, %(ends)s, 1, ARRAY[%(now)s::timestamptz])
    ON CONFLICT (key) DO UPDATE SET (attempts, count, window_ends) = (
        SELECT coalesce(array_agg(t ORDER BY t), '{}')
                   || CASE WHEN count(*) < %(limit)s THEN ARRAY[%(now)s::timestamptz] ELSE '{}' END,
               count(*) + 1,
               CASE WHEN count(*) < %(limit)s THEN %(ends)s ELSE c.window_ends END
        FROM unnest(c.attempts) AS t WHERE t > %(begins)s)
    RETURNING count, attempts[1]
"""


def rate_limit(name: str, *, key: str, limit: int, seconds: int) -> None:
    """Count one attempt and raise ``TooManyRequests`` beyond ``limit`` in any stretch of ``seconds``.

    The error says after how many seconds the next attempt would be admitted. Inside a transaction the count
    is part of it: a verb that may fail counts before it begins one.
    """
    moment, window = now(), dt.timedelta(seconds=seconds)
    values: dict[str, bytes | dt.datetime | int] = {
        "key": blind_index(f"{name}:{key}", purpose="rate-limit"),
        "now": moment,
        "begins": moment - window,
        "ends": moment + window,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPT, values)
        count, oldest = cursor.fetchone()
    if count > limit:
        REFUSALS.labels(name).inc()
        wait = math.ceil((oldest + window - moment).total_seconds())
        raise TooManyRequests(retry_after=max(1, wait))
