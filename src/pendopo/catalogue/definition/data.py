"""``data.yaml``: every field of a service, where its value comes from, why it is needed and for how long.

Fields live in groups. A group is one thing (the mother) or, with ``repeat``, a list of things (the children),
each of which expressions call by the group's ``item`` name. Values have flat paths: ``mother.nik``,
``children.0.name``.

A field names its sources in order of preference; the first one whose ``when`` holds gives the value:
``session`` (the signed-in person), ``lookup`` (a register's answer), ``copy`` (another field), ``ask``.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field as Constraint
from pydantic import model_validator

from pendopo.catalogue.definition.base import Code, Identifier, OptionCode, Reference, Source, Strict


class FieldType(StrEnum):
    """Kinds of value. ``name`` follows the rules for names on population documents; ``nik`` is checked."""

    TEXT = "text"
    NAME = "name"
    NIK = "nik"
    INTEGER = "integer"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    FILE = "file"


class Control(StrEnum):
    """How a question is put on a page."""

    INPUT = "input"
    TEXTAREA = "textarea"
    RADIO = "radio"
    SELECT = "select"
    CHECKBOX = "checkbox"
    DATE = "date"
    TIME = "time"
    FILE = "file"


class FieldUse(StrEnum):
    """Why a field is processed (UU 27/2022: purpose limitation)."""

    IDENTIFICATION = "identification"
    ROUTE = "route"
    ELIGIBILITY = "eligibility"
    EVIDENCE = "evidence"
    REGISTRATION = "registration"
    CERTIFICATE = "certificate"


class Sensitivity(StrEnum):
    """``specific`` data has stricter rules (UU 27/2022 art. 4: children, health …; not verified)."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SPECIFIC = "specific"


class Subject(StrEnum):
    """What a group is about. Registers say for each what they hold."""

    APPLICATION = "application"
    PERSON = "person"
    NEWBORN = "newborn"
    MARRIAGE = "marriage"


class Origin(Strict):
    """One way to get the value of a field. Exactly one of the four ways."""

    when: Source | None = None
    session: Literal["nik", "name"] | None = None
    lookup: Identifier | None = None
    field: Identifier | None = None
    copy_of: Annotated[Reference | None, Constraint(alias="copy")] = None
    ask: bool = False
    justification: bool = False
    """For ``ask``: the register may hold this, and the text ``fields.<group>.<field>.why`` says why we still
    ask."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.session is not None, self.lookup is not None, self.copy_of is not None, self.ask]
        if sum(ways) != 1:
            message = "name exactly one of session, lookup, copy, ask"
            raise ValueError(message)
        if (self.lookup is None) != (self.field is None):
            message = "a lookup needs the field of its answer"
            raise ValueError(message)
        if self.justification and not self.ask:
            message = "only a question can be justified"
            raise ValueError(message)
        return self


class Field(Strict):
    """One field. Label, hint and options are texts ``fields.<group>.<field>.…``."""

    type: FieldType
    origins: Annotated[tuple[Origin, ...], Constraint(min_length=1)]
    use: Annotated[tuple[FieldUse, ...], Constraint(min_length=1)]
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    basis: tuple[Code, ...] = ()
    retention: Literal["case", "draft"] = "case"
    required: Source = "true"
    options: tuple[OptionCode, ...] = ()
    table: Identifier | None = None
    min: int | None = None
    max: int | None = None
    max_length: Annotated[int, Constraint(ge=1, le=2000)] = 100
    control: Control | None = None
    concept: Annotated[str | None, Constraint(pattern=r"^[a-z]+\.[a-z_]+$")] = None
    """What this is in the words of registers (``person.birth_date``); by default the group's subject and the
    name."""

    @model_validator(mode="after")
    def _options(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.options or self.table):
            message = "a choice, and only a choice, has options or a table"
            raise ValueError(message)
        if self.options and self.table:
            message = "a choice has options or a table, not both"
            raise ValueError(message)
        return self

    @property
    def asked(self) -> bool:
        """Whether any origin is a question."""
        return any(origin.ask for origin in self.origins)

    @property
    def is_optional(self) -> bool:
        """Whether it may stay empty: then its absence is a fact that ``has`` can tell."""
        return self.required != "true"


class Repeat(Strict):
    """A group with several items: how many is an expression, at most ``max``; ``item`` is the name of one."""

    count: Source
    max: Annotated[int, Constraint(ge=1, le=20)]
    item: Identifier


class Group(Strict):
    """Fields about one thing."""

    about: Subject
    repeat: Repeat | None = None
    fields: Annotated[dict[Identifier, Field], Constraint(min_length=1)]


class Lookup(Strict):
    """A question to a register. ``key`` is the field with the NIK; it runs as soon as the key is known.

    In a repeat group it runs once for each item. ``fields`` is all that may be asked.
    """

    register_id: Annotated[Identifier, Constraint(alias="register")]
    operation: Identifier
    key: Reference
    fields: Annotated[tuple[Identifier, ...], Constraint(min_length=1)]
    purpose: Annotated[str, Constraint(pattern=r"^[a-z][a-z-]*(\.[a-z][a-z-]*)+$")]
    when: Source | None = None


class DataFile(Strict):
    """The whole of ``data.yaml``."""

    lookups: dict[Identifier, Lookup] = Constraint(default_factory=dict)
    groups: Annotated[dict[Identifier, Group], Constraint(min_length=1)]
