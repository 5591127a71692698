"""Limits of single values: names, numbers, lengths.

Conditions between fields are checks of the definition.
"""

import datetime as dt

from pendopo.catalogue.definition.data import Control, FieldType
from pendopo.catalogue.form.views import Problem, QuestionView
from pendopo.kernel.names import InvalidName, PersonName
from pendopo.kernel.nik import InvalidNik, Nik


def limit_problem(question: QuestionView, page_key: str) -> Problem | None:  # noqa: PLR0911 - one a type
    """Return what is wrong with the answer to a question by itself, or None."""
    value, field = question.value, question.field
    match field.type:
        case FieldType.NAME:
            return _name(question, page_key)
        case FieldType.NIK:
            return _nik(question, page_key)
        case FieldType.TEXT if isinstance(value, str) and len(value) > field.max_length:
            return Problem(
                question.path, page_key, "catalogue.problems.too_long", {"limit": field.max_length}
            )
        case FieldType.INTEGER if type(value) is int:
            if field.min is not None and value < field.min:
                return Problem(question.path, page_key, "catalogue.problems.too_small", {"limit": field.min})
            if field.max is not None and value > field.max:
                return Problem(question.path, page_key, "catalogue.problems.too_large", {"limit": field.max})
        case FieldType.BOOLEAN if (
            question.required and value is False and question.control is Control.CHECKBOX
        ):
            return Problem(question.path, page_key, "catalogue.problems.required", {})
        case FieldType.DATE if not isinstance(value, dt.date):
            return Problem(question.path, page_key, "catalogue.problems.date", {})
        case _:
            pass
    return None


def _name(question: QuestionView, page_key: str) -> Problem | None:
    try:
        PersonName.parse(str(question.value))
    except InvalidName as error:
        return Problem(question.path, page_key, f"kernel.errors.name_{error.reason.value}", {})
    return None


def _nik(question: QuestionView, page_key: str) -> Problem | None:
    try:
        Nik.parse(str(question.value))
    except InvalidNik as error:
        return Problem(question.path, page_key, f"kernel.errors.nik_{error.reason.value}", {})
    return None
