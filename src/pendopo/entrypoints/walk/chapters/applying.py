"""The mother finds the service, answers what no register knows, uploads a paper, sends, and follows."""

import datetime as dt
import re
from urllib.parse import urlsplit

from pendopo.entrypoints.walk.browser import Browser, UnexpectedAnswerError, Upload
from pendopo.entrypoints.walk.journey import Trail
from pendopo.entrypoints.walk.page import Form, Page
from pendopo.entrypoints.walk.paper import birth_letter

type Facts = dict[str, object]

MOST_PAGES = 30
REGENCY_DIGITS = 4
"""Of a NIK: where the person was registered, and so where a regency is asked, probably the child's too."""
WORDS_TYPED = {"id": "bikin akte anak", "en": "birth certificate"}


def finds_the_service(trail: Trail) -> Facts:
    """She types what people type, not what the law calls it."""
    browser = trail.citizen
    browser.open("/")
    typed = WORDS_TYPED[trail.journey.language]
    browser.submit(browser.form("q").fill(q=typed))
    found = [address for address, _ in browser.current.links("akta-kelahiran")]
    if not found:
        message = f"searching “{typed}” did not find the birth certificate"
        raise UnexpectedAnswerError(message)
    page = browser.open(found[0])
    return {"typed": typed, "title": page.title}


def fills_in(trail: Trail) -> Facts:
    """She goes through the pages; each is saved; what the register knows is shown, not asked."""
    browser = trail.citizen
    start = next((address for address, _ in browser.current.links("/apply/")), None)
    browser.open(start or "/apply/dukcapil/akta-kelahiran/")
    browser.submit(_main_form(browser.current))
    pages, asked = 0, 0
    while "/p/check" not in urlsplit(browser.current.url).path:
        pages += 1
        if pages > MOST_PAGES:
            message = f"after {MOST_PAGES} pages there is still “{browser.current.title}”"
            raise UnexpectedAnswerError(message)
        asked += _answer(trail, browser)
    return {"pages": pages, "asked": asked}


def sends(trail: Trail) -> Facts:
    """She confirms and sends; the receipt has a number and a code that need no sign-in."""
    browser = trail.citizen
    form = _main_form(browser.current)
    receipt = browser.submit(_filled(trail, form))
    number, code = receipt.data("case-number"), receipt.data("tracking-code")
    if not number or not code:
        message = f"after sending, “{receipt.title}” ({receipt.url}) shows no number: {receipt.errors}"
        raise UnexpectedAnswerError(message)
    trail.case_number, trail.tracking_code = number, code
    trail.case_url = receipt.url.removesuffix("receipt/")
    path = trail.keep("receipt.html", browser.download(receipt.url).content)
    return {"number": number, "code": code, "path": path.name}


def follows_without_signing_in(trail: Trail) -> Facts:
    """Number and code are enough to see the state, and show no name."""
    with Browser(trail.journey.base_url, trail.journey.language) as anyone:
        anyone.open("/track/")
        page = anyone.submit(
            anyone.form("number", "code").fill(number=trail.case_number, code=trail.tracking_code)
        )
    if trail.mother.name.casefold() in page.text.casefold() or trail.mother.nik in page.text:
        message = "the tracking page tells a name or a NIK to whoever has the receipt"
        raise UnexpectedAnswerError(message)
    return {"state": page.title}


def _answer(trail: Trail, browser: Browser) -> int:
    """Answer the page that is open; return how many questions it had. A refused page is a failure."""
    here = browser.current
    form = _main_form(here)
    files = {name: _letter(trail) for name in form.names("file")}
    browser.submit(_filled(trail, form), files)
    if browser.current.errors:
        message = f"“{here.title}” was refused: {'; '.join(browser.current.errors)}"
        raise UnexpectedAnswerError(message)
    if browser.current.url == here.url:
        message = f"“{here.title}” ({here.url}) came back without a reason"
        raise UnexpectedAnswerError(message)
    return len(_questions(form))


def _main_form(page: Page) -> Form:
    """The form of the page's own business: in ``main``, sent by POST."""
    main = page.root.first("main")
    for form in page.forms():
        if form.method == "post" and main is not None and form.element in list(main.all("form")):
            return form
    message = f"“{page.title}” ({page.url}) has nothing to send"
    raise UnexpectedAnswerError(message)


def _questions(form: Form) -> list[str]:
    """Names of the questions: a date's three parts are one."""
    return list(dict.fromkeys(re.sub(r"-(day|month|year)$", "", name) for name in form.names()))


def _filled(trail: Trail, form: Form) -> Form:
    values = {name: value for name in form.names() if (value := _value(trail, form, name)) is not None}
    return form.with_values(values)


def _value(trail: Trail, form: Form, name: str) -> str | None:
    """What she answers: by the last word of the field's path, else the first option, else nothing."""
    born = dt.date.fromisoformat(trail.born)
    parts = {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
    base, _, part = name.rpartition("-")
    if base and part in parts:
        return parts[part]
    field = name.rpartition(".")[2]
    if field in trail.answers:
        return trail.answers[field]
    if form.values.get(name, [""])[0]:
        return None
    options = [value for value, _ in form.options(name) if value]
    near = [value for value in options if _digits(value) == trail.mother.nik[:REGENCY_DIGITS]]
    return next(iter(near or options), None)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _letter(trail: Trail) -> Upload:
    return Upload(
        "surat-lahir.pdf", "application/pdf", birth_letter(trail.child, trail.mother.name, trail.born)
    )
