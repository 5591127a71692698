"""Data of a birth certificate, and issuing one."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

from pendopo.documents import api

TEMPLATE = "dukcapil/akta-kelahiran/akta-kelahiran"
NUMBER = "9901-LU-22112026-0001"


def birth(**changes: api.FieldValue) -> dict[str, api.FieldValue]:
    """Return the data of a certificate, with changes."""
    return {
        "full_number": NUMBER,
        "registered_on": dt.date(2026, 11, 22),
        "issued_on": dt.date(2026, 11, 22),
        "child_nik": "9901016211260001",
        "child_name": "Anindya Sekar Pramesti",
        "child_sex": "female",
        "birth_date": dt.date(2026, 8, 20),
        "birth_place": "Kabupaten Contoh",
        "birth_order": 2,
        "mother_name": "Rahayu Wulandari",
        "father_name": "Bagus Pramono",
        "remark": None,
        **changes,
    }


def issue(
    *,
    case_id: UUID | None = None,
    number: str = NUMBER,
    subject_ids: Sequence[UUID] = (),
    **changes: api.FieldValue,
) -> api.IssuedDocument:
    """Issue a certificate of the population office."""
    return api.issue_certificate(
        TEMPLATE,
        birth(full_number=number, **changes),
        body_code="dukcapil",
        subject_ids=subject_ids or (uuid4(),),
        case_id=case_id or uuid4(),
        number=number,
    )
