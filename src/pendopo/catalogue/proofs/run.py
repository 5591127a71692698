"""Run all proofs over a definition."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs import flow, law, minimisation, once_only, references, scenarios, sentences
from pendopo.catalogue.proofs.report import Proof, ProofReport, Verdict
from pendopo.catalogue.proofs.surroundings import Surroundings, read_surroundings
from pendopo.foundation.settings import current

type Prover = Callable[[Service, Surroundings], list[Fault]]


@dataclass(frozen=True, slots=True)
class _Built:
    """A proof that exists: its name, how it is run, and what it counts."""

    name: str
    prover: Prover
    counts: Callable[[Service], int]


BUILT: Final = (
    _Built("references", references.prove, lambda service: len(service.expressions)),
    _Built("sentences", sentences.prove, lambda service: len(service.texts["id"])),
    _Built("law", law.prove, lambda service: len(service.standard) + len(service.laws)),
    _Built("flow", flow.prove, lambda service: len(service.flow.states)),
    _Built("once_only", once_only.prove, lambda service: sum(field.asked for _, field in service.fields)),
    _Built("minimisation", minimisation.prove, lambda service: sum(1 for _ in service.fields)),
    _Built("scenarios", scenarios.prove, lambda service: len(service.scenarios)),
)

NOT_BUILT: Final = (
    "language_accessibility",
    "generated_answers",
    "queue_forecast",
    "replay",
    "two_person_approval",
)
"""Proofs that the design asks for and that do not exist yet. Listed so that nobody takes silence for a
pass."""


def definitions_folder(folder: Path) -> Path:
    """Return the definitions around a folder ``…/services/<agency>/<code>``, else the hall's own."""
    around = folder.resolve().parents
    if len(around) > 2 and (around[2] / "registers").is_dir():  # noqa: PLR2004 - code, agency, services
        return around[2]
    return current().definitions_dir


def prove(service: Service, definitions: Path) -> ProofReport:
    """Run every proof. A proof that finds nothing to look at is not applicable, not passed.

    While a reference leads nowhere the later proofs wait: they walk along the references.
    """
    surroundings = read_surroundings(definitions)
    proofs = [Proof("schema", Verdict.PASS, examined=len(service.files))]
    first, *others = BUILT
    proofs.append(_run(first, service, surroundings))
    sound = proofs[-1].verdict is Verdict.PASS
    waiting = "waits until all references lead somewhere"
    proofs.extend(
        _run(built, service, surroundings) if sound else Proof(built.name, Verdict.PENDING, reason=waiting)
        for built in others
    )
    proofs.extend(Proof(name, Verdict.NOT_BUILT) for name in NOT_BUILT)
    return ProofReport(
        f"{service.agency}/{service.code}", service.identity.version, service.hash, tuple(proofs)
    )


def _run(built: _Built, service: Service, surroundings: Surroundings) -> Proof:
    examined = built.counts(service)
    faults = tuple(sorted(built.prover(service, surroundings)))
    if faults:
        return Proof(built.name, Verdict.FAIL, faults, examined=examined)
    if examined == 0:
        return Proof(built.name, Verdict.NOT_APPLICABLE, reason="the definition has nothing to look at")
    return Proof(built.name, Verdict.PASS, examined=examined)
