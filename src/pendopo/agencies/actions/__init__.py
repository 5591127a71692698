"""Verbs of the room: found a body, open a unit, appoint, end a post."""

from pendopo.agencies.actions.appoint import appoint, end_post
from pendopo.agencies.actions.found import create_body, create_unit

__all__ = ["appoint", "create_body", "create_unit", "end_post"]
