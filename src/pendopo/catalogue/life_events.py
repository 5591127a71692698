"""Life events: ``definitions/life-events/*.yaml``, which gather services by what happens to people.

An event whose services are not published yet is shown as not available; it never looks as if it worked.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from pendopo.catalogue.definition import yaml_lines
from pendopo.catalogue.definition.base import Code, Strict
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.load import validate
from pendopo.catalogue.errors import DefinitionInvalid


class EventText(Strict):
    """Name and one sentence."""

    name: Annotated[str, StringConstraints(min_length=3)]
    lead: Annotated[str, StringConstraints(min_length=5)]


class EventTexts(Strict):
    """Both languages."""

    id: EventText
    en: EventText

    def of(self, language: str) -> EventText:
        """The texts in one language."""
        return self.en if language == "en" else self.id


class LifeEventFile(Strict):
    """One file. ``services`` are ``agency/code``; ``icon`` names a drawing of the design system."""

    code: Code
    order: Annotated[int, Field(ge=0)]
    icon: Code
    services: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")], ...] = ()
    text: EventTexts


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A life event as people see it. ``services`` holds (agency, code) of those that are published."""

    code: str
    icon: str
    name: str
    lead: str
    services: tuple[tuple[str, str], ...]

    @property
    def available(self) -> bool:
        """Whether at least one of its services can be had here."""
        return bool(self.services)


def read_life_events(folder: Path) -> tuple[LifeEventFile, ...]:
    """Read all life events of a definitions folder, in order. Raises DefinitionInvalid."""
    paths = sorted((folder / "life-events").glob("*.yaml"))
    return _read(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=4)
def _read(paths: tuple[tuple[Path, int], ...]) -> tuple[LifeEventFile, ...]:
    found: list[LifeEventFile] = []
    faults: list[Fault] = []
    for path, _ in paths:
        document = yaml_lines.read(f"life-events/{path.name}", path.read_text("utf-8"))
        faults.extend(document.faults)
        event, wrong = (None, []) if document.faults else validate(document, LifeEventFile)
        faults.extend(wrong)
        if event is not None:
            found.append(event)
    if faults:
        raise DefinitionInvalid(tuple(sorted(faults)))
    return tuple(sorted(found, key=lambda event: (event.order, event.code)))
