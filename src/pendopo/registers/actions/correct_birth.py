"""Correct an issued birth certificate: a new issue, the person's row, a new version of the family card."""

import dataclasses
from zoneinfo import ZoneInfo

from django.db import transaction

from pendopo.exchange.api import (
    BirthCorrected,
    Certificate,
    CorrectedField,
    CorrectionCommand,
    RefusalReason,
)
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now, today
from pendopo.foundation.outbox import emit
from pendopo.foundation.settings import current
from pendopo.kernel.names import InvalidName, PersonName
from pendopo.registers import cards, certificates, models, queries, regions, vault
from pendopo.registers.errors import CommandRefused

CORRECTED = event_type("registers.birth_corrected", "The office corrected an issued birth certificate")


@transaction.atomic
def correct_birth(command: CorrectionCommand, actor: Actor) -> BirthCorrected:
    """Enter a correction. Raises :class:`CommandRefused`; then nothing was changed."""
    birth = models.Birth.objects.select_for_update(of=("self",)).filter(certificate=command.certificate)
    row = birth.select_related("child").first()
    if row is None or queries.nik_of(row.child) != command.child_nik:
        # A wrong pair says no more than an unknown number: the number alone must reveal nobody.
        raise CommandRefused(RefusalReason.CERTIFICATE_NOT_FOUND)
    zone = ZoneInfo(current().time_zone)
    before = certificates.current(row, row.registered_at.astimezone(zone).date())
    after = _corrected(before, command)
    _save(row, command, after)
    family = models.Family.objects.select_for_update(no_key=True).get(lines__person=row.child)
    version = cards.issue(family, "correction", after.issued_on)
    detail = {"certificate": row.certificate, "fields": [field.value for field in after.corrected]}
    audit(CORRECTED, actor=actor, object_id=row.id, detail=detail)
    emit("registers.birth_corrected", {"birth_id": str(row.id), "version": after.version})
    return BirthCorrected(
        event_id=f"{row.id}/{after.version}",
        certificate=after,
        replaced=before.full_number,
        family_card=queries.card_number(family),
        family_card_version=version,
        corrected_at=now(),
    )


def _corrected(before: Certificate, command: CorrectionCommand) -> Certificate:
    changes: dict[CorrectedField, str] = {}
    if command.child_name is not None:
        changes[CorrectedField.CHILD_NAME] = _name(command.child_name)
    if command.birth_place_code is not None:
        place = regions.regency_name(command.birth_place_code)
        if place is None:
            raise CommandRefused(RefusalReason.UNKNOWN_REGION)
        changes[CorrectedField.BIRTH_PLACE] = place
    name = changes.get(CorrectedField.CHILD_NAME, before.child_name)
    place = changes.get(CorrectedField.BIRTH_PLACE, before.birth_place)
    corrected = tuple(field for field, value in changes.items() if value != getattr(before, field.value))
    if not corrected:
        raise CommandRefused(RefusalReason.NOTHING_TO_CORRECT, before.full_number)
    return dataclasses.replace(
        before,
        version=before.version + 1,
        issued_on=today(),
        child_name=name,
        birth_place=place,
        corrected=corrected,
    )


def _name(text: str) -> str:
    try:
        return PersonName.parse(text).value
    except InvalidName:
        raise CommandRefused(RefusalReason.CHILD_NAME_INVALID) from None


def _save(row: models.Birth, command: CorrectionCommand, after: Certificate) -> None:
    row.certificate_version = after.version
    row.save(update_fields=["certificate_version"])
    certificates.store(row, after, command.case_number)
    child = row.child
    child.name = vault.seal("person", "name", child.id, after.child_name)
    child.birth_place = after.birth_place
    if command.birth_place_code is not None:
        child.birth_place_code = command.birth_place_code
    child.save(update_fields=["name", "birth_place", "birth_place_code"])
