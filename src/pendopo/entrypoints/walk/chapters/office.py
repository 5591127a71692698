"""In the population office one officer verifies and another decides.

The register is told by a signed command.
"""

from pendopo.entrypoints.walk.browser import Browser, UnexpectedAnswerError
from pendopo.entrypoints.walk.chapters.signing_in import sign_in_with_password
from pendopo.entrypoints.walk.journey import Trail
from pendopo.entrypoints.walk.page import Page

type Facts = dict[str, object]


def verified(trail: Trail) -> Facts:
    """The verifier signs in, opens the case from the work list, and takes it."""
    officer = trail.journey.officer("population_verifier")
    sign_in_with_password(trail.officer, officer, "/desk/")
    _open_case(trail, trail.officer)
    _act(trail.officer, "take")
    return {"officer": officer.name}


def decided(trail: Trail) -> Facts:
    """Another officer decides: four eyes."""
    officer = trail.journey.officer("population_decider")
    with Browser(trail.journey.base_url, trail.journey.language) as browser:
        sign_in_with_password(browser, officer, "/desk/")
        _open_case(trail, browser)
        page = _act(browser, "approve")
    return {"officer": officer.name, "state": page.title}


def foreign_officer_sees_nothing(trail: Trail) -> Facts:
    """An officer of another agency does not find the case, not even its existence."""
    officer = trail.journey.officer("dinsos")
    with Browser(trail.journey.base_url, trail.journey.language) as browser:
        sign_in_with_password(browser, officer, "/desk/")
        page = _search(trail, browser)
        if trail.mother.name.casefold() in page.text.casefold():
            message = "an officer of another agency sees the case"
            raise UnexpectedAnswerError(message)
        browser.open(trail.desk_case_path, status=404)
    return {"officer": officer.name}


def _search(trail: Trail, browser: Browser) -> Page:
    """Type the number into the desk's search; who reaches no desk is shown no form."""
    browser.open("/desk/")
    return browser.submit(browser.form("number").fill(number=trail.case_number))


def _open_case(trail: Trail, browser: Browser) -> Page:
    page = _search(trail, browser)
    if "/desk/cases/" not in page.url:
        message = f"the desk does not find {trail.case_number}: “{page.title}”"
        raise UnexpectedAnswerError(message)
    trail.desk_case_path = page.url.removeprefix(trail.journey.base_url)
    return page


def _act(browser: Browser, action: str) -> Page:
    """Press the action's link, then confirm what it asks."""
    link = next((address for address, _ in browser.current.links(f"/{action}/")), None)
    if link is None:
        message = f"“{browser.current.title}” does not offer “{action}”"
        raise UnexpectedAnswerError(message)
    browser.open(link)
    form = next(f for f in browser.current.forms() if f"/{action}/" in f.action)
    page = browser.submit(form)
    if page.errors:
        message = f"“{action}” was refused: {'; '.join(page.errors)}"
        raise UnexpectedAnswerError(message)
    return page
