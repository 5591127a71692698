"""The tour's pages of evaluations: what a coordinator and an assessor of the demonstration see."""

from urllib.parse import urlsplit

from tests.journeys.inspection import Inspector

HOME = "/desk/maturity/"


def coordinators_pages(tab: Inspector) -> str:
    """Look at cycles, indicators, who answers for what, years; return the address of the assessment."""
    tab.visit("evaluation, cycles", HOME)
    found = tab.page.locator("main a[href*='/cycles/']:not([href*='/new/'])").all()
    under_way, closed = (link.get_attribute("href") or "" for link in found[:2])
    tab.visit("evaluation, new cycle", f"{HOME}cycles/new/")
    tab.page.locator("input[name=year]").fill("tahun ini")
    tab.refused("evaluation, new cycle without a year")
    tab.visit("evaluation, closed cycle", closed)
    tab.visit("evaluation, cycle", under_way)
    tab.visit("evaluation, indicators", _first(tab, "/assessments/"))
    assessment = urlsplit(tab.page.url).path
    for name in ("give", "compare"):
        tab.visit(f"evaluation, {name}", f"{assessment}{name}/")
    tab.visit("evaluation, flagged", f"{assessment}?view=flagged")
    return assessment


def assessors_pages(tab: Inspector, assessment: str) -> None:
    """Look at what is not assessed, at one indicator, and give a level without a reason."""
    tab.visit("evaluation, nothing mine", f"{assessment}?view=mine")
    tab.visit("evaluation, indicators with live data", assessment)
    tab.visit("evaluation, indicator", _first(tab, "/indicators/"))
    tab.refused("evaluation, level without a reason", "#answer button")


def _first(tab: Inspector, part: str) -> str:
    return tab.page.locator(f"main a[href*='{part}']").first.get_attribute("href") or ""
