"""Small typed values that pages hand to the components of ``ui/components.html``."""

from typing import NamedTuple


class Choice(NamedTuple):
    """One radio button, checkbox or option: what is sent, what is read, and a quieter line below it."""

    value: str
    text: str
    hint: str | None = None
