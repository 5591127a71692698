"""One person's browser: cookies, redirects, forms with their token, and how long each answer took.

It behaves as browsers do where it matters for the walk: it sends ``Origin`` and ``Referer`` with forms,
turns 302 and 303 into GET, keeps cookies by their rules, and never leaves the hall's own origin.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from pendopo.entrypoints.walk.page import Form, Page, parse

MOST_REDIRECTS = 12


class UnexpectedAnswerError(RuntimeError):
    """A page answered otherwise than the walk needs; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for a form's field."""

    filename: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Browser:
    """A browser with an empty cookie jar; ``base_url`` is the only origin that it visits."""

    base_url: str
    language: str = "id"
    page: Page | None = None
    visited: list[str] = field(default_factory=list)
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """Open the client; a proxy of the environment is not asked about loopback."""
        self._client = httpx.Client(
            timeout=60.0,
            trust_env=False,
            headers={
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": self.language,
                "User-Agent": "Pendopo walk",
            },
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def address(self, path: str) -> str:
        """Return an absolute address; a path gets the language's prefix."""
        prefix = "" if self.language == "id" else f"/{self.language}"
        if path.startswith("/") and not path.startswith(f"{prefix}/"):
            return f"{self.base_url}{prefix}{path}"
        return urljoin(self.page.url if self.page else self.base_url, path)

    def open(self, path: str, status: int = 200) -> Page:
        """Visit a page, follow redirects, and require this status."""
        return self._shown(self._follow("GET", self.address(path)), status)

    def submit(self, form: Form, files: dict[str, Upload] | None = None, status: int = 200) -> Page:
        """Send a form as a browser would, follow the redirect, and require this status."""
        if form.method == "get":
            answer = self._follow("GET", str(httpx.URL(form.action, params=form.values)))
        elif form.is_multipart:
            answer = self._post_multipart(form, files or {})
        else:
            answer = self._follow("POST", form.action, data=form.values)
        return self._shown(answer, status)

    def download(self, address: str) -> httpx.Response:
        """Fetch something that is not a page; raises unless it answers 200."""
        answer = self._follow("GET", self.address(address))
        if answer.status_code != httpx.codes.OK:
            raise UnexpectedAnswerError(_description(answer))
        return answer

    def post(self, address: str, fields: dict[str, list[str]]) -> httpx.Response:
        """Send fields as a page's script would, and leave the page as it is."""
        return self._follow("POST", self.address(address), data=fields)

    @property
    def cookies(self) -> dict[str, str]:
        """Cookies that the hall has set, by name."""
        return dict(self._client.cookies)

    @property
    def current(self) -> Page:
        """The page that is shown."""
        if self.page is None:
            message = "no page is open yet"
            raise UnexpectedAnswerError(message)
        return self.page

    def form(self, *names: str) -> Form:
        """Return the present page's form that has these fields, or raise with what the page has instead."""
        found = self.current.form_with(*names)
        if found is None:
            has = [form.names() for form in self.current.forms()]
            message = f"“{self.current.title}” ({self.current.url}) has no form with {names}; it has {has}"
            raise UnexpectedAnswerError(message)
        return found

    def follow_link(self, *words: str) -> Page:
        """Follow the first link whose text contains one of these words."""
        address = self.current.link_named(*words)
        if address is None:
            message = f"“{self.current.title}” ({self.current.url}) has no link named {' or '.join(words)}"
            raise UnexpectedAnswerError(message)
        return self.open(address)

    def _post_multipart(self, form: Form, files: dict[str, Upload]) -> httpx.Response:
        parts = [(name, (None, value)) for name, values in form.values.items() for value in values]
        uploads = [(name, (file.filename, file.content, file.media_type)) for name, file in files.items()]
        return self._follow("POST", form.action, files=[*parts, *uploads])

    def _follow(self, method: str, address: str, **content: object) -> httpx.Response:
        for _ in range(MOST_REDIRECTS):
            self._require_own_origin(address)
            answer = self._send(method, address, **content)
            self.visited.append(f"{method} {urlsplit(address).path} {answer.status_code}")
            if not answer.is_redirect:
                return answer
            address = urljoin(address, answer.headers["Location"])
            if answer.status_code not in {307, 308}:
                method, content = "GET", {}
        message = f"more than {MOST_REDIRECTS} redirects, last to {address}"
        raise UnexpectedAnswerError(message)

    def _send(self, method: str, address: str, **content: object) -> httpx.Response:
        headers = dict(content.pop("headers", {}) or {})  # type: ignore[call-overload]  # a mapping or nothing
        if self.page is not None:
            headers["Referer"] = self.page.url
        if method == "POST":
            headers["Origin"] = self.base_url
        return self._client.request(method, address, headers=headers, **content)  # type: ignore[arg-type]  # httpx's

    def _require_own_origin(self, address: str) -> None:
        if not f"{address}/".startswith(f"{self.base_url}/"):
            message = f"a redirect leads away from the hall, to {address}"
            raise UnexpectedAnswerError(message)

    def _shown(self, answer: httpx.Response, status: int) -> Page:
        self.page = parse(str(answer.url), answer.status_code, answer.text)
        if answer.status_code != status:
            raise UnexpectedAnswerError(_description(answer))
        return self.page


def _description(answer: httpx.Response) -> str:
    page = parse(str(answer.url), answer.status_code, answer.text)
    said = " ".join([page.title, *page.errors]).strip() or answer.text[:200]
    return f"{answer.request.method} {answer.url.path} answered {answer.status_code}: {said}"
