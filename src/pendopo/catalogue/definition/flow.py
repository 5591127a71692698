"""``flow.yaml``: states, actions, clocks, commands to registers, and what officers see.

Names of states and actions are texts ``states.<id>`` and ``actions.<id>``.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from pendopo.catalogue.definition.base import Code, Identifier, Reference, Source, Strict


class By(StrEnum):
    """Who takes an action."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    SYSTEM = "system"


class State(Strict):
    """Where a case can stand. A ``final`` state owes nobody anything."""

    final: bool = False


class Action(Strict):
    """A step from one of ``sources`` to ``target``."""

    id: Identifier
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    target: Identifier
    by: By
    permission: Annotated[str | None, Field(pattern=r"^[a-z]+:[a-z]+:[a-z]+$")] = None
    needs_reason: bool = False
    four_eyes: bool = False
    """Whether another officer than the one who verified must take it."""
    command: Identifier | None = None
    output: Identifier | None = None

    @model_validator(mode="after")
    def _permitted(self) -> Self:
        if (self.by is By.OFFICER) != (self.permission is not None):
            message = "an officer's action, and only that, names a permission"
            raise ValueError(message)
        return self


class Pause(Strict):
    """A state in which a clock stands still, and the reason (text ``pauses.<reason>``)."""

    state: Identifier
    reason: Identifier


class ClockRule(Strict):
    """A clock: it starts on entering ``starts``, ends on entering one of ``stops``, and pauses as listed."""

    starts: Identifier
    stops: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    pauses: tuple[Pause, ...] = ()
    working_hours: Annotated[int | None, Field(ge=1, le=10_000)] = None
    working_days: Annotated[int | None, Field(ge=1, le=1_000)] = None
    basis: Code
    verified: bool

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.working_hours is None) == (self.working_days is None):
            message = "a clock counts working hours or working days"
            raise ValueError(message)
        return self


class Clocks(Strict):
    """The promise of the agency and the limit of the law."""

    promise: ClockRule
    legal: ClockRule


class Command(Strict):
    """What a register is told when a case is decided.

    ``input`` maps the parameter names of the operation to expressions; ``per`` names a repeat group when it
    is sent for each item. Unknown values are left out.
    """

    register_id: Annotated[Identifier, Field(alias="register")]
    operation: Identifier
    purpose: Annotated[str, Field(pattern=r"^[a-z][a-z-]*(\.[a-z][a-z-]*)+$")]
    per: Identifier | None = None
    input: Annotated[dict[Identifier, Source], Field(min_length=1)]


class OfficerWarning(Strict):
    """Something an officer should look at; sentence ``warnings.<id>``."""

    id: Identifier
    when: Source
    repeat: Identifier | None = None


class FlowFile(Strict):
    """The whole of ``flow.yaml``."""

    initial: Identifier
    states: Annotated[dict[Identifier, State], Field(min_length=2)]
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    clocks: Clocks
    commands: dict[Identifier, Command] = Field(default_factory=dict)
    officer_reads: tuple[Reference, ...] = ()
    warnings: tuple[OfficerWarning, ...] = ()

    def action(self, action_id: str) -> Action | None:
        """The action of that name, or None."""
        return next((action for action in self.actions if action.id == action_id), None)

    def next_state(self, state: str, action_id: str) -> str | None:
        """Where the action leads from ``state``; None when it is not allowed there."""
        action = self.action(action_id)
        return action.target if action is not None and state in action.sources else None

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """What can be done in a state."""
        return tuple(action for action in self.actions if state in action.sources)
