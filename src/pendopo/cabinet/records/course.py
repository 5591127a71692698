"""The way of a dossier from its submission to its close, as its page tells it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing on the way; ``at`` None: it has not happened. ``kind`` is a key of ``cabinet.course.steps``.

    ``part`` of ``whole`` counts the tasks of the step that has some; ``waits_until`` ends an embargo.
    """

    kind: str
    at: dt.datetime | None
    part: int = 0
    whole: int = 0
    waits_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """All steps in their order. ``closes`` says that the reader may close the dossier now.

    ``missing`` is a key of ``cabinet.course.missing``: why a clerk cannot close it yet, empty for others.
    """

    steps: tuple[Milestone, ...]
    closes: bool
    missing: str
