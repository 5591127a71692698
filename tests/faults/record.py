"""What the client did, in its own words: each deed with how often it was sent and whether it was answered.

A deed is *sent* when its bytes may have left for the hall, *acknowledged* when the hall's page said that it
is done. What was sent and not acknowledged may have happened or not; what was acknowledged must be there.
"""

import json
import threading
from dataclasses import asdict, dataclass, field
from typing import Literal

type Kind = Literal["look", "application", "decision"]


@dataclass(slots=True)
class Deed:
    """One thing that somebody wanted done once. ``key`` is whom it concerns: a NIK, or a case number.

    ``phase`` is the fault under which it was begun; it may end under a later one.
    """

    kind: Kind
    key: str
    phase: str
    sent: int = 0
    acknowledged: bool = False
    number: str = ""
    draft: str = ""
    case_url: str = ""
    cases_seen: int = -1
    certificates_seen: int = -1


@dataclass(slots=True)
class Notes:
    """The client's record, shared by its threads."""

    phase: str = "before"
    deeds: list[Deed] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def deed(self, kind: Kind, key: str) -> Deed:
        """Begin a deed in the present phase."""
        with self.lock:
            made = Deed(kind, key, self.phase)
            self.deeds.append(made)
        return made

    def sending(self, deed: Deed) -> None:
        """Note before the bytes leave."""
        with self.lock:
            deed.sent += 1

    def acknowledged(self, kind: Kind) -> int:
        """How many deeds of a kind were acknowledged so far."""
        with self.lock:
            return sum(deed.acknowledged for deed in self.deeds if deed.kind == kind)

    def broke(self, error: Exception) -> None:
        """Count a request that a fault cut off or refused."""
        with self.lock:
            self.broken[self.phase] = self.broken.get(self.phase, 0) + 1
            reason = f"{type(error).__name__}: {str(error)[:80]}"
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def text(self) -> str:
        """The whole record as one line of JSON."""
        with self.lock:
            deeds = [asdict(deed) for deed in self.deeds]
            return json.dumps({"deeds": deeds, "broken": self.broken, "reasons": self.reasons})


@dataclass(frozen=True, slots=True)
class Record:
    """The record as the harness reads it back."""

    deeds: tuple[Deed, ...]
    broken: dict[str, int]
    reasons: dict[str, int]

    @classmethod
    def read(cls, line: str) -> "Record":
        """Read what :meth:`Notes.text` wrote."""
        loaded = json.loads(line)
        return cls(tuple(Deed(**deed) for deed in loaded["deeds"]), loaded["broken"], loaded["reasons"])

    def of(self, kind: Kind, phase: str = "") -> list[Deed]:
        """Deeds of a kind, of one phase if given."""
        return [deed for deed in self.deeds if deed.kind == kind and phase in {"", deed.phase}]
