"""Commands as they travel: the JSON bodies of ``population-v1``."""

from collections.abc import Mapping, Sequence

from pendopo.exchange.records import BirthCommand, Child, CorrectionCommand, Father

type Json = bool | int | str | Sequence[Json] | Mapping[str, Json] | None


def birth(command: BirthCommand) -> Mapping[str, Json]:
    """The body of ``POST /births``."""
    return {
        "child": _child(command.child),
        "mother_nik": command.mother_nik.value,
        "father": _father(command.father) if command.father else None,
        "marriage_proof": command.marriage_proof,
        "applicant_nik": command.applicant_nik.value,
        "case_number": command.case_number,
        "decided_at": command.decided_at.isoformat(),
    }


def correction(command: CorrectionCommand) -> Mapping[str, Json]:
    """The body of ``POST /births/{certificate}/corrections``."""
    return {
        "child_nik": command.child_nik.value,
        "child_name": command.child_name,
        "birth_place_code": command.birth_place_code,
        "reason": command.reason,
        "case_number": command.case_number,
        "decided_at": command.decided_at.isoformat(),
    }


def _child(child: Child) -> Mapping[str, Json]:
    return {
        "name": child.name,
        "sex": child.sex,
        "birth_date": child.birth_date.isoformat(),
        "birth_time": child.birth_time.isoformat("minutes") if child.birth_time else None,
        "birth_place_code": child.birth_place_code,
        "place_kind": child.place_kind,
        "attendant": child.attendant,
        "birth_order": child.birth_order,
        "delivery_order": child.delivery_order,
        "delivery_count": child.delivery_count,
        "weight_grams": child.weight_grams,
        "length_millimetres": child.length_millimetres,
    }


def _father(father: Father) -> Mapping[str, Json]:
    return {"nik": father.nik.value if father.nik else None, "stated_name": father.stated_name}
