"""Stir the answers of a month: write them anew together, in an order drawn by lot.

The database notes beside each row which transaction wrote it, and keeps rows in the order in which they came.
Either would lead from an answer to the case that was marked as answered at the same moment. What backups of
the write-ahead log still tell goes with their retention.
"""

from django.db import connection, transaction

from pendopo.casework import events
from pendopo.casework.models import SurveyAnswer
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit

_STIR = """
    WITH taken AS (
        DELETE FROM casework_surveyanswer
        WHERE month IN (SELECT month FROM casework_surveyanswer WHERE NOT stirred) RETURNING *)
    INSERT INTO casework_surveyanswer ({columns}, stirred)
    SELECT {columns}, true FROM taken ORDER BY random()
"""


def stir() -> int:
    """Stir every month that holds an answer written since; return how many rows were written anew."""
    names = [field.column for field in SurveyAnswer._meta.concrete_fields if field.column != "stirred"]  # noqa: SLF001  # Django's own name
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_STIR.format(columns=", ".join(f'"{name}"' for name in names)))
        stirred = int(cursor.rowcount)
        if stirred:
            audit(events.SURVEY_STIRRED, actor=SYSTEM, detail={"rows": stirred})
    return stirred
