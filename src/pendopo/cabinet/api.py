"""The door of ``cabinet``: what other rooms may ask of it."""

from pendopo.cabinet.errors import CabinetError

__all__ = ("CabinetError",)
