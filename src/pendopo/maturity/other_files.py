"""The shape of the instrument files of the other kinds: EGDI (``egdi``) and SKM (``survey``)."""

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pendopo.maturity.egdi import COMPONENTS, Edition, Method
from pendopo.maturity.instruments import Band, Provenance, Scale
from pendopo.maturity.schema import BandFile, Key, ProvenanceFile, ScaleFile, Strict, Words
from pendopo.maturity.skm import Element, Sample, Survey

THIRD = Fraction(1, 3)


def _fraction(value: object) -> object:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        message = "must be a number or a fraction such as 1/9"
        raise ValueError(message) from error


def _meeting(bands: tuple[BandFile, ...]) -> tuple[BandFile, ...]:
    for lower, upper in pairwise(bands):
        if upper.low <= lower.low or lower.below not in {None, upper.low}:
            message = (
                f"{lower.key} ends below {lower.below} and {upper.key} begins at {upper.low}; they must meet"
            )
            raise ValueError(message)
    return bands


Exact = Annotated[Fraction, BeforeValidator(_fraction), Field(gt=0)]
Bands = Annotated[tuple[BandFile, ...], Field(min_length=1), AfterValidator(_meeting)]


class EditionFile(Strict):
    """An edition; weights only where they are not thirds."""

    year: int
    weights: dict[str, Exact] = Field(default_factory=dict)
    zero_without: Literal["osi", "tii", "hci"] | None = None
    raw: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    note: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.weights and (set(self.weights) != set(COMPONENTS) or sum(self.weights.values()) != 1):
            message = f"weights of {', '.join(COMPONENTS)} must sum to 1"
            raise ValueError(message)
        if not set(self.raw) <= set(COMPONENTS):
            message = f"raw indicators belong to {', '.join(COMPONENTS)}"
            raise ValueError(message)
        return self

    def edition(self) -> Edition:
        """Return the room's own type."""
        weights = self.weights or dict.fromkeys(COMPONENTS, THIRD)
        note = self.note.text() if self.note else None
        return Edition(self.year, weights, self.zero_without, self.raw, note)


class MethodFile(Strict):
    """The whole of ``egdi.yaml``."""

    kind: Literal["egdi"]
    id: Key
    title: Words
    legal: Words
    places: int = Field(ge=1, le=8)
    countries: int = Field(ge=2)
    provenance: dict[Key, ProvenanceFile]
    editions: tuple[EditionFile, ...] = Field(min_length=1)
    bands: Bands

    def method(self) -> Method:
        """Return the room's own type."""
        return Method(
            id=self.id,
            title=self.title.text(),
            legal=self.legal.text(),
            places=self.places,
            countries=self.countries,
            bands=bands_of(self.bands),
            editions=tuple(one.edition() for one in self.editions),
            provenance=provenance_of(self.provenance),
        )


class ElementFile(Strict):
    """An element of a survey."""

    key: Key
    name: Words


class SampleFile(Strict):
    """How many answers a statement needs; see :class:`pendopo.maturity.skm.Sample`."""

    least: int = Field(ge=2)
    margin: Exact
    chi_square: Exact
    share: Annotated[Exact, Field(lt=1)]
    confidence: Annotated[Exact, Field(lt=1)]


class SurveyFile(Strict):
    """The whole of a file of kind ``survey``."""

    kind: Literal["survey"]
    id: Key
    title: Words
    legal: Words
    provenance: dict[Key, ProvenanceFile]
    scale: ScaleFile
    convert: int = Field(ge=1)
    places: int = Field(ge=0, le=6)
    weights: dict[Key, Exact] = Field(min_length=1)
    weight: Key
    sample: SampleFile
    elements: tuple[ElementFile, ...] = Field(min_length=1)
    bands: Bands

    @model_validator(mode="after")
    def _whole(self) -> Self:
        keys = [one.key for one in self.elements]
        if len(set(keys)) != len(keys):
            message = "elements: a key stands twice"
            raise ValueError(message)
        if self.weight not in self.weights:
            message = f"weight: there is no “{self.weight}” among the weights"
            raise ValueError(message)
        return self

    def survey(self) -> Survey:
        """Return the room's own type."""
        sample = self.sample
        return Survey(
            id=self.id,
            title=self.title.text(),
            legal=self.legal.text(),
            scale=Scale(self.scale.low, self.scale.high, self.scale.step),
            convert=self.convert,
            places=self.places,
            weights=self.weights,
            weight=self.weight,
            elements=tuple(Element(one.key, one.name.text()) for one in self.elements),
            bands=bands_of(self.bands),
            sample=Sample(sample.least, sample.margin, sample.chi_square, sample.share, sample.confidence),
            provenance=provenance_of(self.provenance),
        )


def bands_of(files: tuple[BandFile, ...]) -> tuple[Band, ...]:
    """Return bands as the room's own type, lowest first."""
    return tuple(
        Band(one.key, one.low, one.name.text(), one.stage.text() if one.stage else None) for one in files
    )


def provenance_of(files: dict[str, ProvenanceFile]) -> tuple[Provenance, ...]:
    """Return where each part comes from as the room's own type."""
    return tuple(Provenance(part, one.mark, one.source.text()) for part, one in files.items())
