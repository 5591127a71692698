"""What happened to dossiers and sessions on their way, as their readers are told it."""

from typing import ClassVar

from django.db import models

from pendopo.cabinet.models.columns import WORD, words
from pendopo.cabinet.models.dossiers import Dossier
from pendopo.cabinet.models.sessions import Session
from pendopo.cabinet.values import Happening
from pendopo.foundation.models import Record


class Step(Record):
    """One step of a dossier or of a session, never of both; rows are only added.

    The audit row of the same act is the proof and holds codes only; this row is what people read, with the
    reason that was given. ``sealed_facts`` are the parameters of its sentence.
    """

    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="steps")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=WORD, choices=words(Happening))
    by_subject_id = models.UUIDField(null=True)  # null: the clock
    docset_hash = models.CharField(max_length=64, blank=True)  # of the dossier after the step
    sealed_facts = models.BinaryField(null=True)  # {"reason", "paper", "version", "seat", "round", …}

    class Meta(Record.Meta):
        """A step is of one thing."""

        abstract = False
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(dossier__isnull=False) ^ models.Q(session__isnull=False),
                name="cabinet_step_of_one",
            )
        ]
