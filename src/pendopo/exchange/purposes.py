"""Purposes of exchange, read from ``definitions/exchange/purposes.yaml``.

A purpose is a stable code with a name people understand, its legal bases, and the most fields of a person
that may be shown for it. A register uses the same table to answer no more than that (data minimisation, UU
27/2022).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pendopo.exchange.errors import UnknownPurpose
from pendopo.exchange.records import PersonField
from pendopo.foundation.settings import current

type Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A provision of law by its code on the exchange, and whether somebody read it in the legal text."""

    code: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. ``person_fields`` is the upper limit of what may be asked about a person for it.

    ``articles`` names the articles meant, for people; it stands beside ``legal_bases`` and is not checked.
    """

    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    legal_bases: tuple[LegalBasis, ...]
    articles: str
    person_fields: frozenset[PersonField]

    @property
    def legal_basis(self) -> LegalBasis:
        """The basis used where the caller names none."""
        return self.legal_bases[0]

    def name(self, language: Language) -> str:
        """What people call it."""
        return self.names[language]

    def allows_basis(self, code: str) -> bool:
        """Whether the definition states this legal basis."""
        return any(basis.code == code for basis in self.legal_bases)


@dataclass(frozen=True, slots=True)
class PurposeTable:
    """Everything that ``purposes.yaml`` says."""

    legal_bases: dict[str, LegalBasis]
    purposes: dict[str, Purpose]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Strict):
    name: Annotated[str, StringConstraints(min_length=3)]
    description: Annotated[str, StringConstraints(min_length=10)]


class _Texts(_Strict):
    id: _Text
    en: _Text


type _Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{2,99}$")]


class _Basis(_Strict):
    code: _Code
    citation: Annotated[str, StringConstraints(min_length=5)]
    verified: bool


class _Purpose(_Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*(\.[a-z][a-z-]*)+$")]
    text: _Texts
    legal_bases: Annotated[list[_Code], Field(min_length=1)]
    articles: str
    person_fields: list[PersonField]


class _File(_Strict):
    legal_bases: Annotated[list[_Basis], Field(min_length=1)]
    purposes: Annotated[list[_Purpose], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        codes = [basis.code for basis in self.legal_bases] + [purpose.code for purpose in self.purposes]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        unknown = sorted({code for item in self.purposes for code in item.legal_bases} - set(codes))
        if twice or unknown:
            raise ValueError(f"declared twice: {twice}; unknown legal bases: {unknown}")
        return self


def _build(item: _Purpose, bases: dict[str, LegalBasis]) -> Purpose:
    return Purpose(
        code=item.code,
        names={"id": item.text.id.name, "en": item.text.en.name},
        descriptions={"id": item.text.id.description, "en": item.text.en.description},
        legal_bases=tuple(bases[code] for code in item.legal_bases),
        articles=item.articles,
        person_fields=frozenset(item.person_fields),
    )


@lru_cache(maxsize=4)
def load_purposes(folder: Path) -> PurposeTable:
    """All purposes of one definitions folder. Raises pydantic's ValidationError on a bad file."""
    file = _File.model_validate(yaml.safe_load((folder / "exchange" / "purposes.yaml").read_text("utf-8")))
    bases = {item.code: LegalBasis(item.code, item.citation, item.verified) for item in file.legal_bases}
    return PurposeTable(bases, {item.code: _build(item, bases) for item in file.purposes})


def purposes() -> tuple[Purpose, ...]:
    """All purposes of this deployment, in the order of the file."""
    return tuple(load_purposes(current().definitions_dir).purposes.values())


def purpose(code: str) -> Purpose:
    """One purpose. Raises :class:`UnknownPurpose`."""
    found = load_purposes(current().definitions_dir).purposes.get(code)
    if found is None:
        raise UnknownPurpose(code)
    return found


def legal_basis(code: str) -> LegalBasis | None:
    """A legal basis by its code, to show its citation; None for a code that another member made."""
    return load_purposes(current().definitions_dir).legal_bases.get(code)
