"""Birth certificates: the text of each issue, sealed and never changed."""

import json
from datetime import date
from typing import TypedDict

from pendopo.exchange.api import Certificate, CorrectedField
from pendopo.kernel.ids import uuid7
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex
from pendopo.registers import models, vault


class _Stored(TypedDict):
    """What is sealed: the words of the certificate that may change between issues."""

    child_nik: str
    child_name: str
    birth_place: str
    mother_name: str
    father_name: str | None
    parents_married: bool
    corrected: list[str]


def store(birth: models.Birth, certificate: Certificate, case_number: str) -> None:
    """Keep one issue."""
    content: _Stored = {
        "child_nik": certificate.child_nik.value,
        "child_name": certificate.child_name,
        "birth_place": certificate.birth_place,
        "mother_name": certificate.mother_name,
        "father_name": certificate.father_name,
        "parents_married": certificate.parents_married,
        "corrected": [field.value for field in certificate.corrected],
    }
    row = models.CertificateIssue(
        id=uuid7(),
        birth=birth,
        version=certificate.version,
        issued_on=certificate.issued_on,
        case_number=case_number,
        content=b"",
    )
    row.content = vault.seal("certificateissue", "content", row.id, json.dumps(content, ensure_ascii=False))
    row.save(force_insert=True)


def current(birth: models.Birth, registered_on: date) -> Certificate:
    """The issue in force."""
    row = models.CertificateIssue.objects.get(birth=birth, version=birth.certificate_version)
    stored: _Stored = json.loads(vault.unseal("certificateissue", "content", row.id, row.content))
    return Certificate(
        number=birth.certificate,
        version=row.version,
        registered_on=registered_on,
        issued_on=row.issued_on,
        child_nik=Nik.parse(stored["child_nik"]),
        child_name=stored["child_name"],
        child_sex=Sex(birth.child.sex),
        birth_date=birth.child.birth_date,
        birth_place=stored["birth_place"],
        birth_order=birth.birth_order,
        mother_name=stored["mother_name"],
        father_name=stored["father_name"],
        parents_married=stored["parents_married"],
        corrected=tuple(CorrectedField(field) for field in stored["corrected"]),
    )
