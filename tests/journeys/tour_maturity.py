"""The figures of maturity as anybody sees them; drafts and a dashboard as a coordinator does."""

from tests.journeys.inspection import Inspector


def figures(tab: Inspector) -> None:
    """The nation, rankings, one agency, countries, what if, satisfaction; empty and refused too."""
    for name, path, status in (
        ("maturity, nation", "/maturity/national/", 200),
        ("maturity, ranking", "/maturity/ranking/", 200),
        ("maturity, ranking, nothing found", "/maturity/ranking/?search=zzzzzz", 200),
        ("maturity, countries", "/maturity/egdi/", 200),
        ("maturity, countries, nothing found", "/maturity/egdi/?search=zzzzzz", 200),
        ("maturity, country", "/maturity/egdi/country/?name=Indonesia", 200),
        ("maturity, country, what if", "/maturity/egdi/country/?name=Indonesia&osi=0,9", 200),
        ("maturity, satisfaction", "/maturity/satisfaction/", 200),
        ("maturity, satisfaction, nothing yet", "/maturity/satisfaction/?period=2019-1", 200),
    ):
        tab.visit(name, path, status)
    tab.page.goto(f"{tab.base}/maturity/egdi/country/?name=Indonesia")
    tab.page.locator("input[name=osi]").fill("tinggi")
    tab.refused("maturity, country, what if refused", "main form button")
    tab.page.goto(f"{tab.base}/maturity/ranking/")
    agency = tab.page.locator("main a[href*='/maturity/agencies/']").first.get_attribute("href") or ""
    tab.visit("maturity, agency", agency)


def publishers_pages(tab: Inspector) -> None:
    """Drafts and their refusals, and the dashboard and plan of an assessment."""
    tab.visit("maturity, imports", "/maturity/imports/")
    tab.refused("maturity, no file to import", "main form[enctype] button")
    tab.page.goto(f"{tab.base}/maturity/imports/")
    draft = tab.page.locator("main table a[href*='/maturity/imports/']").first.get_attribute("href") or ""
    tab.visit("maturity, an import", draft)
    tab.visit("maturity, answers to import", "/maturity/imports/surveys/")
    tab.visit("maturity, countries to import", "/maturity/imports/countries/")
    tab.page.goto(f"{tab.base}/desk/maturity/")
    board = tab.page.locator("main a[href*='/desk/maturity/assessments/']").first.get_attribute("href") or ""
    tab.visit("maturity, dashboard", f"{board}dashboard/")
    tab.visit("maturity, plan", f"{board}dashboard/plan/?budget=6&aim=memuaskan&to-1=5")
