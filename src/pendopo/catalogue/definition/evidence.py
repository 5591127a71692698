"""``evidence.yaml``: what must be shown, and the ways to show it.

A requirement is met by the first alternative whose ``when`` holds: by a register (nothing to bring), by a
file that the applicant uploads, or by an officer who looks. Titles and details are texts
``evidence.<id>.…``.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from pendopo.catalogue.definition.base import Code, Identifier, Reference, Source, Strict


class EvidenceSource(StrEnum):
    """Where evidence comes from."""

    REGISTER = "register"
    UPLOAD = "upload"
    STATEMENT = "statement"
    OFFICER = "officer"


class Alternative(Strict):
    """One way to meet a requirement. ``form`` is the number of an official form (``F-2.03``)."""

    id: Identifier
    source: EvidenceSource
    when: Source | None = None
    lookup: Identifier | None = None
    field: Reference | None = None
    form: str = ""

    @model_validator(mode="after")
    def _where(self) -> Self:
        if (self.source is EvidenceSource.REGISTER) != (self.lookup is not None):
            message = "evidence from a register, and only that, names a lookup"
            raise ValueError(message)
        if (self.source in {EvidenceSource.UPLOAD, EvidenceSource.STATEMENT}) != (self.field is not None):
            message = "an upload or a statement, and only that, names a field"
            raise ValueError(message)
        return self


class Requirement(Strict):
    """Something the law wants to see. ``repeat`` names a group when it is wanted for each of its items."""

    id: Identifier
    basis: Annotated[tuple[Code, ...], Field(min_length=1)]
    verified: bool
    repeat: Identifier | None = None
    when: Source | None = None
    listed: bool = True
    """Whether the page of the service names it among the things to bring or not to bring."""
    any_of: Annotated[tuple[Alternative, ...], Field(min_length=1)]


class EvidenceFile(Strict):
    """The whole of ``evidence.yaml``."""

    requirements: tuple[Requirement, ...]
