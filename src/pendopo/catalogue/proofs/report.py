"""What the proofs say about a definition."""

from dataclasses import dataclass
from enum import StrEnum

from pendopo.catalogue.definition.faults import Fault


class Verdict(StrEnum):
    """The answer of one proof.

    ``pending`` waits for another proof to pass first. ``not_built`` neither passes nor hinders: it is listed
    as absent.
    """

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"
    NOT_BUILT = "not_built"


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof: its faults when it fails, a reason when it did not run, and how much it looked at."""

    name: str
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    examined: int = 0


@dataclass(frozen=True, slots=True)
class ProofReport:
    """All proofs of one definition. ``service`` is ``agency/code``, empty when it could not be read."""

    service: str
    version: str
    hash: str
    proofs: tuple[Proof, ...]

    @classmethod
    def unreadable(cls, faults: tuple[Fault, ...]) -> "ProofReport":
        """Report a definition that could not be read."""
        return cls("", "", "", (Proof("schema", Verdict.FAIL, faults),))

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the proofs that failed."""
        return tuple(proof.name for proof in self.proofs if proof.verdict is Verdict.FAIL)

    @property
    def passed(self) -> bool:
        """Whether no built proof failed."""
        return not self.failed

    def proof(self, name: str) -> Proof:
        """Return one proof; KeyError when there is none of that name."""
        found = next((proof for proof in self.proofs if proof.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
