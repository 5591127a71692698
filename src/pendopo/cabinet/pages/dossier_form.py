"""The form of a dossier: what was typed, what is wrong with it, and the text that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from django.http import QueryDict

from pendopo.cabinet import errors, texts
from pendopo.cabinet.actions.dossiers import FEWEST_ALTERNATIVES, Alternative, Text
from pendopo.cabinet.pages.forms import whole
from pendopo.cabinet.records.preparation import ItemTypeView, Opening, Work
from pendopo.cabinet.values import Classification
from pendopo.foundation.text import t

MOST_CHOICES = 9
FEWEST_ROWS = 3
LONGEST_MINUTES = 480
W = "cabinet.prepare.wrong."


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative as typed."""

    title: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class DossierForm:
    """Everything as it stands in the fields. ``recommended`` is the place of a choice, from 1, or empty."""

    body: str = ""
    owner: str = ""
    item_type: str = ""
    title: str = ""
    summary: str = ""
    legal_basis: str = ""
    classification: str = "0"
    circle: str = "all"
    need_to_know: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    recommended: str = ""
    minutes: str = ""
    budget_line: str = ""
    edition: str = ""

    @classmethod
    def read(cls, fields: QueryDict) -> Self:
        """Read what was sent; anything that is missing is empty."""

        def of(name: str) -> str:
            return str(fields.get(name) or "")

        choices = tuple(
            Choice(of(f"choice-{place}"), of(f"effect-{place}"))
            for place in range(1, MOST_CHOICES + 1)
            if f"choice-{place}" in fields
        )
        return cls(
            body=of("body"),
            owner=of("owner_seat"),
            item_type=of("item_type"),
            title=of("title"),
            summary=of("summary"),
            legal_basis=of("legal_basis"),
            classification=of("classification") or "0",
            circle="some" if of("circle") == "some" else "all",
            need_to_know=tuple(str(one) for one in fields.getlist("need_to_know")),
            choices=choices,
            recommended=of("recommended"),
            minutes=of("minutes"),
            budget_line=of("budget_line"),
            edition=of("edition"),
        )

    @classmethod
    def of(cls, work: Work) -> Self:
        """Fill the form with a dossier as it is."""
        said = work.written
        chosen = [str(place) for place, one in enumerate(said.alternatives, 1) if one.recommended]
        return cls(
            body=work.offer.body_code,
            item_type=work.kind.code,
            title=said.title,
            summary=said.summary,
            legal_basis=said.legal_basis,
            classification=str(said.classification.value),
            circle="all" if said.need_to_know is None else "some",
            need_to_know=said.need_to_know or (),
            choices=tuple(Choice(one.title, one.effect) for one in said.alternatives),
            recommended=chosen[0] if chosen else "",
            minutes=str(said.planned_minutes),
            budget_line=said.budget_line,
            edition=work.edition,
        )

    @property
    def rows(self) -> int:
        """How many rows for choices the form shows."""
        filled = [place for place, one in enumerate(self.choices, 1) if one.title or one.effect]
        return min(MOST_CHOICES, max(FEWEST_ROWS, len(self.choices), max(filled, default=0)))

    def choice(self, place: int) -> Choice:
        """Return what stands in a row, from 1."""
        return self.choices[place - 1] if place <= len(self.choices) else Choice()

    def wrong(self, offer: Opening, kind: ItemTypeView | None, language: str) -> dict[str, str]:
        """Return everything that is wrong, by field, in the order of the form."""
        found: dict[str, str] = {}

        def say(field: str, key: str, **parameters: object) -> None:
            found.setdefault(field, t(W + key, language, **parameters))

        if kind is None:
            say("item_type", "item_type")
        if self.owner and self.owner not in {one.code for one in offer.owners}:
            say("owner_seat", "owner")
        self._words(say)
        if kind is not None and kind.alternatives and len(self._filled()) < FEWEST_ALTERNATIVES:
            say("choice-1", "choices", n=FEWEST_ALTERNATIVES)
        if self.recommended and not self._is_recommended_filled():
            say("recommended-0", "recommended")
        if self._class() is None or self._class_above(offer, kind):
            say("classification", "class")
        if self.circle == "some" and not self.need_to_know:
            say("need_to_know", "circle")
        if self.minutes and not 0 < whole(self.minutes) <= LONGEST_MINUTES:
            say("minutes", "minutes", n=LONGEST_MINUTES)
        return found

    def text(self) -> Text:
        """Return the text for the action; raise ``DoesNotFit`` for what :meth:`wrong` would have told."""
        level = self._class()
        if level is None:
            raise errors.DoesNotFit(field="classification")
        return Text(
            title=self.title,
            summary=self.summary,
            legal_basis=self.legal_basis,
            alternatives=[
                Alternative(one.title, one.effect, recommended=str(place) == self.recommended)
                for place, one in self._filled()
            ],
            classification=level,
            need_to_know=self.need_to_know if self.circle == "some" else None,
            planned_minutes=int(self.minutes) if self.minutes else None,
            budget_line=self.budget_line,
        )

    def _words(self, say: Callable[..., None]) -> None:
        for field, longest in {"title": texts.TITLE, "summary": texts.PARAGRAPH}.items():
            typed = str(getattr(self, field)).strip()
            if not typed:
                say(field, field)
            elif len(typed) > longest:
                say(field, "long", n=longest)
        if len(self.legal_basis.strip()) > texts.PARAGRAPH:
            say("legal_basis", "long", n=texts.PARAGRAPH)
        for place, one in enumerate(self.choices, 1):
            if one.effect.strip() and not one.title.strip():
                say(f"choice-{place}", "choice_title")
            if max(len(one.title.strip()) - texts.TITLE, len(one.effect.strip()) - texts.PARAGRAPH) > 0:
                say(f"choice-{place}", "long", n=texts.TITLE)

    def _filled(self) -> list[tuple[int, Choice]]:
        return [(place, one) for place, one in enumerate(self.choices, 1) if one.title.strip()]

    def _is_recommended_filled(self) -> bool:
        return self.recommended in {str(place) for place, _ in self._filled()}

    def _class(self) -> Classification | None:
        try:
            return Classification(int(self.classification))
        except ValueError:
            return None

    def _class_above(self, offer: Opening, kind: ItemTypeView | None) -> bool:
        level = self._class()
        least = kind.classification if kind else Classification.OPEN
        return level is not None and max(level, least) > offer.ceiling


def errors_of(wrong: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the summary's lines: each leads to its field."""
    return list(wrong.items())
