"""Purposes of exchange, read from ``definitions/exchange/purposes.yaml``.

A purpose is a stable code with a name people understand, its legal bases, and the most fields of a person that
may be shown for it. A register uses the same table to answer no more than that (data minimisation, UU 27/2022).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pendopo.exchange.errors import UnknownPurpose
from pendopo.exchange.records import PersonField
from pendopo.foundation.settings import current

type Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A citation as it travels, the articles behind it, and whether somebody read them in the legal text."""

    citation: str
    articles: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. ``person_fields`` is the upper limit of what may be asked about a person for it."""

    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    legal_bases: tuple[LegalBasis, ...]
    person_fields: frozenset[PersonField]

    @property
    def legal_basis(self) -> LegalBasis:
        """The basis used where the caller names none."""
        return self.legal_bases[0]

    def name(self, language: Language) -> str:
        """What people call it."""
        return self.names[language]

    def allows_basis(self, citation: str) -> bool:
        """Whether the definition states this legal basis."""
        return any(basis.citation == citation for basis in self.legal_bases)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Strict):
    name: Annotated[str, StringConstraints(min_length=3)]
    description: Annotated[str, StringConstraints(min_length=10)]


class _Texts(_Strict):
    id: _Text
    en: _Text


class _Basis(_Strict):
    citation: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{3,200}$")]
    articles: str
    verified: bool


class _Purpose(_Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*(\.[a-z][a-z-]*)+$")]
    text: _Texts
    legal_bases: Annotated[list[_Basis], Field(min_length=1)]
    person_fields: list[PersonField]


class _File(_Strict):
    purposes: Annotated[list[_Purpose], Field(min_length=1)]


def _build(item: _Purpose) -> Purpose:
    return Purpose(
        code=item.code,
        names={"id": item.text.id.name, "en": item.text.en.name},
        descriptions={"id": item.text.id.description, "en": item.text.en.description},
        legal_bases=tuple(LegalBasis(b.citation, b.articles, b.verified) for b in item.legal_bases),
        person_fields=frozenset(item.person_fields),
    )


@lru_cache(maxsize=4)
def load_purposes(folder: Path) -> dict[str, Purpose]:
    """All purposes of one definitions folder, by code. Raises pydantic's ValidationError on a bad file."""
    raw = yaml.safe_load((folder / "exchange" / "purposes.yaml").read_text("utf-8"))
    items = _File.model_validate(raw).purposes
    found = {item.code: _build(item) for item in items}
    if len(found) != len(items):
        duplicated = sorted({item.code for item in items if [i.code for i in items].count(item.code) > 1})
        message = f"purpose declared twice: {', '.join(duplicated)}"
        raise ValueError(message)
    return found


def purposes() -> tuple[Purpose, ...]:
    """All purposes of this deployment, in the order of the file."""
    return tuple(load_purposes(current().definitions_dir).values())


def purpose(code: str) -> Purpose:
    """One purpose. Raises :class:`UnknownPurpose`."""
    found = load_purposes(current().definitions_dir).get(code)
    if found is None:
        raise UnknownPurpose(code)
    return found
