"""The shape of ``definitions/instruments/*.yaml`` for instruments that are computed from levels.

Only the shape: each value by itself. What must agree with something else is in ``proof``.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pendopo.maturity.instruments import Mark, PredicateRule, Text

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,47}$")]
Number = Annotated[str, Field(pattern=r"^[A-Z]?[0-9]{1,3}$")]
Positive = Annotated[Decimal, Field(gt=0)]


class Strict(BaseModel):
    """No key that nobody knows, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Strict):
    """A wording in both languages."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self) -> Text:
        """Return the room's own type."""
        return Text(self.id, self.en)


class ProvenanceFile(Strict):
    """Where a part of the file comes from."""

    mark: Mark
    source: Words


class ScaleFile(Strict):
    """Least and greatest level, and the step between two; no step: any figure."""

    low: Decimal
    high: Decimal
    step: Positive | None = None


class BandFile(Strict):
    """A predicate; ``below`` is where it ends, as the source prints it, and must meet the next."""

    key: Key
    low: Decimal
    below: Decimal | None = None
    name: Words
    stage: Words | None = None


class MapStepFile(Strict):
    """See :class:`pendopo.maturity.instruments.MapStep`."""

    level: int
    up_to: Decimal
    inclusive: bool = True


class ExternalFile(Strict):
    """See :class:`pendopo.maturity.instruments.External`."""

    name: Words
    owner: Words
    steps: tuple[MapStepFile, ...] = ()


class BindingFile(Strict):
    """See :class:`pendopo.maturity.instruments.Binding`."""

    measure: str = Field(pattern=r"^[a-z]+(\.[a-z0-9-]+)+$")
    level: int
    says: Words
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    over: int = Field(default=1, ge=1)


class IndicatorFile(Strict):
    """An indicator. Without weights the aspect's weight is shared equally by all rows."""

    number: Number
    name: Words
    weight: Positive | None = None
    capability: Key
    rows: int = Field(default=1, ge=1, le=9)
    criteria: dict[int, Words] = {}
    external: ExternalFile | None = None
    evidence: tuple[BindingFile, ...] = ()
    named: Mark = Mark.VERIFIED


class AspectFile(Strict):
    """An aspect with its indicators."""

    key: Key
    name: Words
    weight: Positive
    note: Words | None = None
    indicators: tuple[IndicatorFile, ...] = Field(min_length=1)


class DomainFile(Strict):
    """A domain with its aspects."""

    key: Key
    name: Words
    weight: Positive
    aspects: tuple[AspectFile, ...] = Field(min_length=1)


class EffortFile(Strict):
    """Assumed effort to reach a level from the one below, in a unit that has no other meaning."""

    unit: Words
    to: dict[int, Annotated[int, Field(ge=1)]]


class CarryFile(Strict):
    """What an indicator can take over from an earlier instrument."""

    number: Number
    sources: tuple[Number, ...] = ()
    note: Words


class CarriesFile(Strict):
    """The carry-over from one earlier instrument."""

    instrument: Key
    map: tuple[CarryFile, ...]


class PredicateFile(Strict):
    """From which figure the band is chosen: a default, and cycles that did otherwise."""

    default: PredicateRule
    years: dict[int, PredicateRule] = {}


class InstrumentFile(Strict):
    """A whole file of kind ``levels``."""

    kind: Literal["levels"]
    id: Key
    title: Words
    short: Words
    legal: Words
    valid_from: dt.date
    valid_to: dt.date | None = None
    provenance: dict[Key, ProvenanceFile]
    scale: ScaleFile
    cumulative: bool
    missing: Decimal | None = None
    places: int = Field(ge=0, le=6)
    count: int = Field(ge=1)
    levels: dict[Key, dict[int, Words]]
    bands: tuple[BandFile, ...] = Field(min_length=1)
    predicate_of: PredicateFile
    effort: EffortFile
    carried_from: CarriesFile | None = None
    domains: tuple[DomainFile, ...] = Field(min_length=1)
