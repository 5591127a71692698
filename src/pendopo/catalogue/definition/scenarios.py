"""``tests/*.yaml``: scenarios, without which no service is published.

Each gives facts and says what must follow. Everything in ``expect`` that is given is compared; a scenario
that expects nothing is refused.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pendopo.catalogue.definition.base import Identifier, Strict

type Raw = str | int | bool | dt.date | dt.time
"""A value as YAML reads it; times are quoted text (``"10:30"``)."""


class Expectation(Strict):
    """What must follow."""

    pages: tuple[str, ...] | None = None
    first_open: str | None = None
    complete: bool | None = None
    stopped: str | None = None
    problems: dict[str, str] | None = None
    values: dict[str, Raw | None] | None = None
    lookups_due: tuple[str, ...] | None = None
    requirements: dict[str, str | None] | None = None
    commands: dict[Identifier, tuple[dict[str, Raw | None], ...]] | None = None
    warnings: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            message = "a scenario must expect something"
            raise ValueError(message)
        return self


class Walk(Strict):
    """Actions taken one after the other from the initial state, and where they lead."""

    actions: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    ends: Identifier | Literal["refused_action"]


class Moment(Strict):
    """An action at a moment, in local time."""

    action: Identifier
    at: dt.datetime


class ClockCase(Strict):
    """Actions with their moments, and when each clock is due after the last (None: it stands still)."""

    actions: Annotated[tuple[Moment, ...], Field(min_length=1)]
    holidays: tuple[dt.date, ...] = ()
    promise_due: dt.datetime | None = None
    legal_due: dt.datetime | None = None


class Scenario(Strict):
    """One story.

    An answer in ``known`` is about the person of its ``nik`` (or ``about``); ``missing: true`` says that the
    register knows nobody by it. ``confirmed.<page>: true`` among the answers confirms what that page shows.
    """

    name: Annotated[str, StringConstraints(min_length=5)]
    today: dt.date
    session: dict[Literal["nik", "name"], str] = Field(default_factory=dict)
    known: dict[str, dict[Identifier, Raw]] = Field(default_factory=dict)
    answers: dict[str, Raw] = Field(default_factory=dict)
    expect: Expectation | None = None
    walk: Walk | None = None
    clock: ClockCase | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.expect is None and self.walk is None and self.clock is None:
            message = "a scenario must expect something"
            raise ValueError(message)
        return self


class ScenarioFile(Strict):
    """The whole of one file under ``tests/``."""

    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
