"""What the walk is given, what it learns on its way, and how it fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pendopo.entrypoints.walk.authenticator import Authenticator
from pendopo.entrypoints.walk.browser import Browser


class Narrator(Protocol):
    """Who tells the story and keeps the time of each step."""

    times: list[tuple[str, int]]

    def say(self, text: str = "") -> None:
        """Tell one line."""


class WalkFailedError(RuntimeError):
    """A step did not end as it must; ``step`` names it."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who signs in with a password and a one-time code."""

    role: str
    name: str
    sign_in: str
    password: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody in the population register who has no Digital ID yet."""

    role: str
    name: str
    nik: str
    family_card: str
    birth_date: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Journey:
    """What the walk is given.

    ``verify_ledger`` runs ``./pendopo ledger verify --json`` and returns what it said.
    """

    base_url: str
    cast_file: Path
    mail_folder: Path
    outputs: Path
    language: str
    verify_ledger: Callable[..., str]

    def officer(self, role: str) -> Officer:
        """Return the officer of this role."""
        found = self._person("officers", role)
        return Officer(role, found["name"], found["sign_in"], found["password"], found["totp_secret"])

    def citizen(self, role: str) -> Citizen:
        """Return the citizen of this role."""
        found = self._person("citizens", role)
        facts = (found[key] for key in ("name", "nik", "kk", "birth_date", "email", "phone"))
        return Citizen(role, *facts)

    def _person(self, kind: str, role: str) -> dict[str, str]:
        cast = json.loads(self.cast_file.read_text())
        person: dict[str, str] = next(person for person in cast[kind] if person["role"] == role)
        return person


@dataclass(slots=True)
class Trail:
    """What the walk has learned so far, handed from step to step."""

    journey: Journey
    mother: Citizen
    citizen: Browser
    officer: Browser
    counter: Browser
    device: Authenticator
    activation_code: str = ""
    case_number: str = ""
    tracking_code: str = ""
    document_url: str = ""
    verification_url: str = ""
    child: str = ""
    outputs: list[Path] = field(default_factory=list)

    def keep(self, name: str, content: bytes) -> Path:
        """Write an output and remember it."""
        path = self.journey.outputs / name
        path.write_bytes(content)
        if path not in self.outputs:
            self.outputs.append(path)
        return path
