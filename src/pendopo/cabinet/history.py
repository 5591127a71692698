"""Write down what happened to a dossier or a session, with the reason that was given, and read it back."""

from typing import cast

from pendopo.cabinet import sealed
from pendopo.cabinet.models import Dossier, Session, Step
from pendopo.cabinet.values import Happening
from pendopo.foundation.actor import Actor
from pendopo.kernel.ids import uuid7

type Facts = dict[str, str | int]


def of_dossier(actor: Actor, dossier: Dossier, kind: Happening, **facts: str | int) -> None:
    """Note a step of a dossier in the caller's transaction, with the papers as they are after it."""
    row = Step(
        id=uuid7(),
        dossier=dossier,
        kind=kind,
        by_subject_id=actor.subject_id,
        docset_hash=dossier.docset_hash,
    )
    _write(row, facts)


def of_session(actor: Actor, session: Session, kind: Happening, **facts: str | int) -> None:
    """Note a step of a session in the caller's transaction; its members read it, so it names no dossier."""
    _write(Step(id=uuid7(), session=session, kind=kind, by_subject_id=actor.subject_id), facts)


def facts_of(row: Step) -> Facts:
    """Return the parameters of a step's sentence."""
    if row.sealed_facts is None:
        return {}
    value = sealed.open_json(row.sealed_facts, column="step.facts", row=row.id)
    return cast("Facts", value) if isinstance(value, dict) else {}


def _write(row: Step, facts: Facts) -> None:
    if facts:
        row.sealed_facts = sealed.seal(dict(facts), column="step.facts", row=row.id)
    row.save(force_insert=True)
