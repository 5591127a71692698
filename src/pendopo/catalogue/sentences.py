"""Sentences for problems: from the definition when it has one, else from this room."""

from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.views import Problem
from pendopo.foundation.text import has_text, t


def problem_text(service: Service, problem: Problem, language: str) -> str:
    """Return the sentence of a problem, with a way out.

    ``fields.<group>.<field>.missing`` of the definition replaces the general sentence for a missing answer.
    """
    if problem.key == "catalogue.problems.required":
        own = _missing(service, problem, language)
        if own:
            return own
    if service.has_text(problem.key, language):
        return service.text(problem.key, language, **problem.params)
    if has_text(problem.key):
        return t(problem.key, language, **_parameters(service, problem, language))
    return t("catalogue.problems.other", language)


def _missing(service: Service, problem: Problem, language: str) -> str:
    found = service.fields.at(problem.path)
    return "" if found is None else service.optional_text(f"fields.{found[0].pattern}.missing", language)


def _parameters(service: Service, problem: Problem, language: str) -> dict[str, str | int]:
    found = service.fields.at(problem.path)
    label = "" if found is None else service.text(f"fields.{found[0].pattern}.label", language)
    return {**problem.params, "label": label}
