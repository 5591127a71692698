"""Where a dossier is after its decision: read from what happened, never set by hand. Pure.

Each state names the furthest thing that happened: minutes written, minutes signed, the decision released to
the public, every task of its directives done and reported, the dossier closed by the secretariat. A closed
matter is never published and a decision without directives has nothing to follow up; such states are left
out.
"""

from dataclasses import dataclass

from pendopo.cabinet.values import DossierState

AFTER_DECISION = frozenset(
    {
        DossierState.DECIDED,
        DossierState.MINUTED,
        DossierState.SIGNED,
        DossierState.PUBLISHED,
        DossierState.FOLLOWED_UP,
    }
)
"""States between the decision and the close; in all others facts of an earlier session say nothing."""
CLOSABLE = frozenset({DossierState.SIGNED, DossierState.PUBLISHED, DossierState.FOLLOWED_UP})


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the decision's directives."""

    is_open: bool
    is_dropped: bool = False
    is_reported: bool = False

    @property
    def finished(self) -> bool:
        """Whether nothing is to be done on it: dropped, or done with at least one report of its owner."""
        return not self.is_open and (self.is_dropped or self.is_reported)


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened to a decided dossier. ``released`` is whether the public may read its decision now."""

    minuted: bool = False
    signed: bool = False
    released: bool = False
    tasks: tuple[Work, ...] = ()


def state_after(facts: Facts) -> DossierState:
    """Return the state that the facts amount to. Minutes come first: nothing is followed up before them."""
    if facts.signed and facts.tasks and all(task.finished for task in facts.tasks):
        return DossierState.FOLLOWED_UP
    if facts.released:
        return DossierState.PUBLISHED
    if facts.signed:
        return DossierState.SIGNED
    return DossierState.MINUTED if facts.minuted else DossierState.DECIDED


def may_close(state: DossierState, facts: Facts) -> bool:
    """Whether the secretariat may close the dossier: minutes are signed and no task is open."""
    return state in CLOSABLE and facts.signed and not any(task.is_open for task in facts.tasks)
