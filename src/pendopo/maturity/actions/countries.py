"""An edition of the UN's table is entered, or entered again: whole, for one year."""

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.maturity import errors, events, library, tables
from pendopo.maturity.actions.results import decoded, require, source_of
from pendopo.maturity.egdi import Country
from pendopo.maturity.models import CountryScore

CHANGED = ("osi", "tii", "hci", "egdi", "rank", "source")


def enter(actor: Actor, data: bytes, *, year: int, source: str) -> int:
    """Enter the countries of one edition and return how many there are.

    Raises ``NoSuchEdition``, what is wrong with the table, and ``NotAllCountries`` for fewer than the index
    ranks: places are places among all of them. The same table again changes nothing.
    """
    require(actor)
    method = library.method()
    method.edition(year)
    named = source_of(source)
    countries = tables.countries(decoded(data))
    if len(countries) < method.countries:
        raise errors.NotAllCountries(given=len(countries), needed=method.countries)
    with transaction.atomic(durable=True):
        CountryScore.objects.filter(year=year).exclude(country__in=[one.name for one in countries]).delete()
        CountryScore.objects.bulk_create(
            [_row(one, year, named) for one in countries],
            update_conflicts=True,
            unique_fields=["year", "country"],
            update_fields=CHANGED,
        )
        audit(events.COUNTRIES_ENTERED, actor=actor, detail={"year": year, "countries": len(countries)})
    return len(countries)


def _row(one: Country, year: int, source: str) -> CountryScore:
    return CountryScore(
        country=one.name,
        year=year,
        osi=one.osi,
        tii=one.tii,
        hci=one.hci,
        egdi=one.published,
        rank=one.rank,
        source=source,
    )
