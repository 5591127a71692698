"""Jobs of the queue, loops of the worker and subscribers of the outbox, with what each does."""

from procrastinate.contrib.django import app

from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, first_sentence, table
from pendopo.foundation.jobs import loops

HEAD = f"""# Jobs and loops

{TOLD_BY_CODE}
`./pendopo serve worker` runs all of them and delivers the outbox ([events](outbox-events.md)). A loop
pauses the given time between two runs; several workers may run side by side.
"""


def page() -> str:
    """Return the page."""
    told = [(f"`{entry.name}`", f"{entry.seconds:g} s", first_sentence(entry.function)) for entry in loops()]
    return f"{HEAD}\n## Loops\n\n{table(('name', 'pause', 'what it does'), told)}\n## Jobs\n\n{_jobs()}"


def _jobs() -> str:
    rows = [
        (f"`{name}`", task.queue)
        for name, task in sorted(app.tasks.items())
        if not name.startswith(("builtin:", "procrastinate.")) and ".test" not in name
    ]
    return table(("name", "queue"), rows) if rows else "None yet: what follows a change is an outbox event.\n"
