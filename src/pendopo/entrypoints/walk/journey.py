"""What the walk is given, what it learns on its way, and how it fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.walk.authenticator import Authenticator
from pendopo.entrypoints.walk.browser import Browser


class Narrator(Protocol):
    """Who tells the story and keeps the time of each step."""

    times: list[tuple[str, int]]

    def say(self, text: str = "") -> None:
        """Tell one line."""


class WalkFailedError(FrontDoorError):
    """A step did not end as it must; ``step`` names it."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        super().__init__(f"the walk stopped at “{step}”: {reason}")


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who signs in with a password and a one-time code."""

    role: str
    name: str
    sign_in: str
    password: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Mother:
    """Somebody in the population register who has no Digital ID yet; ``children`` are registered already."""

    name: str
    nik: str
    email: str
    children: int


@dataclass(frozen=True, slots=True)
class Journey:
    """What the walk is given.

    ``verb`` runs a verb of ``./pendopo`` in the hall and returns what it printed.
    """

    base_url: str
    cast_file: Path
    people_file: Path
    mail_folder: Path
    outputs: Path
    language: str
    authority_file: Path
    checkpoint_file: Path
    verb: Callable[..., str]

    def officer(self, role: str) -> Officer:
        """Return the officer of this role."""
        return self._cast("officers", role)

    def member(self, role: str) -> Officer:
        """Return who has this part outside the desks: a seat of the leadership meeting, for example."""
        return self._cast("members", role)

    def _cast(self, part: str, role: str) -> Officer:
        cast = json.loads(self.cast_file.read_text())
        found = next(person for person in cast[part] if person["role"] == role)
        return Officer(role, found["name"], found["sign_in"], found["password"], found["totp_secret"])

    def next_mother(self) -> Mother:
        """Return a mother of the population who has not registered a birth here yet."""
        people = json.loads(self.people_file.read_text())
        found = next((mother for mother in people["mothers"] if not mother["used"]), None)
        if found is None:
            message = "every mother of the demonstration has registered a birth; begin anew with --fresh"
            raise WalkFailedError("begin", message)
        return Mother(found["name"], found["nik"], found["email"], int(found["children"]))

    def note_birth(self, mother: Mother) -> None:
        """Remember that she registered a birth, so that she is offered to nobody as new."""
        people = json.loads(self.people_file.read_text())
        for one in people["mothers"]:
            one["used"] = one["used"] or one["nik"] == mother.nik
        self.people_file.write_text(json.dumps(people))


@dataclass(slots=True)
class Trail:
    """What the walk has learned so far, handed from step to step."""

    journey: Journey
    mother: Mother
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
    born: str = ""
    case_url: str = ""
    desk_case_path: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    outputs: list[Path] = field(default_factory=list)

    def keep(self, name: str, content: bytes) -> Path:
        """Write an output and remember it."""
        path = self.journey.outputs / name
        path.write_bytes(content)
        if path not in self.outputs:
            self.outputs.append(path)
        return path
