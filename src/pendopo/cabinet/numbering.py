"""Numbers that people quote: consecutive for each body, kind, class and year."""

import hashlib
from collections.abc import Sequence

from pendopo.cabinet.models import Body, Decision, Dossier, Session
from pendopo.cabinet.values import Classification
from pendopo.foundation.clock import today
from pendopo.foundation.database import lock
from pendopo.foundation.formats import zone

_SERIES = {
    Classification.OPEN: "",
    Classification.LIMITED: "T/",
    Classification.SECRET: "R/",
    Classification.TOP_SECRET: "SR/",
}


def next_dossier(body: Body, classification: Classification, need_to_know: Sequence[str] | None) -> str:
    """Return ``RAPIM-CONTOH/2026/0007``, or of a closed matter ``RAPIM-CONTOH/R/2026/0002``.

    Each class has a series of its own, and each circle that needs to know: a gap would tell a reader below
    it that there is something. Held until the transaction ends.
    """
    return _next(body, _series(classification, need_to_know), Dossier)


def next_decision(dossier: Dossier) -> str:
    """Return ``RAPIM-CONTOH/K/2026/0007``, with the dossier's series."""
    series = _series(Classification(dossier.classification), dossier.need_to_know)
    return _next(dossier.body, f"K/{series}", Decision)


def next_session(body: Body) -> int:
    """Return the number of the body's next session, from 1."""
    lock(f"cabinet:number:{body.id}:session")
    last = Session.objects.filter(body=body).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _series(classification: Classification, need_to_know: Sequence[str] | None) -> str:
    circle = ""
    if need_to_know is not None:
        circle = hashlib.sha256(",".join(sorted(need_to_know)).encode()).hexdigest()[:4].upper() + "/"
    return _SERIES[classification] + circle


def _next(body: Body, mark: str, model: type[Dossier] | type[Decision]) -> str:
    lock(f"cabinet:number:{body.id}:{mark}")
    stem = f"{body.code.upper()}/{mark}{today(zone()).year}/"
    rows = Decision.objects.all() if model is Decision else Dossier.objects.all()
    numbers = rows.filter(number__startswith=stem).order_by("-number").values_list("number", flat=True)
    last = numbers.first()
    return f"{stem}{int(last.removeprefix(stem)) + 1 if last else 1:04d}"
