"""What the published services are, counted over their definitions: done wholly online, asked only once."""

import datetime as dt

from pendopo.agencies import api as agencies
from pendopo.catalogue import store
from pendopo.catalogue.definition.evidence import EvidenceSource
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.models import ServiceVersion
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share

SIGN_IN = 2
"""The highest level of assurance that needs no visit (a third level is proofed in person)."""


def wholly_online(scope: Scope) -> Reading | None:
    """Share of the published services that nobody has to leave home for.

    Applied for in the browser; signed in for without a visit; no fee (none can be paid here yet); nothing
    that only an officer can look at; and what comes out is a sealed document to download.
    """
    found = _services(scope)
    return share(sum(_is_online(service) for service in found), len(found))


def connected(scope: Scope) -> Reading | None:
    """Share of the published services that ask or tell another body's register in place of the applicant."""
    found = _services(scope)
    return share(
        sum(bool(service.data.lookups or service.flow.commands) for service in found),
        len(found),
        lookups=sum(len(service.data.lookups) for service in found),
        commands=sum(len(service.flow.commands) for service in found),
    )


def once_only(scope: Scope) -> Reading | None:
    """Share of the fields that a register, the sign-in or another answer fills in some case or always."""
    fields = [field for service in _services(scope) for _, field in service.fields]
    return share(sum(any(not origin.ask for origin in field.origins) for field in fields), len(fields))


def _services(scope: Scope) -> list[Service]:
    """Read what is published now; the days of the scope do not matter."""
    rows = ServiceVersion.objects.filter(current=True)
    if scope.agency is not None:
        rows = rows.filter(agency=agencies.body(scope.agency).code)
    return [store.read_version(version_id) for version_id in rows.values_list("id", flat=True)]


def _is_online(service: Service) -> bool:
    stated = service.identity
    return (
        "web" in stated.channels
        and stated.assurance <= SIGN_IN
        and stated.fee.amount == 0
        and bool(stated.outputs)
        and all(output.sealed for output in stated.outputs)
        and all(
            any(way.source is not EvidenceSource.OFFICER for way in requirement.any_of)
            for requirement in service.evidence.requirements
        )
    )


DAY = dt.timedelta(days=1)
MEASURES = (
    Measure(
        "catalogue.wholly-online", Unit.PERCENT, "catalogue.services", DAY, wholly_online, by_agency=True
    ),
    Measure("catalogue.connected", Unit.PERCENT, "catalogue.services", DAY, connected, by_agency=True),
    Measure("catalogue.once-only", Unit.PERCENT, "catalogue.services", DAY, once_only, by_agency=True),
)
