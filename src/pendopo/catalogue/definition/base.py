"""What every file of a definition shares: strict frozen models, identifiers, and the types of values."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

type Value = str | int | bool | dt.date | dt.time
"""A single answer or fact. A file is the id of the stored file, a choice its code."""

LANGUAGES: Final = ("id", "en")
"""Every sentence of a definition exists in these languages, the first being the source."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
"""Name of a field, page, state …: it is also a name in expressions."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
"""Public code of a service, law or life event: it is also a piece of a web address."""

OptionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,47}$")]
"""An option of a choice; a register's own codes may hold hyphens."""

Reference = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""A field as expressions name it: ``mother.birth_date``, ``child.name``."""

Source = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
"""An expression of the CEL subset (see the room ``rules``)."""


class Strict(BaseModel):
    """Nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)


class Component(StrEnum):
    """The 14 components of a service standard (UU 25/2009 art. 21, PermenPANRB 15/2014; not verified)."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    FEE = "fee"
    PRODUCT = "product"
    COMPLAINTS = "complaints"
    LEGAL_BASIS = "legal_basis"
    FACILITIES = "facilities"
    COMPETENCE = "competence"
    SUPERVISION = "supervision"
    STAFF = "staff"
    SERVICE_GUARANTEE = "service_guarantee"
    SAFETY_GUARANTEE = "safety_guarantee"
    EVALUATION = "evaluation"


DELIVERY: Final = tuple(Component)[:6]
"""Components that concern the delivery of the service; the other eight concern its management."""
MANAGEMENT: Final = tuple(Component)[6:]
