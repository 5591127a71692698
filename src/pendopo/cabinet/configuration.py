"""How a body decides, as text: ``definitions/cabinet/<code>.yaml``, typed and checked as a whole.

Rows of law carry their source and whether anybody has read it there; unread ones are shown as such.
"""

from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pendopo.cabinet.live.events import Share
from pendopo.cabinet.values import (
    Basis,
    Classification,
    DecisionMode,
    PositionVisibility,
    Role,
    SilencePolicy,
    Tie,
)
from pendopo.foundation.settings import current

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,47}$")]


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnusableConfigurationError(ValueError):
    """A file of ``definitions/cabinet`` cannot be read or does not fit; the message names file and place."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Strict):
    """A name in both languages."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """Return the name in ``id`` or ``en``."""
        return self.en if language == "en" else self.id


class Source(_Strict):
    """Where a rule is said to come from; ``verified`` means that somebody here read it in that text."""

    rule: str
    text: str
    verified: bool = False


class QuorumConfiguration(_Strict):
    """See :class:`pendopo.cabinet.quorum.QuorumRule`; the chair names one of ``emergency_grounds``."""

    share: Share
    more_than: bool = False
    chair_required: bool = True
    emergency_members: int | None = Field(default=None, ge=0)
    emergency_grounds: tuple[Code, ...] = ()


class Deadlines(_Strict):
    """In working days where it says so; ``lock_hours`` is before the planned opening of the session."""

    coordination_working_days: int = Field(ge=1)
    positions_open_working_days: int = Field(ge=0)
    lock_hours: int = Field(ge=0)
    minutes_working_days: int = Field(ge=1)
    report_months: int = Field(ge=1)


class Effort(_Strict):
    """What ``metric`` takes for granted, in minutes; assumptions to be replaced by what a body measured."""

    page_minutes: float = Field(default=2.0, ge=0)
    response_minutes: float = Field(default=30.0, ge=0)
    position_minutes: float = Field(default=3.0, ge=0)
    unknown_pages: int = Field(default=10, ge=0)


class ItemType(_Strict):
    """A kind of dossier: whether it may pass by consent, and what it must carry."""

    code: Code
    name: Words
    consent_allowed: bool = True
    minutes: int = Field(default=10, ge=1, description="planned minutes of debate")
    alternatives_required: bool = False
    classification: Classification = Classification.OPEN
    legal_form: str = ""


class SeatConfiguration(_Strict):
    """A seat of the body. ``unit`` is the public body or unit that answers in coordination, if one does."""

    code: Code
    office: Words
    role: Role
    ceiling: Classification = Classification.LIMITED
    unit: str = ""


class BodyConfiguration(_Strict):
    """A body whole."""

    code: Code
    name: Words
    agency: Code
    decision_mode: DecisionMode
    tie: Tie = Tie.FALLS
    basis: Basis = Basis.PRESENT
    qualified: Share = Share(numerator=2, denominator=3)
    quorum: QuorumConfiguration
    silence: SilencePolicy
    position_visibility: PositionVisibility
    second_vote_for_deputies: bool = False
    classification_ceiling: Classification
    deadlines: Deadlines
    effort: Effort = Effort()
    speaking_order: tuple[Code, ...] = ()
    item_types: tuple[ItemType, ...] = Field(min_length=1)
    seats: tuple[SeatConfiguration, ...] = Field(min_length=2)
    sources: tuple[Source, ...] = ()
    specimen: bool = Field(default=True, description="shown as an example that nobody adopted")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, codes in {
            "seats": [seat.code for seat in self.seats],
            "item_types": [kind.code for kind in self.item_types],
        }.items():
            if len(set(codes)) != len(codes):
                message = f"{name}: a code stands twice"
                raise ValueError(message)
        if sum(seat.role is Role.CHAIR for seat in self.seats) != 1:
            message = "seats: exactly one chair"
            raise ValueError(message)
        leads = [seat for seat in self.seats if seat.role in {Role.CHAIR, Role.SECRETARY}]
        low = sorted(seat.code for seat in leads if seat.ceiling < self.classification_ceiling)
        if low:
            # They lead everything: one who does not see an item cannot adopt the bundle that it stands in.
            message = f"seats: the class of {', '.join(low)} is below that of the body"
            raise ValueError(message)
        return self

    def item_type(self, code: str) -> ItemType | None:
        """Return a kind of dossier by its code."""
        return next((kind for kind in self.item_types if kind.code == code), None)


def folder() -> Path:
    """Return where the bodies' files lie."""
    return current().definitions_dir / "cabinet"


def load(path: Path) -> BodyConfiguration:
    """Read one file; raises :class:`UnusableConfigurationError`."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # both are the safe one
        return BodyConfiguration.model_validate(loaded)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        message = f"{path.name}: {error}"
        raise UnusableConfigurationError(message) from error


def load_all() -> tuple[BodyConfiguration, ...]:
    """Read every body, by file name."""
    return tuple(load(path) for path in sorted(folder().glob("*.yaml")))
