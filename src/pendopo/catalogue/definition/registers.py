"""``definitions/registers/*.yaml``: what registers hold, and which of them are connected to this hall.

The once-only proof asks this: a question whose answer a connected register holds is an error.
"""

from typing import Annotated

from pydantic import Field

from pendopo.catalogue.definition.base import Code, Identifier, Strict


class RegisterOperation(Strict):
    """A question that the register answers, by NIK, with these fields."""

    fields: dict[Identifier, Annotated[str, Field(pattern=r"^(bool|int|text|id|date)$")]]


class Register(Strict):
    """A base register. ``holds`` are concepts (``person.birth_date``) that nobody may be asked for again."""

    id: Identifier
    agency: Code
    connected: bool
    operations: dict[Identifier, RegisterOperation]
    commands: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    holds: tuple[Annotated[str, Field(pattern=r"^[a-z]+\.[a-z_]+$")], ...]
