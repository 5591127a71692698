"""Work without end: due locks and coordination rounds, reminders, the pages of papers."""

from pendopo.cabinet.actions import closing, coordination, pages, reminders, sessions
from pendopo.foundation.jobs import loop


@loop("cabinet.lock-due", seconds=10)
def lock_due() -> int:
    """Lock positions of sessions whose time has come. A position after that moment is refused meanwhile."""
    return sessions.lock_due()


@loop("cabinet.close-due-rounds", seconds=300)
def close_due_rounds() -> int:
    """Close coordination rounds past their deadline: who was silent is deemed to agree."""
    return coordination.close_due_rounds()


@loop("cabinet.remind", seconds=3600)
def remind() -> int:
    """Remind owners of tasks whose report or end is due; once a day at most."""
    return reminders.remind()


@loop("cabinet.release-due", seconds=60)
def release_due() -> int:
    """Move dossiers whose decision the public may read from now on; the public's page needs no loop."""
    return closing.release_due()


@loop("cabinet.count-pages", seconds=60)
def count_pages() -> int:
    """Count the pages of papers that came in."""
    return pages.count_pages()
