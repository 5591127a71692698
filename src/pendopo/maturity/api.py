"""The door of ``maturity``: what other rooms may ask of it."""

from pendopo.maturity.errors import MaturityError

__all__ = ("MaturityError",)
