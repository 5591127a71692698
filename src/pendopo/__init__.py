"""Pendopo: the rooms of one integrated digital government (see docs/explanation/design.md)."""

__version__ = "0.1.0"
