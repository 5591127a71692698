"""Rules: what a definition makes of one application, with the reasons of every condition."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.rows import Row, median, quantile

from pendopo.catalogue.definition.load import load_folder
from pendopo.catalogue.form.interpret import interpret
from pendopo.catalogue.proofs.scenarios import facts_of
from pendopo.rules.api import evaluate

DEFINITION = Path(__file__).parents[2] / "definitions" / "services" / "dukcapil" / "akta-kelahiran"
REPEATS = 40
P95_MS = 20.0


def measure(runs: int, _state: Path) -> Iterator[Row]:
    """Yield the whole form, the form with reasons, and single conditions with and without them."""
    service = load_folder(DEFINITION)
    stories = [facts_of(service, story) for _, story in service.scenarios if story.expect is not None]
    top = [expression for (scope, _), expression in service.expressions.items() if scope is None]

    def form() -> None:
        for facts in stories:
            interpret(service, facts)

    def reasoned() -> None:
        for facts in stories:
            known = dict(interpret(service, facts).values)
            for expression in top:
                _ = evaluate(expression, known, today=facts.today).reason

    for case, work in (("form answer", form), ("form answer with all reasons", reasoned)):
        times = [_times(work, len(stories)) for _ in range(runs)]
        p95, p50 = (median([quantile(one, part) for one in times]) * 1000 for part in (0.95, 0.5))
        note = (
            f"{len(stories)} stories of one definition, {len(top)} top-level conditions; "
            f"median {p50:.2f} ms, processor time of one thread"
        )
        yield Row("rules", f"{case}, p95", p95, "ms", limit=P95_MS, notes=note)


def _times(work: Callable[[], None], parts: int) -> list[float]:
    """Processor seconds a story, one figure a repetition."""
    found = []
    for _ in range(REPEATS):
        began = time.thread_time()
        work()
        found.append((time.thread_time() - began) / parts)
    return found
